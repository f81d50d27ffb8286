import { isMarker } from '../../model/stale.ts';
import { HOLE_INTERVALS } from '../../dedup/penalty.ts';
import { APART_INTERVALS } from '../../dedup/fill.ts';
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
    const endpoint = groups.soleEndpoint(position);
    const spoken = endpoint && spokenBy.get(endpoint);
    if (spoken === undefined) {
      if (endpoint !== undefined) return;
      const holders = new Set(groups.endpointsOf(position));
      for (const holder of holders) {
        const holding = spokenBy.get(holder);
        if (holding === undefined) continue;
        count(holding);
        // It came in several parts, of which nothing is known.
        if (holders.size === 1) broken.push(position);
      }
      return;
    }
    count(spoken);
    const { steady, targets: table } = spoken.known;
    const target = targets.of(groups, position, table);
    const interval = target === NO_TARGET ? 0 : (steady.intervals[target] ?? 0);
    if (interval === 0) {
      broken.push(position);
      return;
    }
    look.begin(interval);
    const isEven = groups.eachChunk(position, look.chunk) && look.last > -Infinity;
    const isGoing = steady.lasts[target]! >= steady.until - LIVE_INTERVALS * interval;
    const isThere =
      isEven &&
      look.beginsBy(minTime, steady.firsts[target]!) &&
      look.endsBy(end, isGoing ? Infinity : steady.lasts[target]!);
    if (!isThere) broken.push(position);
    else if (
      end > steady.until - LIVE_INTERVALS * interval &&
      !look.isGoingOn(groups, position, steady.until)
    )
      broken.push(position);
  });
  return { broken, has };
}

/** Looks at one series after the other; times in ms. */
class SeriesLook {
  last = -Infinity;
  #interval = 0;
  #first = -Infinity;
  readonly #scratch = new ReadScratch();
  #tail: SampleBuffer | undefined;

  begin(interval: number): void {
    this.#interval = interval;
    this.#first = this.last = -Infinity;
  }

  /** Whether a chunk has a sample at each interval, and goes on where the one before ended. */
  readonly chunk = (count: number, first: number, last: number): boolean => {
    const interval = this.#interval;
    const spacing = first - this.last;
    if (this.last === -Infinity) this.#first = first;
    else if (spacing < APART_INTERVALS * interval || spacing > HOLE_INTERVALS * interval) return false;
    this.last = last;
    return count > 0 && count === Math.round((last - first) / interval) + 1;
  };

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
