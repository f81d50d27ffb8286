const NEWLINE = 0x0a;

/**
 * Prints a UTF-16 offset of `query` as Prometheus does: `line:column`, both from 1, the column counted in bytes of
 * UTF-8. An empty query has no positions.
 */
export function formatPosition(query: string, offset: number): string {
  if (query === '') return 'unknown position';
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < offset; i++) {
    if (query.charCodeAt(i) !== NEWLINE) continue;
    line++;
    lineStart = i + 1;
  }
  return `${line}:${Buffer.byteLength(query.slice(lineStart, offset)) + 1}`;
}
