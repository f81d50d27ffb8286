import { bug } from '../../model/errors.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { StepKind, type StepRow } from '../step-row.ts';
import { ARITHMETIC, COMPARISONS, isComparison } from './binary-floats.ts';
import {
  type ElementOp,
  type StepNotes,
  ofFloatAndHistogram,
  ofHistogramAndFloat,
  ofHistograms,
} from './binary-histograms.ts';
import { incompatibleTypes } from './remarks.ts';

/**
 * A binary operation of two rows, step by step; steps where either side is absent stay untouched. `out` comes cleared
 * and is neither of the two. A scalar takes part as a row of floats.
 */
export type BinaryKernel = (left: StepRow, right: StepRow, out: StepRow, notes: StepNotes) => void;

export interface BinaryShape {
  readonly op: ElementOp;
  /** Comparisons give 1 or 0 instead of filtering. */
  readonly returnBool: boolean;
  /** Whose samples a filter shows: the left side's, or the right side's where the left is a scalar. */
  readonly shows: 'left' | 'right';
}

export function binaryKernel(shape: BinaryShape): BinaryKernel {
  const { op } = shape;
  const floats = isComparison(op)
    ? comparisonOfFloats(COMPARISONS[op], shape)
    : op === '</' || op === '>/'
      ? trimOfFloats(op)
      : arithmeticOfFloats(ARITHMETIC[op]);
  return (left, right, out, notes) => {
    floats(left, right, out, notes);
    if (left.h !== undefined || right.h !== undefined) withHistograms(shape, left, right, out, notes);
  };
}

function arithmeticOfFloats(f: (a: number, b: number) => number): BinaryKernel {
  return (left, right, out) => {
    for (let step = 0; step < out.length; step++) {
      if (left.kind[step] !== StepKind.float || right.kind[step] !== StepKind.float) continue;
      out.setFloat(step, f(left.v[step]!, right.v[step]!));
    }
  };
}

function comparisonOfFloats(compare: (a: number, b: number) => boolean, shape: BinaryShape): BinaryKernel {
  const { returnBool, shows } = shape;
  return (left, right, out) => {
    const shown = shows === 'left' ? left.v : right.v;
    for (let step = 0; step < out.length; step++) {
      if (left.kind[step] !== StepKind.float || right.kind[step] !== StepKind.float) continue;
      const holds = compare(left.v[step]!, right.v[step]!);
      if (returnBool) out.setFloat(step, holds ? 1 : 0);
      else if (holds) out.setFloat(step, shown[step]!);
    }
  };
}

function trimOfFloats(op: ElementOp): BinaryKernel {
  return (left, right, out, notes) => {
    for (let step = 0; step < out.length; step++) {
      if (left.kind[step] !== StepKind.float || right.kind[step] !== StepKind.float) continue;
      notes.info(incompatibleTypes('float', op, 'float'), step);
    }
  };
}

/** The steps where at least one side is a histogram. */
function withHistograms(
  shape: BinaryShape,
  left: StepRow,
  right: StepRow,
  out: StepRow,
  notes: StepNotes,
): void {
  const { op, returnBool, shows } = shape;
  for (let step = 0; step < out.length; step++) {
    const outcome = outcomeAt(op, left, right, step, notes);
    if (outcome === undefined) continue;
    if (typeof outcome === 'object') out.setHistogram(step, outcome);
    else if (returnBool) out.setFloat(step, outcome ? 1 : 0);
    else if (outcome) out.setHistogram(step, histogramAt(shows === 'left' ? left : right, step));
  }
}

function outcomeAt(
  op: ElementOp,
  left: StepRow,
  right: StepRow,
  step: number,
  notes: StepNotes,
): ReturnType<typeof ofHistograms> {
  const kinds = left.kind[step]! * 3 + right.kind[step]!;
  switch (kinds) {
    case StepKind.histogram * 3 + StepKind.histogram:
      return ofHistograms(op, histogramAt(left, step), histogramAt(right, step), notes, step);
    case StepKind.histogram * 3 + StepKind.float:
      return ofHistogramAndFloat(op, histogramAt(left, step), right.v[step]!, notes, step);
    case StepKind.float * 3 + StepKind.histogram:
      return ofFloatAndHistogram(op, left.v[step]!, histogramAt(right, step), notes, step);
    default:
      return undefined;
  }
}

function histogramAt(row: StepRow, step: number): FloatHistogram {
  return row.h?.at(step) ?? bug(`step ${step} says histogram and has none`);
}
