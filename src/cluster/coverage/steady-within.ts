import type { TimeRange } from '../../model/time-range.ts';
import { firstScrapeFrom, interruption, lastScrapeUntil } from './interrupted-runs.ts';
import type { SteadyTargets } from './steady-targets.ts';

/** The parts that were asked for last, since a dashboard asks for the same again and again: all of a range, and what lies beside an outage. */
const LAST = new WeakMap<SteadyTargets, readonly (TimeRange & { readonly found: SteadyTargets })[]>();
const MOST_LAST = 4;

/** What is known of a range for a part of it: targets with interruptions outside of it alone are steady there. Times in ms since the epoch. */
export function steadyWithin(steady: SteadyTargets, range: TimeRange): SteadyTargets {
  if (steady.interrupted.size === 0) return steady;
  const last = LAST.get(steady) ?? [];
  const known = last.find(({ minTime, maxTime }) => minTime === range.minTime && maxTime === range.maxTime);
  if (known !== undefined) return known.found;
  const found = makeWithin(steady, range);
  LAST.set(steady, [...last, { ...range, found }].slice(-MOST_LAST));
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
