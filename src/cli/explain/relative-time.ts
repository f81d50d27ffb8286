import { parseDuration } from '../../model/duration.ts';
import { QueryError } from '../../model/errors.ts';

const RELATIVE = /^(?:now)?(?:(?<sign>[+-])(?<duration>\d+[a-z][0-9a-z]*))?$/;

/**
 * A time of a flag as the API takes it: `now`, `now-1h` and `-1h` become seconds since the epoch, all others stay. `now` in ms
 * since the epoch. Throws `bad_data` where the duration is none.
 */
export function absoluteTime(flag: string, text: string, now: number): string {
  const groups = text === '' ? undefined : RELATIVE.exec(text)?.groups;
  if (groups === undefined) return text;
  const { sign, duration } = groups;
  if (duration === undefined) return String(now / 1000);
  try {
    return String((sign === '-' ? now - parseDuration(duration) : now + parseDuration(duration)) / 1000);
  } catch (thrown) {
    throw new QueryError(
      'bad_data',
      `--${flag}=${text} is no time; write for example now, -90m or now-1h30m`,
      {
        cause: thrown,
      },
    );
  }
}
