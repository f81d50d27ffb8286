import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { evaluate } from '../engine/evaluate.ts';
import { EngineFeature } from '../engine/features.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import type { GatewayLimits } from '../gateway/parts.ts';
import type { ServerDefaults } from '../gateway/request-scope.ts';
import type { Clock } from '../model/clock.ts';
import type { MemoryCeiling } from '../model/memory-ceiling.ts';
import { loggedIds } from '../model/request-ids.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import type { Selection } from '../select/selection.ts';
import { createCutMetrics } from '../telemetry/cut-metrics.ts';
import { createMemoryMetrics } from '../telemetry/memory-metrics.ts';
import { createQueryMetrics, type FinishedQuery } from '../telemetry/query-metrics.ts';
import { createRegistry } from '../telemetry/registry.ts';

export interface PromqlCoreOptions {
  readonly selection: Selection;
  readonly defaults: ServerDefaults;
  readonly limits: GatewayLimits & {
    readonly maxSamples: number;
    /** Different selectors of one query. */
    readonly maxSelectors: number;
    /** ms. */
    readonly lookbackDelta: number;
    readonly defaultEvaluationInterval: number;
  };
  /** What all requests may hold together. */
  readonly ceiling: MemoryCeiling;
  /** By Prometheus' names. */
  readonly features: ReadonlySet<string>;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
}

/** What the transports of one gateway share. */
export interface PromqlCore {
  readonly gateway: Gateway;
  readonly registry: Registry;
  readonly observeCuts: ReturnType<typeof createCutMetrics>;
}

/** Makes all that is above the selection and below the transports: the engine, the use cases and their metrics. */
export function createPromqlCore(options: PromqlCoreOptions): PromqlCore {
  const { selection, limits, features, ceiling, clock, logger } = options;
  const registry = createRegistry(options.version);
  let finished: ((query: FinishedQuery) => void) | undefined;
  const engine = {
    lookbackDelta: limits.lookbackDelta,
    maxSamples: limits.maxSamples,
    noStepSubqueryInterval: limits.defaultEvaluationInterval,
    mostSelects: limits.maxSelectors,
    perStepStats: features.has(EngineFeature.perStepStats),
    features,
    clock,
  };
  const gateway = createGateway({
    selection,
    features,
    evaluate: (query, source, signal) => evaluate(query, source, engine, signal),
    planning: {
      lookbackDelta: limits.lookbackDelta,
      noStepSubqueryInterval: limits.defaultEvaluationInterval,
      mostSelects: limits.maxSelectors,
    },
    limits,
    ceiling,
    defaults: options.defaults,
    clock,
    timers: SYSTEM_TIMERS,
    onQuery: (event) => {
      finished?.(event);
      const { ids, ...rest } = event;
      logger.debug({ ...loggedIds(ids), ...rest }, 'query');
    },
  });
  createMemoryMetrics(registry, ceiling);
  finished = createQueryMetrics(registry, () => gateway.load());
  const observeCuts = createCutMetrics(registry, (message) => logger.warn(message));
  return { gateway, registry, observeCuts };
}
