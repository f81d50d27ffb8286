/**
 * Adds `increment` to `sums[i]` with Neumaier's compensated summation, the rounding error going to `errors[i]`; the
 * total is their sum. An infinite sum carries no error (Prometheus: util/kahansum).
 */
export function kahanAdd(sums: Float64Array, errors: Float64Array, i: number, increment: number): void {
  const sum = sums[i]!;
  const total = sum + increment;
  if (total === Infinity || total === -Infinity) errors[i] = 0;
  else if (Math.abs(sum) >= Math.abs(increment)) errors[i]! += sum - total + increment;
  else errors[i]! += increment - total + sum;
  sums[i] = total;
}
