/**
 * Where Go's math package, on which PromQL stands, differs from JavaScript's: 1 to any power and ±1 to an infinite
 * power are 1, and an infinity wins over NaN in Max and Min. `%` needs nothing: it is Go's Mod.
 */
export function goPow(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && (exponent === Infinity || exponent === -Infinity)) return 1;
  return base ** exponent;
}

export function goMax(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

export function goMin(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}
