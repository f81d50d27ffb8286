/**
 * What rounding lost in `next = sum + increment`, exactly, as long as all three are finite: the step of Neumaier's
 * variant of Kahan summation, by which Prometheus sums (util/kahansum). Loops over one column keep sum and loss in
 * locals, because a function cannot return two numbers without allocating:
 *
 *     const next = sum + x;
 *     lost += roundingError(sum, x, next);
 *     sum = next;
 *
 * Where the sum may have become infinite, the loss is void and {@link isInfinite} has to be asked in the end.
 */
export function roundingError(sum: number, increment: number, next: number): number {
  return Math.abs(sum) >= Math.abs(increment) ? sum - next + increment : increment - next + sum;
}

/**
 * The same error by Knuth's TwoSum: more operations, but no branch, because processors cannot predict which of two
 * numbers is larger. The error is not finite where a sum is not finite, or where a difference on the way overflows next
 * to the largest float64. Then the sum has to be computed again with {@link roundingError}.
 */
export function twoSumError(sum: number, increment: number, next: number): number {
  const added = next - sum;
  return sum - (next - added) + (increment - added);
}

/** The loss after one more step: as {@link roundingError} adds up, but 0 as soon as the sum is infinite. */
export function kahanLost(lost: number, sum: number, increment: number, next: number): number {
  return isInfinite(next) ? 0 : lost + roundingError(sum, increment, next);
}

export function isInfinite(value: number): boolean {
  return value > Number.MAX_VALUE || value < -Number.MAX_VALUE;
}

/** The same step for a column of sums: the error of each goes to `errors[i]`; the totals are their sums. */
export function kahanAdd(sums: Float64Array, errors: Float64Array, i: number, increment: number): void {
  const sum = sums[i]!;
  const next = sum + increment;
  if (isInfinite(next)) errors[i] = 0;
  else errors[i]! += roundingError(sum, increment, next);
  sums[i] = next;
}
