import { QueryError } from './errors.ts';

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['y', 365 * 24 * 3600 * 1000],
  ['w', 7 * 24 * 3600 * 1000],
  ['d', 24 * 3600 * 1000],
  ['h', 3600 * 1000],
  ['m', 60 * 1000],
  ['s', 1000],
  ['ms', 1],
];

const PATTERN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Largest duration of Prometheus: int64 nanoseconds. */
const MAX_MS = 2 ** 63 / 1e6;

/**
 * Parses a duration as Prometheus writes it: `5m`, `1h30m`, `0`; units y w d h m s ms in this order.
 * Returns milliseconds. Throws `bad_data` with the messages of prometheus/common `model.ParseDuration`.
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  if (text === '') throw new QueryError('bad_data', 'empty duration string');
  const match = PATTERN.exec(text);
  if (match === null)
    throw new QueryError('bad_data', `not a valid duration string: ${JSON.stringify(text)}`);
  const total = UNITS.reduce((sum, [, ms], i) => sum + Number(match[i + 1] ?? 0) * ms, 0);
  if (total >= MAX_MS) throw new QueryError('bad_data', 'duration out of range');
  return total;
}

/** Prints milliseconds as Prometheus does: `90000` as `1m30s`; years and weeks only where they fit exactly. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.abs(ms);
  let text = ms < 0 ? '-' : '';
  for (const [unit, size] of UNITS) {
    const exactOnly = unit === 'y' || unit === 'w';
    if (exactOnly && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
