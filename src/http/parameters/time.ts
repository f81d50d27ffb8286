import { parseGoFloat } from '../../model/go-float.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { quote } from '../../model/quote.ts';
import { QueryError } from '../../model/errors.ts';
import { MAX_TIME, MIN_TIME } from '../../model/time-range.ts';

/** How Prometheus writes its own widest range, in years that RFC 3339 does not know. */
const MIN_TIME_TEXT = '-292273086-05-16T16:47:06Z';
const MAX_TIME_TEXT = '292277025-08-18T07:12:54.999999999Z';

/**
 * Reads a time as Prometheus does: float seconds since the epoch (rounded to ms) or RFC 3339. Returns ms since the
 * epoch, cut to [MIN_TIME, MAX_TIME]. Throws `bad_data` with Prometheus' sentence; other than there, NaN and
 * infinities are no times.
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
