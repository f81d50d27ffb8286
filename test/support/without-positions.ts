/** A copy of a syntax tree with all positions set to 0, for comparing trees of different texts. */
export function withoutPositions<T>(tree: T): T {
  return strip(tree) as T;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isRange(inner) ? { start: 0, end: 0 } : strip(inner)]),
  );
}

function isRange(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}
