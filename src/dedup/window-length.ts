/**
 * Length of a window in ms. Windows start at multiples of it since the epoch, so that they are the same for every
 * query. Long enough to hold a handful of scrapes at the usual intervals, short enough to follow a fault.
 */
export const WINDOW_MS = 120_000;

/** Windows on either side that are consulted where one window alone holds too few samples to tell the interval. */
export const NEIGHBOUR_WINDOWS = 1;

/** The same in ms. */
export const REACH_MS: number = NEIGHBOUR_WINDOWS * WINDOW_MS;
