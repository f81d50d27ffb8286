const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/** The upper bound that the `le` label of a classic bucket names; undefined where it is no number. */
export function bucketBound(le: string): number | undefined {
  if (DECIMAL.test(le)) return Number(le);
  const infinity = INFINITY.exec(le);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  return /^nan$/i.test(le) ? NaN : undefined;
}
