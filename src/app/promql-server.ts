import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { evaluate } from '../engine/evaluate.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { GatewayLimits } from '../gateway/parts.ts';
import { createHttpServer } from '../http/server.ts';
import type { Clock } from '../model/clock.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import type { Selection, SelectionOptions } from '../select/selection.ts';
import { createHttpMetrics } from '../telemetry/http-metrics.ts';
import { createQueryMetrics, type FinishedQuery } from '../telemetry/query-metrics.ts';
import { createRegistry } from '../telemetry/registry.ts';

/** The API and PromQL version that clients such as Grafana may rely on. */
const PROMETHEUS_VERSION = '3.14.0';

export interface PromqlServerOptions {
  readonly selection: Selection;
  readonly defaults: SelectionOptions;
  readonly limits: GatewayLimits & {
    readonly maxSamples: number;
    /** ms. */
    readonly lookbackDelta: number;
    readonly defaultEvaluationInterval: number;
  };
  /** By Prometheus' names. */
  readonly features: ReadonlySet<string>;
  readonly flags: Readonly<Record<string, string>>;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  readonly isReady: () => boolean;
  readonly cors: boolean;
}

/** Everything from the selection upwards: use cases, engine, metrics and the HTTP server, which does not listen yet. */
export function createPromqlServer(options: PromqlServerOptions): FastifyInstance {
  const { selection, limits, features, clock, logger } = options;
  const registry = createRegistry(options.version);
  let finished: ((query: FinishedQuery) => void) | undefined;
  const engine = {
    lookbackDelta: limits.lookbackDelta,
    maxSamples: limits.maxSamples,
    noStepSubqueryInterval: limits.defaultEvaluationInterval,
    perStepStats: features.has('promql-per-step-stats'),
    features,
    clock,
  };
  const gateway: Gateway = createGateway({
    selection,
    features,
    evaluate: (query, source, signal) => evaluate(query, source, engine, signal),
    planning: {
      lookbackDelta: limits.lookbackDelta,
      noStepSubqueryInterval: limits.defaultEvaluationInterval,
    },
    limits,
    defaults: options.defaults,
    clock,
    timers: SYSTEM_TIMERS,
    onQuery: (event) => {
      finished?.(event);
      logger.debug({ ...event }, 'query');
    },
  });
  finished = createQueryMetrics(registry, () => gateway.load());
  return createHttpServer({
    gateway,
    clock,
    logger,
    metrics: createHttpMetrics(registry),
    info: {
      version: PROMETHEUS_VERSION,
      revision: `promweave-${options.version}`,
      startTime: clock.now(),
      flags: options.flags,
    },
    isReady: options.isReady,
    cors: options.cors,
  });
}
