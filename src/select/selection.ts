import type { MetadataRequest, NotedList } from '../backend/backend.ts';
import type { DedupMode } from '../model/dedup-mode.ts';
import type { SelectRequest, SeriesSource } from '../engine/series-source.ts';
import type { Labels } from '../model/labels.ts';
import type { ChunkRequest, ChunkSet } from './chunk-set.ts';
import type { MergedOperations } from './operations.ts';
import type { ExplainLimits, SelectExplanation } from './explanation.ts';

/** How one request wants replicas and failures treated; parameters of the HTTP and gRPC APIs. */
export interface SelectionOptions {
  /** False shows every replica with its replica labels. */
  readonly dedup: boolean;
  /** How replicas become one series where `dedup` is true. */
  readonly dedupMode: DedupMode;
  readonly replicaLabels: readonly string[];
  /**
   * Labels whose replicas the asker makes one itself, though it wants to see each (`dedup` false): a replica that others
   * replace is no loss to it. Undefined and empty: every replica that is missing is.
   */
  readonly mergedAbove?: readonly string[] | undefined;
  /** True turns a lost shard into a warning, false into an error of kind `unavailable`. */
  readonly partialResponse: boolean;
  /** Coarsest downsampling that may be answered where a store has it, ms; 0 and undefined mean raw samples alone. */
  readonly maxSourceResolution?: number | undefined;
}

/** All shards and replicas as one server. Label APIs add external labels and hide replica labels like `source` does. */
export interface Selection {
  source(options: SelectionOptions): SeriesSource;
  /** Series as compressed chunks, with the labels of `hidden` left out and their replicas as one. */
  chunks(
    request: ChunkRequest,
    hidden: ReadonlySet<string>,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<ChunkSet>;
  /** Selects as a query would and says where the samples came from; endpoints that fail are a part of the answer. */
  explain(
    request: SelectRequest,
    limits: ExplainLimits,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<SelectExplanation>;
  series(
    request: MetadataRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<NotedList<Labels>>;
  labelNames(
    request: MetadataRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<NotedList<string>>;
  labelValues(
    label: string,
    request: MetadataRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<NotedList<string>>;
  /** Rules, targets, metadata and exemplars. */
  readonly operations: MergedOperations;
}
