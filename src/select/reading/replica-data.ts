import type { DownsampledData, RawData } from '../../model/raw-data.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Labels } from '../../model/labels.ts';
import type { TimeRange } from '../../model/time-range.ts';

/**
 * What one replica has of one series, still as it came: several pieces where its endpoint sent the labels several times, or where
 * another endpoint has samples of the same server. Then the first by id stands for them.
 */
export interface ReplicaData {
  readonly endpoint: Endpoint;
  /** The shard's labels as text, for messages. */
  readonly shard: string;
  /** Values of the replica labels, then the endpoint's id: orders replicas the same way in every query. */
  readonly name: string;
  readonly pieces: readonly RawData[];
  /** Chunks with aggregates of the same series, where they were asked for and there are such. */
  readonly downsampled: readonly DownsampledData[] | undefined;
}

/** What was asked for, and how far it can be relied on; ms. */
export interface FetchedRange extends TimeRange {
  /** What the endpoints sampled until then has arrived. */
  readonly completeUntil: number;
}

/** One series of the answer and where its samples come from. */
export interface SeriesGroup {
  readonly labels: Labels;
  /** Empty where there is none. */
  readonly metricName: string;
  /** The range that was read: the one that the request needs, and the margin that deduplication needs on both sides. */
  readonly range: FetchedRange;
  /** At least one, ordered by name. */
  readonly replicas: readonly ReplicaData[];
}
