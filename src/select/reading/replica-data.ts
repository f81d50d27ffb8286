import type { DownsampledData, RawData } from '../../backend/backend.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Labels } from '../../model/labels.ts';

/** What one endpoint has of one series, still as it came: several pieces where it sent the labels several times. */
export interface ReplicaData {
  readonly endpoint: Endpoint;
  /** The shard's labels as text, for messages. */
  readonly shard: string;
  /** Values of the replica labels, then the address: orders replicas the same way in every query. */
  readonly name: string;
  readonly pieces: readonly RawData[];
  /** Chunks with aggregates of the same series, where they were asked for and there are such. */
  readonly downsampled: readonly DownsampledData[] | undefined;
}

/** One series of the answer and where its samples come from. */
export interface SeriesGroup {
  readonly labels: Labels;
  /** At least one, ordered by name. */
  readonly replicas: readonly ReplicaData[];
}
