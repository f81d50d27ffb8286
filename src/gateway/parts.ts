import type { QueryAnswer } from '../engine/answer.ts';
import type { EngineQuery } from '../engine/evaluate.ts';
import type { SeriesSource } from '../engine/series-source.ts';
import type { Clock } from '../model/clock.ts';
import type { BudgetLimits } from '../model/budget.ts';
import type { LimitName } from '../model/caller-limits.ts';
import type { ErrorKind } from '../model/errors.ts';
import type { MemoryCeiling } from '../model/memory-ceiling.ts';
import type { CountedFamily } from '../model/query-family.ts';
import type { Timers } from '../model/timers.ts';
import type { SelectSettings } from '../plan/selects.ts';
import type { Selection } from '../select/selection.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { RequestIds } from '../model/request-ids.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import type { EqualQueries } from './equal-queries.ts';
import type { ActiveQueries } from './observing/active-queries.ts';
import type { RunningQuery } from './observing/running-query.ts';
import type { TopQueries } from './observing/top-queries.ts';
import type { CachedList, CacheOutcome, ListCache, ListCacheSettings } from './list-cache.ts';
import type { ResultsCache, ResultsCacheSettings, ResultsEvent } from './results-cache/results-cache.ts';
import type { BlockedQuery } from './limits/blocked-queries.ts';
import type { LimitSettings } from './limits/limit-book.ts';
import type { ServerDefaults } from './request-scope.ts';
import type { Tenancy } from './tenancy/tenancy.ts';

/** What of a gateway may change while it runs. */
export interface GatewaySettings {
  /** Parser features by the names of Prometheus' `--enable-feature`. */
  readonly features: ReadonlySet<string>;
  readonly evaluate: Evaluate;
  /** The engine's settings that decide what a query reads. */
  readonly planning: SelectSettings;
  readonly limits: GatewayLimits;
  /** How replicas and failures are treated where a request does not say. */
  readonly defaults: ServerDefaults;
  /** Undefined where there are no tenants. */
  readonly tenancy?: Tenancy | undefined;
  /** What each caller may take; nobody has limits where it is left out. */
  readonly callers?: LimitSettings | undefined;
  /** Queries that are refused; none where it is left out. */
  readonly blocked?: readonly BlockedQuery[] | undefined;
  /** Nothing is kept where it is left out. */
  readonly listCache?: ListCacheSettings | undefined;
  /** No results are kept where it is left out. */
  readonly resultsCache?: ResultsCacheSettings | undefined;
}

/** What a gateway is made of. */
export interface GatewayParts extends GatewaySettings {
  readonly selection: Selection;
  /** What all requests may hold together. */
  readonly ceiling: MemoryCeiling;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called once a query or read of raw samples, whatever became of it, before its answer is sent. */
  readonly onQuery?: ((event: QueryEvent) => void) | undefined;
  /** Called for each request of a tenant that tells of data, once its tenant is known. */
  readonly onAdmitted?: ((tenant: string) => void) | undefined;
  /** Called for each request that a limit of its caller refuses. */
  readonly onRefused?: ((limit: LimitName) => void) | undefined;
  /** Called for each query that is blocked, with the number of what blocks it. */
  readonly onBlocked?: ((index: number) => void) | undefined;
  /** Called for each list that may be kept, where lists are. */
  readonly onList?: ((list: CachedList, outcome: CacheOutcome) => void) | undefined;
  /** Called for each range query, where results are kept. */
  readonly onResults?: ((event: ResultsEvent) => void) | undefined;
  /** Called for each query that was answered with what an equal one came to. */
  readonly onJoined?: (() => void) | undefined;
  /** Called once its answer was sent or given up; for reads of queriers above and explanations, too. */
  readonly onSent?: ((query: RunningQuery) => void) | undefined;
  /** Called once the answer of a request was sent of which spans are to be collected. */
  readonly onTraced?: ((scope: RequestScope) => void) | undefined;
}

/** What the use cases of one gateway share. */
export interface GatewayContext extends GatewayParts {
  /** Queries, explanations and reads of queriers above pass it. */
  readonly queries: ConcurrencyGate;
  /** All else that asks endpoints passes it: such lists are small, and dashboards need them before they can query. */
  readonly lookups: ConcurrencyGate;
  readonly active: ActiveQueries;
  readonly top: TopQueries;
  readonly kept: ListCache;
  readonly results: ResultsCache;
  /** Queries that others may be answered with. */
  readonly equal: EqualQueries<QueryAnswer>;
}

export interface GatewayLimits {
  /** Longest time of one request in ms, waiting for its turn included. */
  readonly timeout: number;
  /** Queries that are evaluated at the same time. */
  readonly maxConcurrent: number;
  /** Requests that wait for their turn; beyond, they are refused. */
  readonly maxQueued: number;
  /** Selects of one query that run at the same time. */
  readonly maxConcurrentSelects: number;
  /** Whether equal queries that come at nearly the same time are evaluated once; each by itself where it is left out. */
  readonly joinsEqual?: boolean | undefined;
  /** Samples that one query of a remote read may be answered with, where they are not streamed; 0 for no limit. */
  readonly readSamples: number;
  /** Of one request. */
  readonly budget: BudgetLimits;
}

/** The engine with its options. */
type Evaluate = (query: EngineQuery, source: SeriesSource, signal: AbortSignal) => Promise<QueryAnswer>;

/** For metrics and logs. Durations in ms. */
export interface QueryEvent {
  readonly family: CountedFamily;
  readonly text: string;
  readonly queuedMs: number;
  readonly totalMs: number;
  readonly samples: number;
  /** Undefined where the query was answered. */
  readonly error: ErrorKind | undefined;
  readonly ids: RequestIds;
  /** Losses of the answer: what may be missing from it, and what stand-ins made up for. */
  readonly missing: number;
  readonly replaced: number;
}
