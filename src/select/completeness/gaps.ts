import { USUAL_INTERVAL_MS } from '../../dedup/margin.ts';
import { MIN_SPACINGS, medianSpacing } from '../../dedup/interval.ts';
import { firstAtOrAfter } from '../../model/sample-columns.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { isMarker } from '../../model/stale.ts';

/** A time without samples, ms since the epoch, both ends exclusive. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /**
   * True where the server was away for certain: a series stops without a stale marker. What begins, or ends with
   * a marker, may be new or gone for good.
   */
  readonly isProven: boolean;
}

/**
 * From this many intervals without a sample on, a server was away: a single scrape that it skipped is no outage, and the
 * newest sample is one interval old and the time that its scrape took.
 */
const AWAY_INTERVALS = 2.5;

/**
 * The times in [from, to] (ms) at which none of some targets has a sample of `up`, though a server that runs writes one
 * for each at each interval. Samples some intervals before and after the range should be there as well.
 */
export function findGaps(witnesses: readonly SampleColumns[], from: number, to: number): readonly Gap[] {
  const present = witnesses.filter(({ length }) => length > 0);
  if (present.length === 0) return [{ from, to, isProven: false }];
  const interval = Math.min(...present.map(intervalOf));
  const oldest = Math.min(...present.map(({ t }) => t[0]!));
  const newest = Math.max(...present.map(({ t, length }) => t[length - 1]!));
  const gaps = present
    .flatMap((witness) => gapsOf(witness, present))
    .filter((gap) => gap.from < to && gap.to > from);
  if (oldest > from + AWAY_INTERVALS * interval) gaps.push({ from, to: oldest, isProven: false });
  if (newest < to - AWAY_INTERVALS * interval) {
    const last = present.filter(({ t, length }) => t[length - 1] === newest);
    gaps.push({ from: newest, to, isProven: !last.some(endsStale) });
  }
  return gaps.sort((a, b) => a.from - b.from);
}

/** The times in [from, to] (ms) at which a series has no samples, though it goes on later and nothing ended it before. */
export function provenHoles(series: SampleColumns, from: number, to: number): readonly Gap[] {
  return gapsOf(series, [series]).filter((gap) => gap.isProven && gap.from < to && gap.to > from);
}

/** The holes of one target, less the times at which the others have samples. */
function gapsOf(witness: SampleColumns, all: readonly SampleColumns[]): readonly Gap[] {
  const { t, length } = witness;
  const hole = AWAY_INTERVALS * intervalOf(witness);
  const gaps: Gap[] = [];
  for (let i = 1; i < length; i++) {
    if (t[i]! - t[i - 1]! <= hole) continue;
    let from = t[i - 1]!;
    for (const to of timesWithin(all, from, t[i]!)) {
      if (to - from > hole) gaps.push({ from, to, isProven: !isMarker(witness, i - 1) });
      from = to;
    }
  }
  return gaps;
}

/** Times of all samples in (from, to], ascending. */
function timesWithin(all: readonly SampleColumns[], from: number, to: number): readonly number[] {
  const times = all.flatMap((samples) => [
    ...samples.t.subarray(firstAtOrAfter(samples, from + 1), firstAtOrAfter(samples, to + 1)),
  ]);
  return times.sort((a, b) => a - b);
}

function endsStale(samples: SampleColumns): boolean {
  return isMarker(samples, samples.length - 1);
}

function intervalOf({ t, length }: SampleColumns): number {
  const median = medianSpacing(t, 0, length, MIN_SPACINGS);
  return median > 0 ? median : USUAL_INTERVAL_MS;
}
