/** Times that have a year of four digits, ms since the epoch. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const FIRST_MS = Date.UTC(1000, 0, 1);

/**
 * `2026-11-23 07:43:13.250` in UTC, without the fraction where there is none. Ranges of Prometheus reach further than its
 * calendar is written: such times come as ms since the epoch, `-9223372036854775 ms`.
 */
export function timeText(ms: number): string {
  if (ms < FIRST_MS || ms > LAST_MS) return `${ms} ms`;
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
}
