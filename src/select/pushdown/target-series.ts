import type { SteadyTargets } from '../../cluster/coverage/steady-targets.ts';
import { LIVE_INTERVALS } from '../../cluster/coverage/target-holes.ts';

/** How many series targets have, by their numbers. */
type Series = ReadonlyMap<number, number>;

/** How many series have samples since a time, ms since the epoch. Each is whole, so it ends with its target. */
export function seriesSince(steady: SteadyTargets, series: Series, time: number): number {
  let count = 0;
  for (const [target, own] of series) if (!isOver(steady, target, time)) count += own;
  return count;
}

/**
 * The series of each target by two looks at them, of which the second reaches a little into the first. Undefined where a target has fewer
 * than before: they ended without it.
 * @param from when the second look begins, ms since the epoch.
 */
export function joinSeries(
  first: Series | undefined,
  second: Series,
  steady: SteadyTargets,
  from: number,
): Series | undefined {
  const series = new Map(second);
  for (const [target, count] of first ?? [])
    if (isOver(steady, target, from)) series.set(target, count);
    else if ((second.get(target) ?? 0) < count) return undefined;
  return series;
}

/** Whether a target ended before a time. One that goes on may have scrapes that are not known yet. */
function isOver({ intervals, lasts, until }: SteadyTargets, target: number, time: number): boolean {
  const last = lasts[target] ?? -Infinity;
  return last < until - LIVE_INTERVALS * (intervals[target] ?? 0) && last < time;
}
