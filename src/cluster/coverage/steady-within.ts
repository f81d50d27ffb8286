import type { TimeRange } from '../../model/time-range.ts';
import { firstScrapeFrom, interruption, lastScrapeUntil } from './interrupted-runs.ts';
import type { SteadyTargets } from './steady-targets.ts';

/** The part that was asked for last, since a dashboard asks for the same again and again. */
const LAST = new WeakMap<SteadyTargets, TimeRange & { readonly found: SteadyTargets }>();

/** What is known of a range for a part of it: targets with interruptions outside of it alone are steady there. Times in ms since the epoch. */
export function steadyWithin(steady: SteadyTargets, range: TimeRange): SteadyTargets {
  if (steady.interrupted.size === 0) return steady;
  const last = LAST.get(steady);
  if (last?.minTime === range.minTime && last.maxTime === range.maxTime) return last.found;
  const found = makeWithin(steady, range);
  LAST.set(steady, { ...range, found });
  return found;
}

function makeWithin(steady: SteadyTargets, { minTime, maxTime }: TimeRange): SteadyTargets {
  const isWhole = (runs: Float64Array): boolean => {
    const { from, to } = interruption(runs, minTime, maxTime);
    return to < from && firstScrapeFrom(runs, minTime) <= lastScrapeUntil(runs, maxTime);
  };
  const whole = [...steady.interrupted].filter(([, { runs }]) => isWhole(runs));
  if (whole.length === 0) return steady;
  const found = {
    ...steady,
    intervals: steady.intervals.slice(),
    firsts: steady.firsts.slice(),
    lasts: steady.lasts.slice(),
    leads: steady.leads.slice(),
    tails: steady.tails.slice(),
  };
  for (const [target, { runs, interval, first, last, lead, tail }] of whole) {
    const [begin, end] = [firstScrapeFrom(runs, minTime), lastScrapeUntil(runs, maxTime)];
    found.intervals[target] = interval;
    found.firsts[target] = begin;
    found.lasts[target] = end;
    found.leads[target] = begin === first ? lead : 0;
    found.tails[target] = end === last ? tail : 0;
  }
  const isSteady = new Set(whole.map(([target]) => target));
  return { ...found, others: steady.others.filter((target) => !isSteady.has(target)) };
}
