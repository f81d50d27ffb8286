const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** Quotes text as Go's `%q`, which Prometheus uses for names in its remarks. */
export function goQuote(text: string): string {
  if (/^[\w:.-]*$/.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const char of text) quoted += ESCAPES[char] ?? escaped(char);
  return `${quoted}"`;
}

function escaped(char: string): string {
  if (PRINTABLE.test(char)) return char;
  const code = char.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
