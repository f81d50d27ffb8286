/** Most characters of a server's text in one message. */
const MOST_TEXT = 200;

/**
 * What a server wrote, fit for a message or a log line: one line without control or formatting characters, of a bounded length.
 * Servers may lie, and what they send is not for every caller to see.
 */
export function oneLine(text: string, most: number = MOST_TEXT): string {
  // Enough for the result, so that a text of megabytes costs no more than a short one.
  const head = text.slice(0, 4 * most).toWellFormed();
  const line = head.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > most || text.length > 4 * most ? `${line.slice(0, most).toWellFormed()}…` : line;
}
