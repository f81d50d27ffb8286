const SHORT: Readonly<Record<string, string>> = {
  '"': String.raw`\"`,
  '\\': String.raw`\\`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** JSON asks to escape quotes, backslashes and control characters. */
// oxlint-disable-next-line no-control-regex
const PLAIN_SPECIAL = /["\\\u0000-\u001f]/g;
// oxlint-disable-next-line no-control-regex
const HAS_PLAIN_SPECIAL = /["\\\u0000-\u001f]/;
/** Go's encoders also escape what could end a script element or a line of JavaScript. */
// oxlint-disable-next-line no-control-regex
const HTML_SPECIAL = /["\\<>&\u0000-\u001f\u2028\u2029]/g;

/** A JSON string as Prometheus writes names and values of labels in `metric` objects: nothing escaped for HTML. */
export function encodeLabelText(text: string): string {
  // Nearly no label has such a character, and to look for one is much faster than to replace none.
  return HAS_PLAIN_SPECIAL.test(text) ? `"${text.replace(PLAIN_SPECIAL, escaped)}"` : `"${text}"`;
}

/** A JSON string as Prometheus writes all others. It escapes `<`, `>`, `&`, U+2028 and U+2029 as well. */
export function encodeString(text: string): string {
  return `"${text.replace(HTML_SPECIAL, escaped)}"`;
}

function escaped(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `{"__name__":"up","job":"demo"}` of flat names and values, in their order. For label sets that is Prometheus' order. */
export function encodeLabels(labels: readonly string[]): string {
  let text = '{';
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) text += ',';
    text += `${encodeLabelText(labels[i]!)}:${encodeLabelText(labels[i + 1]!)}`;
  }
  return `${text}}`;
}
