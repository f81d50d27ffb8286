/** One log line in logfmt, `key=value` with quotes where they are needed, ended by a line feed. */
export function toLogfmt(fields: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `${pairs.map(([key, value]) => `${key}=${textOf(value)}`).join(' ')}\n`;
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : plain(value);
  return text === '' || /[\s"=\\\p{C}]/u.test(text) ? JSON.stringify(text) : text;
}

/** Errors arrive as objects with a message, which says more than their members. */
function plain(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return JSON.stringify(value) ?? String(value);
}
