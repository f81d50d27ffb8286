/** ms since the epoch, both inclusive. */
export interface TimeRange {
  readonly minTime: number;
  readonly maxTime: number;
}
