import type { Pace } from '../../model/pacer.ts';
import { OUTAGE_SCRAPES } from './compare-replicas.ts';
import type { TargetRuns } from './target-runs.ts';
import { WindowRuns, type ReplicaWindow } from './window-runs.ts';

/** Targets that others had given up by the time that the endpoint which scraped them was read last. */
export interface GivenUp {
  readonly targets: number;
  /** When the first of them was scraped by another for the last time, ms since the epoch; when the window begins where none was. */
  readonly from: number;
}

/** A scrape that is so many intervals old was the newest one: one may be missed, and the newest shows up only when it is done. */
const NEWEST_INTERVALS: number = OUTAGE_SCRAPES + 0.5;
/** One that went on for longer than this, in intervals, was not scraping in turns with the others. */
const IN_TURNS_INTERVALS = 1.1;

/** How many targets pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * Finds the targets that an endpoint scraped when it was read last, and that no other one scrapes any more. A target that moved from one
 * server to another stays known to the first, whose old scrapes do not replace what the second had. It was given up where the endpoint
 * went on alone, or took it over when the others stopped. One that all of them scraped until then was taken away since, as far as anybody
 * knows, and is missing nowhere.
 * @param windows of the endpoint, and of the others behind it.
 * @param size of the table that the targets are numbers of.
 * @returns undefined where nothing can be said of some target.
 */
export async function givenUp(
  windows: readonly ReplicaWindow[],
  size: number,
  isWanted: ((target: number) => boolean) | undefined,
  pace: Pace,
): Promise<GivenUp | undefined> {
  const [own, ...others] = windows.map((window) => new WindowRuns(window));
  let targets = 0;
  let from = Infinity;
  for (let target = 0; target < size; target++) {
    if (target % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    const isThere = own!.load(target);
    for (const other of others) other.load(target);
    if (!isThere || isWanted?.(target) === false || !isScrapedNow(own!)) continue;
    if (own!.runs.isUnknown || others.some(({ runs }) => runs.isUnknown)) return undefined;
    if (others.some(isTriedNow)) continue;
    const last = Math.max(...others.map(({ runs }) => lastOf(runs)));
    if (!wentOnAlone(own!.runs, last)) continue;
    targets++;
    from = Math.min(from, Math.max(last, own!.window.from));
  }
  return { targets, from };
}

function isScrapedNow({ runs, window }: WindowRuns): boolean {
  const newest = runs.length - 1;
  return runs.scraped[newest] === 1 && isTriedNow({ runs, window });
}

/** Whether an endpoint still scraped the target when it was read last, successfully or not. */
function isTriedNow({ runs, window: { until } }: Pick<WindowRuns, 'runs' | 'window'>): boolean {
  const newest = runs.length - 1;
  return (
    newest >= 0 &&
    runs.ended[newest] === 0 &&
    until - runs.lasts[newest]! <= NEWEST_INTERVALS * runs.intervals[newest]!
  );
}

function lastOf({ length, lasts }: TargetRuns): number {
  return length === 0 ? -Infinity : lasts[length - 1]!;
}

/** @param last when others scraped it for the last time, ms since the epoch. */
function wentOnAlone(runs: TargetRuns, last: number): boolean {
  let first = runs.length - 1;
  const interval = runs.intervals[first]!;
  if (runs.lasts[first]! - last > IN_TURNS_INTERVALS * interval) return true;
  while (first > 0 && runs.firsts[first]! - runs.lasts[first - 1]! <= NEWEST_INTERVALS * interval) first--;
  return runs.firsts[first]! > last - interval;
}
