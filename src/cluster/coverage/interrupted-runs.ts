import { APART_INTERVALS } from '../../dedup/fill.ts';
import type { TargetRuns } from './target-runs.ts';

/** A target with more runs is none that was scraped steadily but for some interruptions. */
const MOST_RUNS = 8;
const PER_RUN = 3;

/** Runs of scrapes that succeeded, and between them times in which nothing was scraped; ms. */
export interface InterruptedRuns {
  /** First, last and interval of each run, one run after the other. */
  readonly runs: Float64Array;
  /** Of the last run. */
  readonly last: number;
  /** The longest interval. */
  readonly interval: number;
}

/**
 * The runs of a target up to a time, those before the range among them, since chunks reach back there; undefined where a scrape failed, the
 * target was taken away, or not all is known.
 */
export function interruptedRuns(runs: TargetRuns, maxTime: number): InterruptedRuns | undefined {
  if (runs.isUnknown) return undefined;
  let length = 0;
  while (length < runs.length && runs.firsts[length]! <= maxTime) length++;
  if (length === 0 || length > MOST_RUNS) return undefined;
  const found = new Float64Array(PER_RUN * length);
  let interval = 0;
  for (let i = 0; i < length; i++) {
    if (runs.scraped[i] === 0 || runs.ended[i] === 1) return undefined;
    found.set([runs.firsts[i]!, runs.lasts[i]!, runs.intervals[i]!], PER_RUN * i);
    interval = Math.max(interval, runs.intervals[i]!);
  }
  return { runs: found, last: runs.lasts[length - 1]!, interval };
}

/**
 * How many scrapes there were between two of them, both counted; times in ms. Scrapes come with a little jitter. The first run is taken to
 * begin, and the last to go on, beyond what is known.
 */
export function scrapesWithin(runs: Float64Array, from: number, to: number): number {
  let count = 0;
  for (let i = 0; i < runs.length; i += PER_RUN) {
    const interval = runs[i + 2]!;
    const first = i === 0 ? -Infinity : runs[i]!;
    const last = i + PER_RUN === runs.length ? Infinity : runs[i + 1]!;
    const apart = APART_INTERVALS * interval;
    if (first > to + apart || last < from - apart) continue;
    const length = Math.min(to, last) - Math.max(from, first);
    count += Math.max(0, Math.round(length / interval)) + 1;
  }
  return count;
}

/** When the run began that goes on at a time, or the next one behind it; ms. Infinity where there is none. */
export function firstScrapeFrom(runs: Float64Array, from: number): number {
  for (let i = 0; i < runs.length; i += PER_RUN) if (runs[i + 1]! >= from) return runs[i]!;
  return Infinity;
}

/** When the run ended that goes on at a time, or the one before it; ms. -Infinity where there is none. */
export function lastScrapeUntil(runs: Float64Array, to: number): number {
  for (let i = runs.length - PER_RUN; i >= 0; i -= PER_RUN) if (runs[i]! <= to) return runs[i + 1]!;
  return -Infinity;
}

/**
 * The time in a range around all interruptions, ms, from the scrape before the first one to that behind the last one. It is empty, and ends
 * before it begins, where there is none.
 */
export function interruption(
  runs: Float64Array,
  minTime: number,
  maxTime: number,
): { readonly from: number; readonly to: number } {
  let [from, to] = [Infinity, -Infinity];
  for (let i = PER_RUN; i < runs.length; i += PER_RUN) {
    const [before, behind] = [runs[i - 2]!, runs[i]!];
    if (behind <= minTime || before >= maxTime) continue;
    from = Math.min(from, before);
    to = behind;
  }
  return { from, to };
}
