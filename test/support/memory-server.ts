import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createPromqlServer, type PromqlServerOptions } from '../../src/app/promql-server.ts';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import type { Clock } from '../../src/model/clock.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createSelection } from '../../src/select/create-selection.ts';
import type { ServerDefaults } from '../../src/gateway/request-scope.ts';
import { ROOMY } from './limits.ts';
import { SERVER_DEFAULTS } from './open-requests.ts';
import { NO_CONTROL } from '../../src/http/control.ts';
import { ALWAYS_READY } from '../../src/http/stage.ts';

/** A clock that stands still, so that durations are 0. */
const STOPPED: Clock = { now: () => 0, monotonic: () => 0 };
/** Long after the samples of tests, which are then all there. */
const LATE: Clock = { now: () => Date.UTC(2100, 0), monotonic: () => 0 };

/** The whole gateway, from the HTTP API down to the given endpoints, for `inject`. */
export function memoryServer(
  endpoints: readonly Endpoint[],
  defaults: Partial<ServerDefaults> = {},
): FastifyInstance {
  return createPromqlServer(memoryOptions(endpoints, defaults));
}

/** The settings of {@link memoryServer}. */
export function memoryOptions(
  endpoints: readonly Endpoint[],
  defaults: Partial<ServerDefaults> = {},
): PromqlServerOptions {
  const topology = fixedTopology(endpoints);
  return {
    selection: createSelection({
      topology: () => topology,
      timers: SYSTEM_TIMERS,
      clock: LATE,
    }),
    defaults: {
      ...SERVER_DEFAULTS,
      ...defaults,
    },
    limits: {
      ...ROOMY,
      maxSelectors: 500,
      timeout: 60_000,
      maxSamples: 1_000_000,
      lookbackDelta: 300_000,
      defaultEvaluationInterval: 60_000,
      clients: DEFAULT_CLIENT_LIMITS,
    },
    ceiling: new MemoryCeiling(0),
    features: new Set(),
    flags: () => ({}),
    yaml: () => '',
    version: 'test',
    logger: pino({ enabled: false }),
    clock: STOPPED,
    stage: ALWAYS_READY,
    control: NO_CONTROL,
  };
}
