import type { EncodedChunk } from './chunk.ts';
import type { TimeRange } from './time-range.ts';

/**
 * One span of time of a series in a store of Thanos: samples as they were scraped, or what downsampling kept of them.
 * The chunks carry its range.
 */
export interface AggrChunk extends TimeRange {
  /** The samples as they were scraped; undefined for downsampled data. */
  readonly raw: EncodedChunk | undefined;
  /** Downsampled data; undefined where there are none. */
  readonly aggregates: Aggregates | undefined;
}

/** What downsampling kept of each window of a span; undefined what was not asked for. */
export interface Aggregates {
  readonly count: EncodedChunk | undefined;
  readonly sum: EncodedChunk | undefined;
  readonly min: EncodedChunk | undefined;
  readonly max: EncodedChunk | undefined;
  /** Its last time comes twice: the second value is the last that the counter really had. */
  readonly counter: EncodedChunk | undefined;
}

export type AggregateName = keyof Aggregates;
