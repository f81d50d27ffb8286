import type { SteadyTargets } from '../../cluster/coverage/steady-targets.ts';
import { LIVE_INTERVALS } from '../../cluster/coverage/target-holes.ts';

/** How many series targets have, by their numbers. */
type Series = ReadonlyMap<number, number>;

/**
 * Whether targets have as many series as before, but for those that ended before a time, ms since the epoch: each series is whole, so it
 * ends with its target.
 * @param before by number of the target.
 */
export function hasAsMany(
  steady: SteadyTargets,
  series: Series,
  before: Uint32Array,
  isWanted: (target: number) => boolean,
  time: number,
): boolean {
  return before.every(
    (count, target) =>
      count <= (series.get(target) ?? 0) || !isWanted(target) || isOver(steady, target, time),
  );
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
