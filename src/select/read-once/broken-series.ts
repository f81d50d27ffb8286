import { isMarker } from '../../model/stale.ts';
import { HOLE_INTERVALS } from '../../dedup/penalty.ts';
import { APART_INTERVALS } from '../../dedup/fill.ts';
import { firstScrapeFrom, lastScrapeUntil, scrapesWithin } from '../../cluster/coverage/interrupted-runs.ts';
import type { SteadyTargets } from '../../cluster/coverage/steady-targets.ts';
import { NO_TARGET } from '../../cluster/coverage/target-table.ts';
import { LIVE_INTERVALS } from '../../cluster/coverage/target-holes.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Pacer } from '../../model/pacer.ts';
import { SampleBuffer } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import type { Spoken } from './choose-speakers.ts';
import type { SeriesTargets } from './series-targets.ts';

/** What the series of speakers show. */
export interface SeriesLooked {
  /** Positions of the series that are broken. */
  readonly broken: readonly number[];
  /** How many series each speaker has, however many times it sent one. */
  readonly has: ReadonlyMap<Spoken, number>;
}

/**
 * Finds the series of speakers that do not show what their targets' scrapes let expect: a sample at each scrape from the first to the
 * last one, and at the end of the range none that may mean something else at a sibling. Chunks tell by their counts and times; decoded is
 * at most the last one, where the scrapes behind it are not known yet.
 * @param end of what was read, ms since the epoch; not later than the time of the read.
 */
export async function brokenSeries(
  groups: SeriesGroups,
  targets: SeriesTargets,
  speakers: readonly Spoken[],
  { minTime, maxTime: end }: TimeRange,
  pacer: Pacer,
): Promise<SeriesLooked> {
  const spokenBy = new Map<Endpoint, Spoken>(speakers.map((spoken) => [spoken.speaker.endpoint, spoken]));
  const broken: number[] = [];
  const has = new Map<Spoken, number>();
  const count = (spoken: Spoken): void => void has.set(spoken, (has.get(spoken) ?? 0) + 1);
  const look = new SeriesLook();
  await pacer.times(groups.length, (position) => {
    const spoken = speakerAlone(groups, position, spokenBy, count);
    if (spoken === 'untold') broken.push(position);
    if (spoken === 'untold' || spoken === undefined) return;
    const { steady, targets: table } = spoken.known;
    const target = targets.of(groups, position, table);
    const scraped = target === NO_TARGET ? undefined : scrapesOf(steady, target, minTime, end);
    if (scraped === undefined) {
      broken.push(position);
      return;
    }
    look.begin(scraped);
    const live = LIVE_INTERVALS * scraped.interval;
    const isEven = groups.eachChunk(position, look.chunk) && look.last > -Infinity;
    const isGoing = scraped.last >= steady.until - live;
    const isThere =
      isEven && look.beginsBy(minTime, scraped.first) && look.endsBy(end, isGoing ? Infinity : scraped.last);
    if (!isThere) broken.push(position);
    else if (end > steady.until - live && !look.isGoingOn(groups, position, steady.until))
      broken.push(position);
  });
  return { broken, has };
}

/**
 * Whose series a group is, where that speaker's answer has to have all of it outside of the time that siblings are asked for; undefined where
 * siblings are asked for all of it, or nobody speaks. `untold` where it came in several parts, of which nothing is known.
 */
function speakerAlone(
  groups: SeriesGroups,
  position: number,
  spokenBy: ReadonlyMap<Endpoint, Spoken>,
  count: (spoken: Spoken) => void,
): Spoken | 'untold' | undefined {
  const endpoint = groups.soleEndpoint(position);
  const spoken = endpoint && spokenBy.get(endpoint);
  if (endpoint !== undefined) {
    if (spoken !== undefined) count(spoken);
    return spoken;
  }
  const received = groups.endpointsOf(position);
  let found: Spoken | 'untold' | undefined;
  for (const holder of new Set(received)) {
    const holding = spokenBy.get(holder);
    if (holding === undefined) continue;
    count(holding);
    if (holding.restRange === undefined && received.some((other) => other !== holder)) continue;
    const isOnce = received.filter((other) => other === holder).length === 1;
    found = found === undefined && isOnce && received[0] === holder ? holding : 'untold';
  }
  return found;
}

/** What is known of the scrapes of a target, ms: when those that concern a range begin and end, and their longest interval. */
interface Scraped {
  readonly first: number;
  readonly last: number;
  readonly interval: number;
  /** Where there are interruptions, see `InterruptedTarget`. */
  readonly runs?: Float64Array;
}

function scrapesOf(steady: SteadyTargets, target: number, from: number, to: number): Scraped | undefined {
  const known = steady.interrupted.get(target);
  // Of a target that came up since nothing is known.
  const interval = steady.intervals[target] ?? 0;
  if (known === undefined)
    return interval === 0
      ? undefined
      : { first: steady.firsts[target]!, last: steady.lasts[target]!, interval };
  // Also where it is steady in the range: chunks reach back to what was before.
  return {
    first: firstScrapeFrom(known.runs, from),
    last: lastScrapeUntil(known.runs, to),
    interval: known.interval,
    runs: known.runs,
  };
}

/** Looks at one series after the other; times in ms. */
class SeriesLook {
  last = -Infinity;
  #interval = 0;
  #runs: Float64Array | undefined;
  #first = -Infinity;
  readonly #scratch = new ReadScratch();
  #tail: SampleBuffer | undefined;

  begin({ interval, runs }: Scraped): void {
    this.#interval = interval;
    this.#runs = runs;
    this.#first = this.last = -Infinity;
  }

  /** Whether a chunk has a sample at each scrape, and goes on where the one before ended. */
  readonly chunk = (count: number, first: number, last: number): boolean => {
    if (this.last === -Infinity) this.#first = first;
    else if (!this.#isNext(this.last, first)) return false;
    this.last = last;
    return count > 0 && count === this.#scrapes(first, last);
  };

  #isNext(last: number, first: number): boolean {
    if (this.#runs !== undefined) return first > last && scrapesWithin(this.#runs, last, first) === 2;
    const spacing = first - last;
    return spacing >= APART_INTERVALS * this.#interval && spacing <= HOLE_INTERVALS * this.#interval;
  }

  #scrapes(first: number, last: number): number {
    const runs = this.#runs;
    return runs === undefined
      ? Math.round((last - first) / this.#interval) + 1
      : scrapesWithin(runs, first, last);
  }

  /** Whether it begins with the range, or with its target. */
  beginsBy(from: number, target: number): boolean {
    const latest =
      target <= from ? from + HOLE_INTERVALS * this.#interval : target + APART_INTERVALS * this.#interval;
    return this.#first <= latest;
  }

  /** Whether it ends with the range, or with its target. */
  endsBy(to: number, target: number): boolean {
    const earliest =
      target >= to ? to - HOLE_INTERVALS * this.#interval : target - APART_INTERVALS * this.#interval;
    return this.last >= earliest;
  }

  /**
   * Whether the samples behind a time are those of scrapes that succeeded: a scrape that failed leaves markers, and 0 in `up`, and a
   * sibling may have succeeded.
   */
  isGoingOn(groups: SeriesGroups, position: number, until: number): boolean {
    const [replica] = groups.at(position).replicas;
    const pieces = (replica?.pieces ?? []).map((piece) =>
      piece.kind === 'chunks' ? { ...piece, chunks: piece.chunks.slice(-1) } : piece,
    );
    const minTime = Math.min(until, this.last) - LIVE_INTERVALS * this.#interval;
    const tail = (this.#tail ??= new SampleBuffer());
    if (tryReadReplica(pieces, { minTime, maxTime: Infinity }, tail, this.#scratch) !== undefined)
      return false;
    const isUp = groups.metricName(position) === 'up';
    for (let i = 0; i < tail.length; i++) if (isMarker(tail, i) || (isUp && tail.v[i] === 0)) return false;
    return true;
  }
}
