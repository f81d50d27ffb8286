import { parseDuration } from '../../model/duration.ts';
import { QueryError } from '../../model/errors.ts';
import { parseGoFloat } from '../../model/go-float.ts';
import { quote } from '../../model/quote.ts';

/** int64 nanoseconds, in ms. */
const MAX_MS = 2 ** 63 / 1e6;

/** A nanosecond; what is shorter is nothing. */
const MIN_MS = 1e-6;

/**
 * Reads float seconds or a Prometheus duration (`5m`, `1h30m`). Returns ms, which may be negative or a fraction. NaN
 * becomes the shortest duration of all, because Go makes it the smallest integer. Throws `bad_data` with Prometheus' sentence.
 */
export function parseDurationParameter(text: string): number {
  const seconds = parseGoFloat(text);
  if (seconds === undefined) return fromUnits(text);
  const ms = seconds * 1000;
  if (Number.isNaN(ms)) return -MAX_MS;
  if (Math.abs(ms) > MAX_MS) throw invalid(text, '. It overflows int64');
  return Math.abs(ms) < MIN_MS ? 0 : ms;
}

function fromUnits(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw invalid(text, '', error);
  }
}

function invalid(text: string, suffix = '', cause?: unknown): QueryError {
  return new QueryError('bad_data', `cannot parse ${quote(text)} to a valid duration${suffix}`, { cause });
}
