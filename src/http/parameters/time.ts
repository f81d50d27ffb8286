import { parseGoFloat } from '../../model/go-float.ts';
import { quote } from '../../model/quote.ts';
import { QueryError } from '../../model/errors.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';

/** How Prometheus writes its own widest range, in years that RFC 3339 does not know. */
const MIN_TIME_TEXT = '-292273086-05-16T16:47:06Z';
const MAX_TIME_TEXT = '292277025-08-18T07:12:54.999999999Z';

/**
 * Reads a time as Prometheus does: float seconds since the epoch (rounded to ms) or RFC 3339. Returns ms since the
 * epoch, cut to [MIN_TIME, MAX_TIME]. Throws `bad_data` with Prometheus' sentence. NaN and infinities are no times here,
 * although Prometheus takes them.
 */
export function parseTime(text: string): number {
  const seconds = parseGoFloat(text);
  const ms = seconds === undefined ? parseRfc3339(text) : fromSeconds(seconds);
  if (ms !== undefined && !Number.isNaN(ms)) return Math.min(Math.max(ms, MIN_TIME), MAX_TIME);
  if (text === MIN_TIME_TEXT) return MIN_TIME;
  if (text === MAX_TIME_TEXT) return MAX_TIME;
  throw new QueryError('bad_data', `cannot parse ${quote(text)} to a valid timestamp`);
}

/** Undefined for NaN and infinities. The fraction is rounded alone, as there, before it becomes milliseconds. */
function fromSeconds(seconds: number): number | undefined {
  if (!Number.isFinite(seconds)) return undefined;
  const whole = Math.trunc(seconds);
  const fraction = seconds - whole;
  // Go's math.Round goes away from zero at halves; Math.round goes up.
  const ms = Math.sign(fraction) * Math.round(Math.abs(fraction) * 1000);
  return whole * 1000 + ms;
}

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an RFC 3339 time into ms since the epoch, and cuts off what is finer. Undefined where the text is none. Like Go's
 * time.Parse, it takes an hour of one digit and a decimal comma, and refuses 30 February and hour 24.
 */
function parseRfc3339(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 24 || offsetMinute > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -60_000 : 60_000);
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return date.setUTCHours(hour, minute, second) + ms - offset;
}

type Six = [number, number, number, number, number, number];
