import { MIN_SPACINGS } from './interval.ts';
import { byName, sourcesOf } from './replica.ts';
import type { Replica } from './replica.ts';
import type { TimeRange } from '../model/time-range.ts';
import { NEIGHBOUR_WINDOWS, SLOW_MS, WINDOW_MS, longestIn, windowLengthFor } from './window-length.ts';
import { Windows } from './windows.ts';

/** Scrape interval in ms that a caller may assume where it knows nothing better. */
export const USUAL_INTERVAL_MS = 60_000;

/**
 * A caller that knows how often series are scraped reads for intervals that are longer by this factor. So much longer are
 * their spacings on average where one scrape in six is missed, which needs no second look.
 */
const ROOM = 1.2;

/** Intervals that a decision at a seam may look past it: jumps over a lagging replica and the samples around them. */
const SEAM_INTERVALS = 10;

/** The longest interval in ms that a margin is read for; of slower series the samples at the edges may differ. */
const SLOWEST_INTERVAL_MS = 6 * 3_600_000;

/** Where the interval stays unknown after a first read, this margin in ms shows it, or that the series has none. */
export const MOST_MARGIN_MS: number = marginFor(SLOWEST_INTERVAL_MS);

/** Reused from call to call: a call keeps nothing in them. */
const windows = new Windows();

/**
 * How much earlier than the first and later than the last sample that it needs a caller must fetch, in ms, for
 * a series scraped every `interval` ms (the slowest replica counts).
 *
 * With all samples in [from - margin, to + margin] in hand, the part of the answer that lies in [from, to] is the same,
 * bit for bit, as with any more samples; whoever evaluates ignores the rest, where that does not hold. With
 * three replicas and more, whose outages follow each other, "the same" may end half an interval into the range.
 * At the live edge there is nothing to fetch: there the answer may change as long as samples arrive.
 * Mode `chain` needs no margin, and for mode `penalty` no margin helps. Why it is enough is in README.md, "What a choice
 * depends on".
 */
export function marginFor(interval: number = USUAL_INTERVAL_MS): number {
  const counted = interval <= SLOW_MS ? Math.min(interval, USUAL_INTERVAL_MS) : interval;
  return (NEIGHBOUR_WINDOWS + 2) * windowLengthFor(counted) + SEAM_INTERVALS * counted;
}

/** The longest interval in ms that a caller should read for which saw `interval` (ms) lately. */
export function withRoom(interval: number): number {
  return ROOM * interval;
}

/** The shortest interval in whole ms whose {@link marginFor} is no shorter than `margin` ms. */
export function intervalFor(margin: number): number {
  for (let length = WINDOW_MS; ; length *= 2) {
    // Series with shorter intervals have shorter windows.
    const shortest = length === WINDOW_MS ? 0 : Math.floor(longestIn(length / 2)) + 1;
    const interval = Math.ceil((margin - (NEIGHBOUR_WINDOWS + 2) * length) / SEAM_INTERVALS);
    const found = Math.max(interval, shortest);
    if (windowLengthFor(found) === length && marginFor(found) >= margin) return found;
  }
}

/**
 * Takes what lies beyond the last whole windows off a range with its margin, ms, both inclusive: no window that counts
 * reaches into it.
 */
export function toWholeWindows({ minTime, maxTime }: TimeRange): TimeRange {
  return {
    minTime: Math.ceil(minTime / WINDOW_MS) * WINDOW_MS,
    maxTime: Math.floor((maxTime + 1) / WINDOW_MS) * WINDOW_MS - 1,
  };
}

/**
 * The margin in ms that a series needs (see {@link marginFor}), by what came of it with a smaller one: of all replicas, or
 * of those that have anything there. That of its slowest window; {@link MOST_MARGIN_MS} where so few samples came that
 * they do not tell. More than that it never is. Looks at each sample once; {@link spacingOf} spares that for nearly all
 * series.
 */
export function marginNeeded(replicas: readonly Replica[]): number {
  const present = byName(replicas);
  if (present.length === 0) return 0;
  if (present.every(({ columns }) => columns.length <= MIN_SPACINGS)) return marginOfFew(present);
  let needed = 0;
  windows.begin(sourcesOf(present));
  for (;;) {
    windows.learned.interval = Number.NaN;
    if (!windows.advance()) break;
    const { interval, from } = windows.learned;
    if (!(interval > SLOW_MS)) {
      needed = Math.max(needed, marginFor(Math.min(windows.yardstick, SLOW_MS)));
      continue;
    }
    // A choice looks at the windows around it, and each of them looked as far as it had to for its length.
    const further = (NEIGHBOUR_WINDOWS + 1) * Math.max(from - windowLengthFor(interval), 0);
    needed = Math.max(needed, marginFor(interval) + further);
  }
  windows.release();
  return Math.min(needed, MOST_MARGIN_MS);
}

/**
 * Of too few samples to be sure. The later of two may be a stale marker: that follows at the next scrape. The longest
 * spacing counts, since a shorter one may be that of a server which came back.
 */
function marginOfFew(replicas: readonly Replica[]): number {
  let longest = 0;
  for (const { columns } of replicas) {
    const { t, length } = columns;
    for (let i = 1; i < length; i++) longest = Math.max(longest, t[i]! - t[i - 1]!);
  }
  if (longest === 0) return MOST_MARGIN_MS;
  return Math.min(marginFor(longest), MOST_MARGIN_MS);
}

/**
 * Mean spacing in ms of so many samples in so many ms from the first to the last; infinite where they are too few to tell.
 * A chunk tells both without being decoded; of several chunks each should be asked for, and the whole. A series where
 * none is longer than an interval has enough with the margin for that interval; of others {@link marginNeeded} tells.
 */
export function spacingOf(samples: number, span: number): number {
  return samples <= MIN_SPACINGS ? Number.POSITIVE_INFINITY : span / (samples - 1);
}
