const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);

/** What Go's `unicode.IsPrint` accepts: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const PLAIN_ASCII = /^[ !#-[\]-~]*$/;

/** Quotes a string as Go's `strconv.Quote` does, which is how Prometheus prints values, names and texts. */
export function quote(text: string): string {
  return PLAIN_ASCII.test(text) ? `"${text}"` : quoteWith(text, '"');
}

/** Quotes one character as Go's `%q` does for a rune: `'x'`. */
export function quoteRune(rune: string): string {
  return quoteWith(rune, "'");
}

export function isPrintable(rune: string): boolean {
  return PRINTABLE.test(rune);
}

function quoteWith(text: string, mark: '"' | "'"): string {
  let quoted = mark as string;
  for (const rune of text) quoted += escapeRune(rune, mark);
  return quoted + mark;
}

function escapeRune(rune: string, mark: string): string {
  if (rune === mark || rune === '\\') return `\\${rune}`;
  if (isPrintable(rune)) return rune;
  const code = rune.codePointAt(0)!;
  const short = SHORT_ESCAPES.get(code);
  if (short !== undefined) return short;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  // A stray byte of a string literal, see promql/literal/unquote.ts.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
