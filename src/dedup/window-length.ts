/**
 * Length in ms of the windows of usual series. Windows start at multiples of their length since the epoch, so that they
 * are the same for every query. Long enough to hold a handful of scrapes at the usual intervals, short enough to follow
 * a fault.
 */
export const WINDOW_MS = 120_000;

/** Windows on either side that are consulted where one window alone holds too few samples to tell the interval. */
export const NEIGHBOUR_WINDOWS = 1;

/** The same in ms, for windows of {@link WINDOW_MS}. */
export const REACH_MS: number = NEIGHBOUR_WINDOWS * WINDOW_MS;

/** Longest interval of which a window and its neighbours hold enough samples, as a share of the window. */
const FITTING = 0.6;

/** Series with longer intervals than this many ms have longer windows. No usual interval is near to it. */
export const SLOW_MS: number = longestIn(WINDOW_MS);

/** The longest window, 34 h: of series scraped every 20 h. */
export const LONGEST_WINDOW_MS: number = WINDOW_MS * 2 ** 10;

/**
 * Length in ms of the windows of a series with this interval (ms): two minutes doubled so often that a window holds its
 * scrapes as the usual windows hold those of usual series. Then all that is true of those is true of slow ones.
 */
export function windowLengthFor(interval: number): number {
  let length = WINDOW_MS;
  while (interval > longestIn(length) && length < LONGEST_WINDOW_MS) length *= 2;
  return length;
}

/** The longest interval in ms of series with windows of this length, ms. */
export function longestIn(length: number): number {
  return FITTING * length;
}
