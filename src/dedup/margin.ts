import { NEIGHBOUR_WINDOWS, WINDOW_MS } from './window-length.ts';

/** Scrape interval in ms that a caller may assume where it knows nothing better. */
export const USUAL_INTERVAL_MS = 60_000;

/** Intervals that a decision at a seam may look past it: jumps over a lagging replica and the samples around them. */
const SEAM_INTERVALS = 10;

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
export function dedupMargin(interval: number = USUAL_INTERVAL_MS): number {
  return (NEIGHBOUR_WINDOWS + 2) * WINDOW_MS + SEAM_INTERVALS * interval;
}
