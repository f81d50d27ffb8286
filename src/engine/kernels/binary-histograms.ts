import { type Combined, addHistograms, subtractHistograms } from '../../model/histogram/combine.ts';
import { compactHistogram } from '../../model/histogram/compact.ts';
import { histogramsEqual } from '../../model/histogram/equals.ts';
import { type FloatHistogram, ResetHint } from '../../model/histogram/float-histogram.ts';
import { divideHistogram, multiplyHistogram } from '../../model/histogram/scale.ts';
import { trimBuckets } from '../../model/histogram/trim.ts';
import type { ArithmeticOp, ComparisonOp, TrimOp } from '../../promql/ast.ts';
import {
  type HistogramOperation,
  counterResetCollision,
  incompatibleBucketLayout,
  incompatibleTypes,
  mismatchedCustomBuckets,
} from './remarks.ts';

/** What may be remarked on one step. Notes that do not tell steps apart, such as `KernelNotes`, fit as well. */
export interface StepNotes {
  warn(message: string, step: number): void;
  info(message: string, step: number): void;
}

export type ElementOp = ArithmeticOp | ComparisonOp | TrimOp;

/** A histogram, the outcome of a comparison, or undefined where there is no result (a remark says why). */
type Outcome = FloatHistogram | boolean | undefined;

/** A binary operation of two histograms. */
export function ofHistograms(
  op: ElementOp,
  a: FloatHistogram,
  b: FloatHistogram,
  notes: StepNotes,
  step: number,
): Outcome {
  switch (op) {
    case '+':
      return combined(op, addHistograms(a, b), 'addition', notes, step);
    case '-': {
      const difference = combined(op, subtractHistograms(a, b), 'subtraction', notes, step);
      return difference && { ...difference, resetHint: ResetHint.gauge };
    }
    // Both expect that empty buckets do not matter.
    case '==':
      return histogramsEqual(a, b);
    case '!=':
      return !histogramsEqual(a, b);
    default:
      notes.info(incompatibleTypes('histogram', op, 'histogram'), step);
      return undefined;
  }
}

function combined(
  op: ElementOp,
  result: Combined | undefined,
  operation: HistogramOperation,
  notes: StepNotes,
  step: number,
): FloatHistogram | undefined {
  if (result === undefined) {
    notes.warn(incompatibleBucketLayout(op), step);
    return undefined;
  }
  // Prometheus gives no result of histograms that contradict each other on a reset, only the warning.
  if (result.resetCollision) {
    notes.warn(counterResetCollision(operation), step);
    return undefined;
  }
  if (result.boundsReconciled) notes.info(mismatchedCustomBuckets(operation), step);
  return compactHistogram(result.histogram);
}

/** A binary operation of a histogram and a number behind it. */
export function ofHistogramAndFloat(
  op: ElementOp,
  h: FloatHistogram,
  x: number,
  notes: StepNotes,
  step: number,
): Outcome {
  switch (op) {
    case '*':
      return compactHistogram(multiplyHistogram(h, x));
    case '/':
      return compactHistogram(divideHistogram(h, x));
    case '</':
      return trimBuckets(h, x, 'below');
    case '>/':
      return trimBuckets(h, x, 'above');
    default:
      notes.info(incompatibleTypes('histogram', op, 'float'), step);
      return undefined;
  }
}

/** A binary operation of a number and a histogram behind it. */
export function ofFloatAndHistogram(
  op: ElementOp,
  x: number,
  h: FloatHistogram,
  notes: StepNotes,
  step: number,
): Outcome {
  if (op === '*') return compactHistogram(multiplyHistogram(h, x));
  notes.info(incompatibleTypes('float', op, 'histogram'), step);
  return undefined;
}
