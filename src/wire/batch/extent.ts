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

/** Hears of a chunk: how many samples it has, and the times of the first and the last, ms. False ends the visit. */
export type ChunkVisitor = (samples: number, minTime: number, maxTime: number) => boolean;
