/** Escapes what means something in a regular expression, so that it matches the text alone (Go `regexp.QuoteMeta`). */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
