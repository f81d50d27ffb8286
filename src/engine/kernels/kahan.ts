/**
 * One step of Neumaier's variant of Kahan summation, as Prometheus adds (util/kahansum): with `next = sum + increment`
 * it gives the new compensation, the part of the addition that rounding lost so far. Loops over one column keep both
 * in locals, because a function can not return two numbers without allocating; sums in columns take `model/kahan.ts`.
 *
 *     const next = sum + x;
 *     lost = kahanLost(lost, sum, x, next);
 *     sum = next;
 */
export function kahanLost(lost: number, sum: number, increment: number, next: number): number {
  if (next > Number.MAX_VALUE || next < -Number.MAX_VALUE) return 0;
  if (Math.abs(sum) >= Math.abs(increment)) return lost + (sum - next + increment);
  return lost + (increment - next + sum);
}

export function isInfinite(value: number): boolean {
  return value > Number.MAX_VALUE || value < -Number.MAX_VALUE;
}
