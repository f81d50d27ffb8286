/** Where the samples of some series lie. */
export interface Extent {
  /** Ms; of no samples Infinity and -Infinity. */
  first: number;
  last: number;
  /** The most samples that one of the series has. */
  most: number;
}

/** What so many samples in so many ms from the first to the last are worth. */
export type SpanMeasure = (samples: number, span: number) => number;
