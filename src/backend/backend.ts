import type { AggregateName } from '../model/aggr-chunk.ts';
import type { Labels } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { SeriesBatch } from '../wire/batch/series-batch.ts';
import type { SeriesTaker } from '../wire/batch/lists/series-taker.ts';
import type { Answered, EndpointItems, EndpointList, EndpointNote } from './answered.ts';
import type { EvaluateCall } from './evaluate-call.ts';
import type { ListCalls } from './list-calls.ts';
import type { OriginCalls } from './series-origins.ts';

/**
 * One endpoint, whatever it speaks. Its failures are values; it throws only for bugs. Each call honours the signal of
 * its scope: an aborted call resolves to a failure of kind `canceled`. How long a call may take is for the caller to say.
 */
export interface Backend {
  /** The address as people write it, for messages. */
  readonly address: string;
  /** Identity, abilities and time range; called at start and again at each refresh. */
  describe(signal: AbortSignal): Answered<BackendDescription>;
  /** Raw series with samples in [minTime, maxTime]. External labels are part of the labels that come back. */
  select(scope: RequestScope, request: BackendSelect): Answered<RawSeriesSet>;
  series(scope: RequestScope, request: LookupRequest): Answered<EndpointItems<Labels>>;
  labelNames(scope: RequestScope, request: LookupRequest): Answered<EndpointList<string>>;
  labelValues(scope: RequestScope, label: string, request: LookupRequest): Answered<EndpointItems<string>>;
  /** Rules, targets, metadata and exemplars. */
  readonly lists: ListCalls;
  /** Where its series come from; absent where it cannot tell. */
  readonly origins?: OriginCalls | undefined;
  /** Evaluates a query; absent where its answer may be another than the engine's over the same samples. */
  readonly evaluate?: EvaluateCall | undefined;
  /** Whether series have their external labels where it evaluates, as behind a gateway; a Prometheus does not know its own there. Absent means no. */
  readonly evaluatesWithExternalLabels?: boolean;
  /** What is wrong with how it is asked, although it may answer, such as a file of credentials that is gone. */
  readonly trouble?: () => string | undefined;
  /** When the certificate that it is shown expires, ms since the epoch; undefined or absent where it is shown none. */
  readonly certificateExpiry?: () => number | undefined;
  /**
   * Whether the server gives a sign of life before the signal: any answer at all over a connection of its own, which waits behind no
   * other call, also one that refuses, or a part of an answer to any call. Absent where there is no server that could hang.
   */
  readonly knock?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
  /** Frees its connections, cutting off calls that still run. */
  close(): Promise<void>;
}

export interface BackendDescription {
  /** Of an endpoint with several label sets those that all of them have in common. */
  readonly externalLabels: Labels;
  /** All label sets of an endpoint that stands for several servers or databases; undefined where it has one. */
  readonly labelSets?: readonly Labels[] | undefined;
  /**
   * Names of external labels that some series carry themselves with a value that is not the external one, or may carry
   * where that is not known. Only what can come back counts: not where the external label stands in the place of a series' own.
   */
  readonly ownLabelNames: ReadonlySet<string>;
  /** How samples are read, for the status page: `remote-read-chunks`, `remote-read-samples`, `query`, `store-api`. */
  readonly protocol: string;
  /** Time range that the backend can have, ms; unbounded where it does not say. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Version as the server tells it; empty where it does not. */
  readonly version: string;
  /** What it is, in Thanos' words: `sidecar`, `store`, `rule` …; for a Prometheus, `prometheus`. */
  readonly component?: string | undefined;
  /** By how much its clock is ahead, ms; 0 where that does not matter, undefined where it does not tell its time. */
  readonly clockOffsetMs?: number | undefined;
}

export interface BackendSelect {
  /** Matchers on external labels are already taken out. */
  readonly matchers: readonly Matcher[];
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly hints: BackendHints;
}

/** What becomes of the samples; only for downsampled data does it matter. */
export interface BackendHints {
  /** Length of the range selector in ms; 0 for instant vectors. */
  readonly range: number;
  /** Innermost function or aggregation around the selector; empty where there is none or it does not matter. */
  readonly func: string;
  /** Coarsest downsampling that may be answered instead of raw samples, ms; 0 and undefined mean none. */
  readonly maxResolution?: number | undefined;
  /**
   * Makes downsampled data come as they are, with these aggregates, for a caller that evaluates elsewhere. Where this is
   * left out they come as what stands for samples in `func`.
   */
  readonly aggregates?: readonly AggregateName[] | undefined;
}

export interface LookupRequest {
  /** Alternatives: a series must match all matchers of one of them; empty means no restriction. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  readonly minTime: number;
  readonly maxTime: number;
  /** 0 means no limit. */
  readonly limit: number;
  /**
   * Makes a taker, which may be given the series as they come, in the place of the list: then they are not in that. Called again where the
   * endpoint is asked again, and what the takers before have counts no more.
   */
  readonly taker?: (() => SeriesTaker) | undefined;
}

/** With a taker for sure. */
export type TakenRequest = LookupRequest & { readonly taker: () => SeriesTaker };

export interface RawSeriesSet {
  /** In no particular order; the same labels may occur more than once (several blocks). */
  readonly series: SeriesBatch;
  readonly annotations: readonly EndpointNote[];
  /** Bytes received, for statistics. */
  readonly bytes: number;
  /** Whether it is what an equal read of another request came to, which began before; it is not where that is left out. */
  readonly isJoined?: boolean;
}
