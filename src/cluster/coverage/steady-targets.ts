import { SLOWER } from '../../dedup/choose.ts';
import { APART_INTERVALS } from '../../dedup/fill.ts';
import type { Pace } from '../../model/pacer.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { interruptedRuns } from './interrupted-runs.ts';
import { LIVE_INTERVALS } from './target-holes.ts';
import type { TargetRuns } from './target-runs.ts';
import { WindowRuns, type ReplicaWindow } from './window-runs.ts';

/**
 * Which targets one endpoint of a replica group scraped without a break in a range, so that its siblings have nothing to add. Columns
 * by number of the target; times in ms since the epoch, lengths in ms.
 */
export interface SteadyTargets {
  /** Until when the scrapes of the endpoint are known. */
  readonly until: number;
  /** 0 where it did not scrape the target so; then the other columns say nothing. */
  readonly intervals: Float64Array;
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  /** How much earlier a sibling began, and how much longer it went on; 0 where that is too little to count. */
  readonly leads: Float64Array;
  readonly tails: Float64Array;
  /** Targets that some endpoint asked in the range, successfully or not, and that are not steady. */
  readonly others: readonly number[];
  /** Some of them, which nobody reached in all of it, as far as that is known: up to {@link allUntil}. */
  readonly inVain: ReadonlySet<number>;
  /** Until when the scrapes of all endpoints are known. */
  readonly allUntil: number;
  /** Some of them, by number: those that the endpoint scraped steadily but for times in which it scraped nothing. */
  readonly interrupted: ReadonlyMap<number, InterruptedTarget>;
}

/** A target that was scraped in several runs of successes; as the columns of {@link SteadyTargets} have it for one run. */
export interface InterruptedTarget extends Edges {
  /** The longest one. */
  readonly interval: number;
  readonly first: number;
  readonly last: number;
  /** See {@link interruptedRuns}. */
  readonly runs: Float64Array;
}

/** How siblings reach beyond the scrapes of an endpoint, ms. */
interface Edges {
  readonly lead: number;
  readonly tail: number;
}

/**
 * A sample that is further behind a replica's last one than this stands beside it, in intervals. A little less than in deduplication,
 * which measures the interval in each window.
 */
const BESIDE_INTERVALS = 0.9 * APART_INTERVALS;

/** How many targets pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * Finds the targets that an endpoint scraped with one unbroken run of successes in a range, while no sibling scraped them more
 * densely. Deduplication chooses the first endpoint by name for all series of such a target, and fills nothing: a sibling with as many
 * samples is no better, see `dedup/choose.ts`.
 * @param windows of the endpoint, and of its siblings behind it.
 * @param size of the table that the targets are numbers of.
 */
export async function steadyTargets(
  windows: readonly ReplicaWindow[],
  size: number,
  range: TimeRange,
  pace: Pace,
): Promise<SteadyTargets> {
  const [own, ...siblings] = windows.map((window) => new WindowRuns(window));
  const column = (): Float64Array => new Float64Array(size);
  const others: number[] = [];
  const inVain = new Set<number>();
  const interrupted = new Map<number, InterruptedTarget>();
  const steady = {
    until: own!.window.until,
    intervals: column(),
    firsts: column(),
    lasts: column(),
    leads: column(),
    tails: column(),
    others,
    inVain,
    allUntil: Math.min(...windows.map(({ until }) => until)),
    interrupted,
  };
  for (let target = 0; target < size; target++) {
    if (target % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    own!.load(target);
    for (const sibling of siblings) sibling.load(target);
    const all = [own!, ...siblings];
    const isThere = all.some(({ runs }) => runs.isUnknown || touches(runs, range));
    if (!isThere) continue;
    if (addSteady(steady, target, own!.runs, siblings, range)) continue;
    others.push(target);
    if (all.every(({ runs }) => isInVain(runs, range))) inVain.add(target);
    const found = interruptedOf(steady.until, own!.runs, siblings, range);
    if (found !== undefined) interrupted.set(target, found);
  }
  return steady;
}

/** False where the target is not steady. */
function addSteady(
  steady: SteadyTargets,
  target: number,
  runs: TargetRuns,
  siblings: readonly WindowRuns[],
  range: TimeRange,
): boolean {
  const run = onlyRun(runs, range);
  if (run < 0) return false;
  const [first, last, interval] = [runs.firsts[run]!, runs.lasts[run]!, runs.intervals[run]!];
  const edges = edgesOf({ first, last, interval }, steady.until, siblings, range);
  if (edges === undefined) return false;
  steady.intervals[target] = interval;
  steady.firsts[target] = first;
  steady.lasts[target] = last;
  steady.leads[target] = edges.lead;
  steady.tails[target] = edges.tail;
  return true;
}

/** What is known of a target that is not steady, where it was scraped steadily but for interruptions. */
function interruptedOf(
  until: number,
  runs: TargetRuns,
  siblings: readonly WindowRuns[],
  range: TimeRange,
): InterruptedTarget | undefined {
  const found = interruptedRuns(runs, range.maxTime);
  if (found === undefined) return undefined;
  const [first, last] = [runs.firsts[runs.firstEndingAt(range.minTime)] ?? Infinity, found.last];
  const { interval } = found;
  const edges = first > last ? undefined : edgesOf({ first, last, interval }, until, siblings, range);
  return edges && { ...found, first, ...edges };
}

/** How far siblings reach beyond scrapes; undefined where one of them scraped more densely, or that is not known. */
function edgesOf(
  { first, last, interval }: Pick<InterruptedTarget, 'first' | 'last' | 'interval'>,
  until: number,
  siblings: readonly WindowRuns[],
  range: TimeRange,
): Edges | undefined {
  // The newest scrape may still go on.
  const isGoing = last >= until - LIVE_INTERVALS * interval;
  let [lead, tail, marker] = [0, 0, 0];
  for (const { runs: other } of siblings) {
    if (other.isUnknown) return undefined;
    for (let i = other.firstEndingAt(range.minTime); i < other.length; i++) {
      if (other.firsts[i]! > range.maxTime) break;
      if (other.scraped[i] === 1 && interval > SLOWER * other.intervals[i]!) return undefined;
      // A scrape in vain is a sample of `up`.
      lead = Math.max(lead, first - other.firsts[i]!);
      tail = Math.max(tail, Math.min(other.lasts[i]!, until) - last);
      // The scrape that does not find the target any more writes markers, which the endpoint lacks: it was away then.
      if (other.ended[i] === 1) marker = Math.max(marker, other.lasts[i]! + other.intervals[i]! - last);
    }
  }
  const isBeside = tail >= BESIDE_INTERVALS * interval || marker > 0;
  return {
    // Where a window begins between both first samples, the earlier one wins a window of its own.
    lead: first <= range.minTime ? 0 : lead,
    tail: isGoing || last >= range.maxTime || !isBeside ? 0 : Math.max(tail, marker),
  };
}

function touches(runs: TargetRuns, { minTime, maxTime }: TimeRange): boolean {
  const run = runs.firstEndingAt(minTime);
  return run < runs.length && runs.firsts[run]! <= maxTime;
}

/** Whether no scrape in a range succeeded, as far as there are some. */
function isInVain(runs: TargetRuns, { minTime, maxTime }: TimeRange): boolean {
  if (runs.isUnknown) return false;
  for (let i = runs.firstEndingAt(minTime); i < runs.length && runs.firsts[i]! <= maxTime; i++)
    if (runs.scraped[i] === 1) return false;
  return true;
}

/** The run in a range, if it is the only one, succeeded, and nothing ended it; else -1. */
function onlyRun(runs: TargetRuns, { minTime, maxTime }: TimeRange): number {
  if (runs.isUnknown) return -1;
  const run = runs.firstEndingAt(minTime);
  const isOnly = run < runs.length && (run + 1 === runs.length || runs.firsts[run + 1]! > maxTime);
  return isOnly && runs.firsts[run]! <= maxTime && runs.scraped[run] === 1 && runs.ended[run] === 0
    ? run
    : -1;
}
