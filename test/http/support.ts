import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import type { QueryAnswer, QueryStats, QueryValue } from '../../src/engine/answer.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { GatewayLists } from '../../src/gateway/lists.ts';
import type { GatewayRaw } from '../../src/gateway/raw/gateway-raw.ts';
import type { HttpOptions } from '../../src/http/context.ts';
import { OPEN_TO_ALL } from '../../src/http/admission.ts';
import { allowedOrigins } from '../../src/http/cors.ts';
import { ANY_ORIGIN } from '../../src/model/any-origin.ts';
import { PageFiles } from '../../src/http/routes/page/page-files.ts';
import { NO_PREFIX } from '../../src/http/prefix.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { Annotation } from '../../src/model/annotations.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import { openBudget } from '../../src/model/budget.ts';
import { bug } from '../../src/model/errors.ts';
import { NO_TENANT } from '../../src/model/request-scope.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createHttpMetrics } from '../../src/telemetry/http-metrics.ts';
import { opening } from '../support/open-requests.ts';
import { NO_CONTROL } from '../../src/http/control.ts';
import { ALWAYS_READY } from '../../src/http/stage.ts';

export const NOW = 1_795_392_561_907;

const NO_LOAD = { active: 0, waiting: 0, refused: 0 };

const NO_STATS: QueryStats = {
  totalQueryableSamples: 3,
  peakSamples: 2,
  perStep: undefined,
  timings: { prepare: 1, select: 2, evaluate: 3, total: 6 },
};

export function answerOf(value: QueryValue, annotations: readonly Annotation[] = []): QueryAnswer {
  return { value, annotations, stats: NO_STATS };
}

const notExpected = (): never => bug('the test did not expect this call');

/** Operations of which only the given ones may be called. */
export function listsOf(given: Partial<GatewayLists>): GatewayLists {
  return {
    rules: notExpected,
    alerts: notExpected,
    targets: notExpected,
    alertmanagers: notExpected,
    scrapePools: notExpected,
    targetMetadata: notExpected,
    metadata: notExpected,
    exemplars: notExpected,
    tsdbStatistics: notExpected,
    coverage: notExpected,
    stores: notExpected,
    sources: () => [],
    ...given,
  };
}

/** Reads of which only the given ones may be called. */
export function rawOf(given: Partial<GatewayRaw>): GatewayRaw {
  return {
    federate: notExpected,
    export: notExpected,
    readChunks: notExpected,
    readSamples: notExpected,
    ...given,
  };
}

/** A server over a gateway of which only the given methods may be called. */
export function serverOver(gateway: Partial<Gateway>, options: Partial<HttpOptions> = {}): FastifyInstance {
  return createHttpServer({
    gateway: {
      admit: () => NO_TENANT,
      hasTenants: () => false,
      open: opening(),
      openBody: () => openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 }),
      query: notExpected,
      queryRange: notExpected,
      plan: notExpected,
      explain: notExpected,
      series: notExpected,
      labelNames: notExpected,
      labelValues: notExpected,
      searchNames: notExpected,
      lists: listsOf({}),
      store: {
        select: notExpected,
        series: notExpected,
        labelNames: notExpected,
        labelValues: notExpected,
      },
      raw: rawOf({}),
      formatQuery: notExpected,
      parseQuery: notExpected,
      language: notExpected,
      watch: { active: notExpected, cancel: notExpected, top: notExpected, topCallers: notExpected },
      load: () => ({ queries: NO_LOAD, lookups: NO_LOAD, keptBytes: 0, resultBytes: 0 }),
      ...gateway,
    },
    clock: { now: () => NOW, monotonic: () => 0 },
    logger: pino({ enabled: false }),
    metrics: createHttpMetrics(new Registry()),
    info: {
      version: '1.2.3',
      revision: 'abc',
      startTime: NOW,
      flags: () => ({ 'query.timeout': '2m' }),
      yaml: () => 'query:\n  timeout: 2m\n',
      config: () => ({ generation: 3, isLastReloadSuccessful: false, loadedAt: NOW }),
    },
    stage: ALWAYS_READY,
    control: NO_CONTROL,
    access: OPEN_TO_ALL,
    serves: 'all',
    cors: () => allowedOrigins(ANY_ORIGIN),
    prefix: NO_PREFIX,
    page: new PageFiles('no-such-folder'),
    limits: DEFAULT_CLIENT_LIMITS,
    timers: SYSTEM_TIMERS,
    onCut: () => undefined,
    ...options,
  });
}

/** A gateway that answers every query with the same value. */
export function answering(value: QueryValue, annotations: readonly Annotation[] = []): Partial<Gateway> {
  const outcome = { answer: answerOf(value, annotations), queuedMs: 0 };
  return { query: async () => outcome, queryRange: async () => outcome };
}

/** A server of whose operations only the given ones may be called. */
export function serverWith(given: Partial<GatewayLists>): FastifyInstance {
  return serverOver({ lists: listsOf(given) });
}

/** The port of such a server, which listens until the test ends. */
export async function listening(
  t: TestContext,
  gateway: Partial<Gateway>,
  options: Partial<HttpOptions> = {},
): Promise<number> {
  const server = serverOver(gateway, options);
  await server.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => {
    server.server.closeAllConnections();
    return server.close();
  });
  return (server.server.address() as AddressInfo).port;
}
