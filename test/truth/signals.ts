import type { Random } from './random.ts';
import { between } from './random.ts';

/** The true value of a series at every time (ms since the epoch), as a target would report it when asked then. */
export type Signal = (t: number) => number;

/** When a process started, ms: counters begin anew then. */
export type Starts = readonly number[];

const HOUR = 3_600_000;

/** Process starts over the given time, 5 to 11 hours apart, the first of them before it. */
export function processStarts(random: Random, from: number, to: number): Starts {
  const starts: number[] = [];
  for (let at = from - between(random, 0, 8 * HOUR); at < to; at += between(random, 5 * HOUR, 11 * HOUR))
    starts.push(at);
  return starts;
}

/**
 * A counter of whole events, 1 to 21 a second times `share`, faster and slower by turns, from zero at each start of the
 * process.
 */
export function counter(random: Random, starts: Starts, share = 1): Signal {
  const rate = (between(random, 1, 21) / 1000) * share;
  const period = between(random, 10, 60) * 60_000;
  const swing = between(random, 0.1, 0.5);
  const phase = between(random, 0, 2 * Math.PI);
  const events = (t: number): number =>
    rate * (t - (swing * period * Math.cos((2 * Math.PI * t) / period + phase)) / (2 * Math.PI));
  const offsets = starts.map((start) => events(start));
  return (t) => {
    const current = startIndex(starts, t);
    return Math.floor(events(t) - offsets[current]!);
  };
}

/** Shares of eleven buckets, most of the observations in the middle; the 90th percentile is inside of the eighth. */
const BUCKET_SHARES = [0.01, 0.04, 0.1, 0.18, 0.22, 0.17, 0.11, 0.1, 0.04, 0.02, 0.01];

/** The observations in each bucket of a histogram, lowest first, each faster and slower by turns of its own. */
export function bucketCounters(random: Random, starts: Starts): readonly Signal[] {
  return BUCKET_SHARES.map((share) => counter(random, starts, share));
}

/** A gauge of two sines, with two decimals. */
export function gauge(random: Random): Signal {
  const base = between(random, 100, 1000);
  const slow = between(random, 30, 120) * 60_000;
  const fast = between(random, 2, 10) * 60_000;
  const phase = between(random, 0, 2 * Math.PI);
  return (t) => {
    const value =
      base *
      (1 + 0.3 * Math.sin((2 * Math.PI * t) / slow + phase) + 0.1 * Math.sin((2 * Math.PI * t) / fast));
    return Math.round(value * 100) / 100;
  };
}

/** Index of the process that runs at time `t`. */
function startIndex(starts: Starts, t: number): number {
  let at = 0;
  while (at + 1 < starts.length && starts[at + 1]! <= t) at++;
  return at;
}
