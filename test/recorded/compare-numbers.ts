/** Relative error allowed: sums may be added up in another order than the server did. */
const EPSILON = 1e-9;

export function parseApiNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

/** Whether two numbers of answers, as text, are the same up to rounding. */
export function sameNumber(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  const [a, b] = [parseApiNumber(expected), parseApiNumber(actual)];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= EPSILON * Math.max(Math.abs(a), Math.abs(b));
}
