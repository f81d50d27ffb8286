/** A key of a mapping of YAML, as its library has it. */
interface Key {
  readonly value: unknown;
  /** Where it begins in the text, and more. */
  readonly range?: readonly number[] | null | undefined;
}

/**
 * Where keys stand of which the same mapping has an equal one in front. The library compares each key with all in front of it, which
 * takes time by the square of their number, so it is told not to look (`uniqueKeys: false`).
 */
export function repeatedKeys(keys: Iterable<Key>): readonly number[] {
  const seen = new Set<unknown>();
  const repeated: number[] = [];
  for (const { value, range } of keys) {
    if (seen.has(value)) repeated.push(range?.[0] ?? 0);
    seen.add(value);
  }
  return repeated;
}
