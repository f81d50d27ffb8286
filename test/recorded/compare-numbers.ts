/** Relative error allowed: sums may be added up in another order than the server did. */
const EPSILON = 1e-9;

export function parseApiNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

/** Whether two numbers of answers, as text, are the same up to rounding; `epsilon` is relative, and with 0 every bit counts. */
export function sameNumber(expected: string, actual: string, epsilon: number = EPSILON): boolean {
  if (expected === actual) return true;
  if (epsilon === 0) return false;
  const [a, b] = [parseApiNumber(expected), parseApiNumber(actual)];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= epsilon * Math.max(Math.abs(a), Math.abs(b));
}
