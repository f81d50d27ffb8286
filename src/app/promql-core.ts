import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { evaluate } from '../engine/evaluate.ts';
import { EngineFeature } from '../engine/features.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import type { RunningQuery } from '../gateway/observing/running-query.ts';
import type { GatewayLimits, GatewaySettings } from '../gateway/parts.ts';
import type { BlockedQuery } from '../gateway/limits/blocked-queries.ts';
import type { LimitSettings } from '../gateway/limits/limit-book.ts';
import type { ListCacheSettings } from '../gateway/list-cache.ts';
import type { ResultsCacheSettings } from '../gateway/results-cache/results-cache.ts';
import type { ServerDefaults } from '../gateway/request-scope.ts';
import type { Tenancy } from '../gateway/tenancy/tenancy.ts';
import type { Clock } from '../model/clock.ts';
import type { MemoryCeiling } from '../model/memory-ceiling.ts';
import { loggedIds } from '../model/request-ids.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import type { Selection } from '../select/selection.ts';
import { createCutMetrics } from '../telemetry/cut-metrics.ts';
import { createListCacheMetrics } from '../telemetry/list-cache-metrics.ts';
import { createHttpMetrics, type HttpMetrics } from '../telemetry/http-metrics.ts';
import { createLimitMetrics, type LimitMetrics } from '../telemetry/limit-metrics.ts';
import { createMemoryMetrics } from '../telemetry/memory-metrics.ts';
import { createQueryMetrics, type QueryMetrics } from '../telemetry/query-metrics.ts';
import { createRegistry } from '../telemetry/registry.ts';
import { createResultsCacheMetrics } from '../telemetry/results-cache-metrics.ts';
import { createTenantMetrics, type TenantMetrics } from '../telemetry/tenant-metrics.ts';
import { createTracingMetrics } from '../telemetry/tracing-metrics.ts';
import type { Tracing } from './tracer.ts';

/** What of a core may change while it runs. */
export interface PromqlSettings {
  readonly defaults: ServerDefaults;
  readonly limits: GatewayLimits & {
    readonly maxSamples: number;
    /** Different selectors of one query. */
    readonly maxSelectors: number;
    /** ms. */
    readonly lookbackDelta: number;
    readonly defaultEvaluationInterval: number;
  };
  /** By Prometheus' names. */
  readonly features: ReadonlySet<string>;
  /** Undefined where there are no tenants. */
  readonly tenancy?: Tenancy | undefined;
  /** What each caller may take; nobody has limits where it is left out. */
  readonly callers?: LimitSettings | undefined;
  /** Queries that are refused. */
  readonly blocked?: readonly BlockedQuery[] | undefined;
  readonly listCache?: ListCacheSettings | undefined;
  readonly resultsCache?: ResultsCacheSettings | undefined;
}

export interface PromqlCoreOptions extends PromqlSettings {
  readonly selection: Selection;
  /** What all requests may hold together. */
  readonly ceiling: MemoryCeiling;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  /** Hears of each query once its answer was sent. */
  readonly onSent?: ((query: RunningQuery) => void) | undefined;
  /** What collects spans. */
  readonly tracing?: Tracing | undefined;
}

/** What the transports of one gateway share. */
export interface PromqlCore {
  readonly gateway: Gateway;
  readonly registry: Registry;
  readonly httpMetrics: HttpMetrics;
  readonly observeCuts: ReturnType<typeof createCutMetrics>;
  /** Has the requests that begin from now on keep to these settings. */
  use(settings: PromqlSettings): void;
}

const NO_SPANS = { sent: 0, dropped: 0 };

/** Makes all that is above the selection and below the transports: the engine, the use cases and their metrics. */
export function createPromqlCore(options: PromqlCoreOptions): PromqlCore {
  const { selection, ceiling, clock, logger } = options;
  const registry = createRegistry(options.version);
  let metrics: QueryMetrics | undefined;
  let limited: LimitMetrics | undefined;
  let usage: TenantMetrics | undefined;
  let observeList: ReturnType<typeof createListCacheMetrics> | undefined;
  let observeResults: ReturnType<typeof createResultsCacheMetrics> | undefined;
  const gateway = createGateway({
    ...gatewaySettings(options, clock),
    selection,
    ceiling,
    clock,
    timers: SYSTEM_TIMERS,
    onTraced: options.tracing?.onTraced,
    onAdmitted: (tenant) => usage?.admitted(tenant),
    onRefused: (limit) => limited?.refused(limit),
    onBlocked: (index) => limited?.blocked(index),
    onList: (list, outcome) => observeList?.(list, outcome),
    onResults: (event) => observeResults?.(event),
    onJoined: () => metrics?.joined(),
    onSent: (query) => {
      usage?.sent(query.scope.caller.tenant, {
        ms: query.ageMs,
        samples: query.samples,
        bytes: query.scope.journal.sums.bytes,
      });
      metrics?.sent({ family: query.asked.family, stages: query.stages() });
      options.onSent?.(query);
    },
    onQuery: (event) => {
      metrics?.finished(event);
      const { ids, ...rest } = event;
      logger.debug({ ...loggedIds(ids), ...rest }, 'query');
    },
  });
  observeList = createListCacheMetrics(registry, () => gateway.load().keptBytes);
  observeResults = createResultsCacheMetrics(registry, () => gateway.load().resultBytes);
  limited = createLimitMetrics(registry);
  usage = createTenantMetrics(registry);
  createMemoryMetrics(registry, ceiling);
  metrics = createQueryMetrics(registry, () => gateway.load());
  createTracingMetrics(registry, () => options.tracing?.figures() ?? NO_SPANS);
  const observeCuts = createCutMetrics(registry, (message) => logger.warn(message));
  return {
    gateway,
    registry,
    httpMetrics: createHttpMetrics(registry),
    observeCuts,
    use: (settings) => gateway.use(gatewaySettings(settings, clock)),
  };
}

function gatewaySettings(
  { limits, features, defaults, tenancy, callers, blocked, listCache, resultsCache }: PromqlSettings,
  clock: Clock,
): GatewaySettings {
  const planning = {
    lookbackDelta: limits.lookbackDelta,
    noStepSubqueryInterval: limits.defaultEvaluationInterval,
    mostSelects: limits.maxSelectors,
  };
  const engine = {
    ...planning,
    maxSamples: limits.maxSamples,
    perStepStats: features.has(EngineFeature.perStepStats),
    features,
    clock,
  };
  return {
    features,
    listCache,
    resultsCache,
    evaluate: (query, source, signal) => evaluate(query, source, engine, signal),
    planning,
    limits,
    defaults,
    tenancy,
    callers,
    blocked,
  };
}
