import { QueryError } from '../../../model/errors.ts';
import { formatShortest } from '../../../model/format-float.ts';
import { goMax, goMin } from '../../../model/go-math.ts';
import type { Pace } from '../../../model/pacer.ts';
import { eachPart } from '../../row-parts.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { invalidQuantile, invalidRatio } from '../remarks.ts';

/** Over all steps of an aggregation's parameter. */
export interface Extent {
  /** NaN where a step is NaN and no infinity hides it, as in Go; so is `max`. */
  readonly min: number;
  readonly max: number;
  readonly hasNaN: boolean;
}

/** Looks at every step, giving way on the way. */
export async function extentOf(parameter: Float64Array, pace: Pace): Promise<Extent> {
  let [min, max] = [Number.MAX_VALUE, -Number.MAX_VALUE];
  let isSame = parameter.length > 0;
  let hasNaN = false;
  await eachPart(parameter.length, pace, (from, to) => {
    for (let step = from; step < to; step++) {
      const value = parameter[step]!;
      isSame &&= value === parameter[0];
      hasNaN ||= value !== value;
      min = goMin(min, value);
      max = goMax(max, value);
    }
  });
  return isSame ? { min: parameter[0]!, max: parameter[0]!, hasNaN } : { min, max, hasNaN };
}

/** Warns of quantiles that no φ can be: NaN, the greatest above 1, the least below 0. */
export function checkQuantile({ min, max, hasNaN }: Extent, notes: KernelNotes): void {
  if (hasNaN) notes.warn(invalidQuantile(NaN));
  if (max > 1) notes.warn(invalidQuantile(max));
  if (min < 0) notes.warn(invalidQuantile(min));
}

/**
 * Looks at k of topk, bottomk and limitk.
 * @returns false where no step selects anything, so that the result is empty.
 * @throws QueryError of kind `execution` where a step's k is NaN or fits no int64.
 */
export function checkCount({ min, max, hasNaN }: Extent): boolean {
  if (max < 1) return false;
  if (hasNaN) throw new QueryError('execution', 'Parameter value is NaN');
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
export function checkRatio({ min, max, hasNaN }: Extent, notes: KernelNotes): boolean {
  if (max === 0 && min === 0) return false;
  if (hasNaN) throw new QueryError('execution', 'Ratio value is NaN');
  if (max > 1) notes.warn(invalidRatio(max, 1));
  if (min < -1) notes.warn(invalidRatio(min, -1));
  return true;
}
