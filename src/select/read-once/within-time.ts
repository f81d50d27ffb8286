import { afterOwnTime, type Lateness } from '../../model/lateness.ts';
import type { Timers } from '../../model/timers.ts';

/** The value of a promise, if it comes in so many ms in which this process could listen. */
export async function withinTime<T>(
  { timers, lateness }: { readonly timers: Timers; readonly lateness: Lateness },
  ms: number,
  promise: Promise<T>,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const cancel = afterOwnTime(timers, lateness, { ms, most: Infinity }, () => late.resolve(undefined));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}
