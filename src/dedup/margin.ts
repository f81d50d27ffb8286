import { MIN_SPACINGS } from './interval.ts';
import { byName, sourcesOf } from './replica.ts';
import type { Replica } from './replica.ts';
import { NEIGHBOUR_WINDOWS, SLOW_MS, windowLengthFor } from './window-length.ts';
import { Windows } from './windows.ts';

/** Scrape interval in ms that a caller may assume where it knows nothing better. */
export const USUAL_INTERVAL_MS = 60_000;

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
 * Mode `chain` needs no margin, and for mode `penalty` no margin helps.
 */
export function marginFor(interval: number = USUAL_INTERVAL_MS): number {
  return (NEIGHBOUR_WINDOWS + 2) * windowLengthFor(interval) + SEAM_INTERVALS * interval;
}

/**
 * The margin in ms that a series needs (see {@link marginFor}), by what came of it with a smaller one: of all replicas, or
 * of those that have anything there. Never less than usual series need, more where the series is slow, and
 * {@link MOST_MARGIN_MS} where so few samples came that they do not tell. More than that it never is. Looks at each sample
 * once; {@link mayBeSlow} spares that for nearly all series.
 */
export function marginNeeded(replicas: readonly Replica[]): number {
  const present = byName(replicas);
  if (present.length === 0) return marginFor();
  if (present.every(({ columns }) => columns.length <= MIN_SPACINGS)) return marginOfFew(present);
  let needed = marginFor();
  windows.begin(sourcesOf(present));
  for (;;) {
    windows.learned.interval = Number.NaN;
    if (!windows.advance()) break;
    const { interval, from } = windows.learned;
    if (!(interval > SLOW_MS)) continue;
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
  return longest <= SLOW_MS ? marginFor() : Math.min(marginFor(longest), MOST_MARGIN_MS);
}

/**
 * Whether a replica with so many samples in so many ms from the first to the last has to be asked for its
 * {@link marginNeeded}. A chunk tells both without being decoded; of several chunks each should be asked for, and the
 * whole.
 */
export function mayBeSlow(samples: number, span: number): boolean {
  return samples <= MIN_SPACINGS || span > (samples - 1) * SLOW_MS;
}
