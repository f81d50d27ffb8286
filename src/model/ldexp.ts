/** fraction × 2^exponent, rounded once: the power alone may lie outside of float64's range where the product does not. */
export function ldexp(fraction: number, exponent: number): number {
  if (exponent > 1023) return fraction * 2 * 2 ** (exponent - 1);
  if (exponent < -1021) return fraction * 2 ** (exponent + 60) * 2 ** -60;
  return fraction * 2 ** exponent;
}
