const META = /[\\.+*?()|[\]{}^$]/;
const ESCAPED_PUNCTUATION = /\\([!-/:-@[-`{-~])/g;

/** The text that a pattern without operators stands for (`a\.b` is `a.b`); undefined where it has operators. */
export function literalText(pattern: string): string | undefined {
  if (!META.test(pattern)) return pattern;
  const rest = pattern.replace(ESCAPED_PUNCTUATION, '');
  return META.test(rest) ? undefined : pattern.replace(ESCAPED_PUNCTUATION, '$1');
}
