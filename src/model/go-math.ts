/**
 * Where Go's math package, on which PromQL stands, differs from JavaScript's: 1 to any power and ±1 to an infinite
 * power are 1, an infinity wins over NaN in Max and Min, and Atan2 divides first. `%` needs nothing: it is Go's Mod.
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

/** The angle of a point whose coordinates are both negative has the wrong sign where y / x is too small for a float64. */
export function goAtan2(y: number, x: number): number {
  if (y < 0 && x < 0 && x !== -Infinity && y / x === 0) return Math.PI;
  return Math.atan2(y, x);
}
