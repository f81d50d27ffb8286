import type { AggrChunk, AggregateName } from '../model/aggr-chunk.ts';
import type { Annotation } from '../model/annotations.ts';
import type { EncodedChunk } from '../model/chunk.ts';
import type { Labels } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import type { Result } from '../model/result.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import type { Operations } from './operations.ts';

/**
 * One endpoint, whatever it speaks. Its failures are values; it throws only for bugs. Each call honours its signal:
 * an aborted call resolves to a failure of kind `canceled`.
 */
export interface Backend {
  /** The address as people write it, for messages. */
  readonly address: string;
  /** Identity, abilities and time range; called at start and again at each refresh. */
  describe(signal: AbortSignal): Promise<Result<BackendDescription, BackendFailure>>;
  /** Raw series with samples in [minTime, maxTime]. External labels are part of the labels that come back. */
  select(request: BackendSelect, signal: AbortSignal): Promise<Result<RawSeriesSet, BackendFailure>>;
  series(request: MetadataRequest, signal: AbortSignal): Promise<Result<NotedList<Labels>, BackendFailure>>;
  labelNames(
    request: MetadataRequest,
    signal: AbortSignal,
  ): Promise<Result<NotedList<string>, BackendFailure>>;
  labelValues(
    label: string,
    request: MetadataRequest,
    signal: AbortSignal,
  ): Promise<Result<NotedList<string>, BackendFailure>>;
  /** Rules, targets, metadata and exemplars. */
  readonly operations: Operations;
  /** Frees its connections, cutting off calls that still run. */
  close(): Promise<void>;
}

export interface BackendDescription {
  /** Of an endpoint with several label sets those that all of them have in common. */
  readonly externalLabels: Labels;
  /** All label sets of an endpoint that stands for several servers or databases; undefined where it has one. */
  readonly labelSets?: readonly Labels[] | undefined;
  /** How samples are read, for the status page: `remote-read-chunks`, `remote-read-samples`, `query`, `store-api`. */
  readonly protocol: string;
  /** Time range that the backend can have, ms; unbounded where it does not say. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Version as the server tells it; empty where it does not. */
  readonly version: string;
  /** What it is, in Thanos' words: `sidecar`, `store`, `rule` …; for a Prometheus, `prometheus`. */
  readonly component?: string | undefined;
}

export interface BackendSelect {
  /** Matchers on external labels are already taken out. */
  readonly matchers: readonly Matcher[];
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly hints: BackendHints;
  /** False: an answer that the endpoint itself calls incomplete is a failure. Undefined means true. */
  readonly partialResponse?: boolean | undefined;
  /**
   * True: replicas become one in what comes of the answer, so that an endpoint that stands for several misses nothing
   * where one of them does not answer and another does. Undefined means false.
   */
  readonly mergesReplicas?: boolean | undefined;
}

export interface BackendHints {
  readonly step: number;
  readonly range: number;
  readonly func: string;
  /** Coarsest downsampling that may be answered instead of raw samples, ms; 0 and undefined mean none. */
  readonly maxResolution?: number | undefined;
  /**
   * Makes downsampled data come as they are, with these aggregates, for a caller that evaluates elsewhere. Where this is
   * left out they come as what stands for samples in `func`.
   */
  readonly aggregates?: readonly AggregateName[] | undefined;
}

export interface MetadataRequest {
  /** Alternatives: a series must match all matchers of one of them; empty means no restriction. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  readonly minTime: number;
  readonly maxTime: number;
  /** 0 means no limit. */
  readonly limit: number;
  /** See {@link BackendSelect}, as of the next. */
  readonly partialResponse?: boolean | undefined;
  readonly mergesReplicas?: boolean | undefined;
}

export interface NotedList<T> {
  readonly items: readonly T[];
  readonly annotations: readonly Annotation[];
}

export interface RawSeriesSet {
  /** In no particular order; the same labels may occur more than once (several blocks). */
  readonly series: readonly RawSeries[];
  readonly annotations: readonly Annotation[];
  /** Bytes received, for statistics. */
  readonly bytes: number;
}

export interface RawSeries {
  readonly labels: Labels;
  readonly data: RawData;
  /** Beside the samples, where aggregates were asked for and there are such data. */
  readonly downsampled?: DownsampledData | undefined;
}

/** Chunks that have aggregates, in no particular order; they may overlap. */
export interface DownsampledData {
  readonly chunks: readonly AggrChunk[];
}

/** Samples stay as they came: compressed chunks (possibly overlapping, ordered by minTime) or columns. */
export type RawData =
  | { readonly kind: 'chunks'; readonly chunks: readonly EncodedChunk[] }
  | { readonly kind: 'columns'; readonly columns: SampleColumns };

export interface BackendFailure {
  readonly kind: 'timeout' | 'unavailable' | 'bad_data' | 'too_large' | 'canceled' | 'execution';
  /** The endpoint's address. */
  readonly endpoint: string;
  /**
   * A sentence for callers, for example `connection refused` or `the stream ended after 3 of 7 bytes of a frame`. Of what
   * the server sent it holds at most the error text of an API that is one.
   */
  readonly reason: string;
  /** What the server sent instead of an answer, or where it redirects: one short line for the log, not for callers. */
  readonly detail?: string;
  /** Set where this program has a mistake, not the server: its stack belongs into the log. */
  readonly bug?: Error;
}
