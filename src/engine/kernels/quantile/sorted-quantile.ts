/**
 * The φ-quantile of numbers in ascending order, interpolated between the two nearest ranks (Prometheus `quantile`).
 *
 * @param sorted its first `count` numbers ascend; NaNs are not among them but count as smaller than all.
 * @param nans how many NaNs there are besides.
 * @returns NaN for no numbers or a NaN `q`, -Inf below 0, +Inf above 1.
 */
export function sortedQuantile(q: number, sorted: Float64Array, count: number, nans: number): number {
  const n = count + nans;
  if (n === 0 || q !== q) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const rank = q * (n - 1);
  const floor = Math.floor(rank);
  const lower = Math.max(0, floor);
  const upper = Math.min(n - 1, lower + 1);
  if (lower < nans) return NaN;
  const weight = rank - floor;
  return sorted[lower - nans]! * (1 - weight) + sorted[upper - nans]! * weight;
}

export function isInvalidQuantile(q: number): boolean {
  return q !== q || q < 0 || q > 1;
}
