/** An end of a time range as it is configured: a moment, ms since the epoch, or so many ms after now, which are negative for the past. */
export type TimeBound =
  | { readonly kind: 'at'; readonly ms: number }
  | { readonly kind: 'from-now'; readonly ms: number };

/** A configured time range, both ends inclusive; open where an end is left out. */
export interface TimeWindow {
  readonly min?: TimeBound | undefined;
  readonly max?: TimeBound | undefined;
}

/** @param now ms since the epoch; so is what comes back. */
export function momentOf({ kind, ms }: TimeBound, now: number): number {
  return kind === 'at' ? ms : now + ms;
}
