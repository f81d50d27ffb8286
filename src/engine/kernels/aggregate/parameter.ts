import { QueryError } from '../../../model/errors.ts';
import { formatShortest } from '../../../model/format-float.ts';
import { goMax, goMin } from '../../../model/go-math.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { invalidQuantile, invalidRatio } from '../remarks.ts';

/** Over all steps of an aggregation's parameter; NaN where one is NaN and no infinity hides it, as in Go. */
interface Extent {
  readonly min: number;
  readonly max: number;
}

function extentOf(parameter: Float64Array): Extent {
  let [min, max] = [Number.MAX_VALUE, -Number.MAX_VALUE];
  if (parameter.length > 0 && parameter.every((value) => value === parameter[0])) {
    return { min: parameter[0]!, max: parameter[0]! };
  }
  for (const value of parameter) {
    min = goMin(min, value);
    max = goMax(max, value);
  }
  return { min, max };
}

/** Warns of quantiles that no φ can be: NaN, the greatest above 1, the least below 0. */
export function checkQuantile(parameter: Float64Array, notes: KernelNotes): void {
  const { min, max } = extentOf(parameter);
  if (parameter.some(Number.isNaN)) notes.warn(invalidQuantile(NaN));
  if (max > 1) notes.warn(invalidQuantile(max));
  if (min < 0) notes.warn(invalidQuantile(min));
}

/**
 * Looks at k of topk, bottomk and limitk.
 * @returns false where no step selects anything, so that the result is empty.
 * @throws QueryError of kind `execution` where a step's k is NaN or fits no int64.
 */
export function checkCount(parameter: Float64Array): boolean {
  const { min, max } = extentOf(parameter);
  if (max < 1) return false;
  if (parameter.some(Number.isNaN)) throw new QueryError('execution', 'Parameter value is NaN');
  if (min <= -(2 ** 63)) {
    throw new QueryError('execution', `Scalar value ${formatShortest(min)} underflows int64`);
  }
  if (max >= 2 ** 63) {
    throw new QueryError('execution', `Scalar value ${formatShortest(max)} overflows int64`);
  }
  return true;
}

/**
 * Looks at r of limit_ratio, and warns where it is beyond ±1, which counts as ±1.
 * @returns false where no step selects anything.
 * @throws QueryError of kind `execution` where a step's r is NaN.
 */
export function checkRatio(parameter: Float64Array, notes: KernelNotes): boolean {
  const { min, max } = extentOf(parameter);
  if (max === 0 && min === 0) return false;
  if (parameter.some(Number.isNaN)) throw new QueryError('execution', 'Ratio value is NaN');
  if (max > 1) notes.warn(invalidRatio(max, 1));
  if (min < -1) notes.warn(invalidRatio(min, -1));
  return true;
}
