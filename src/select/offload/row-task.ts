import type { DedupContext } from '../series/dedup-options.ts';
import type { FetchedRange } from '../reading/replica-data.ts';
import type { Leaf } from '../../engine/leaf/leaf.ts';
import type { ErrorKind } from '../../model/errors.ts';
import type { ChunkColumns } from '../../wire/batch/chunk-columns.ts';

/**
 * Some series of a selection as they came, on their way to another thread: columns that are handed over, and with them all
 * that it takes to make their rows.
 */
export interface RowTask {
  readonly leaf: Leaf;
  readonly dedup: DedupContext;
  /** That was read. */
  readonly range: FetchedRange;
  readonly metricNames: readonly string[];
  /** By series: which of the names it has. */
  readonly nameOf: Uint32Array;
  /** By series: where its replicas end. A series' replicas are in the order of their names. */
  readonly replicaEnds: Uint32Array;
  /** By replica: where its chunks end. */
  readonly chunkEnds: Uint32Array;
  readonly chunks: Pick<ChunkColumns, 'encodings' | 'minTimes' | 'maxTimes' | 'sizes' | 'bytes'>;
}

/** Float rows of the series of a task, in their order. */
export interface RowAnswer {
  /** By series: how many samples were read of it, and how many its row counts for. */
  readonly lengths: Uint32Array;
  readonly present: Uint32Array;
  /** The rows one after the other, those without any value left out: kinds and values of each step. */
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  /** By step: samples read. */
  readonly counts: Float64Array;
  readonly notes: readonly RowNote[];
  readonly unreadable: readonly UnreadableChunks[];
  /** Why the series after the last one could not be made a row of; the others are there. */
  readonly failure: RowFailure | undefined;
}

/** A remark of a kernel, see `KernelNotes`; `count` is set where it says how often. */
export interface RowNote {
  readonly severity: 'warning' | 'info';
  readonly message: string;
  readonly count: number | undefined;
}

/** A replica of a series that cannot be decoded; both are positions in the task. */
export interface UnreadableChunks {
  readonly series: number;
  readonly replica: number;
  readonly reason: string;
}

export interface RowFailure {
  readonly kind: ErrorKind;
  readonly message: string;
}
