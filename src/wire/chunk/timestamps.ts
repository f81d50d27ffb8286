import { ChunkFormatError } from './chunk-format-error.ts';

/**
 * Checks one timestamp (ms) of a chunk against its predecessor: whole milliseconds that a float64 holds exactly,
 * strictly ascending, because the columns promise both.
 */
export function checkTime(time: number, previous: number): void {
  if (!Number.isSafeInteger(time)) throw new ChunkFormatError(timeOutOfRange());
  if (time <= previous) throw new ChunkFormatError(timesNotAscending());
}

export function timeOutOfRange(): string {
  return 'a chunk holds a timestamp beyond 2^53 ms';
}

export function timesNotAscending(): string {
  return 'a chunk holds timestamps that do not ascend';
}
