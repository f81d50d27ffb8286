/** In which place of a query a name is written: by itself, or in quotes. */
export type Place = 'bare' | '"' | "'" | '`';

/** A metric as a query names it. One whose name is no word needs braces around it. */
export function metricText(name: string, place: Place): string | undefined {
  if (place !== 'bare') return quotedText(name, place);
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : `{"${quotedText(name, '"')}"}`;
}

/** The name of a label as a matcher or a grouping names it. */
export function labelText(name: string, place: Place): string | undefined {
  if (place !== 'bare') return quotedText(name, place);
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : `"${quotedText(name, '"')}"`;
}

/** A value between quotes. A pattern has it as a text: only what would not match itself is escaped, so most values stay readable. */
export function valueText(value: string, place: Place, isPattern: boolean): string | undefined {
  return quotedText(isPattern ? value.replaceAll(/[\\+*?()[\]{}|^$]/g, String.raw`\$&`) : value, place);
}

/** What would be read as an end or an escape, or would not be seen, or would turn round what stands beside it. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\\"'\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text between quotes; undefined where these cannot hold it. */
function quotedText(text: string, place: Place): string | undefined {
  if (place === '`') return text.includes('`') ? undefined : text;
  return text.replaceAll(ESCAPED, (character) => {
    if (character === '\\') return '\\\\';
    if (character === '"' || character === "'") return character === place ? `\\${character}` : character;
    return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  });
}
