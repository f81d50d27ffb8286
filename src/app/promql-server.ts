import type { FastifyInstance } from 'fastify';
import type { ServerControl } from '../http/control.ts';
import { createHttpServer } from '../http/server.ts';
import type { ServerStage } from '../http/stage.ts';
import type { ClientLimits } from '../model/client-limits.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { createHttpMetrics } from '../telemetry/http-metrics.ts';
import { createPromqlCore, type PromqlCore, type PromqlCoreOptions } from './promql-core.ts';

/** The API and PromQL version that clients such as Grafana may rely on. */
const PROMETHEUS_VERSION = '3.14.0';

export interface PromqlServerOptions extends PromqlCoreOptions {
  readonly flags: Readonly<Record<string, string>>;
  readonly stage: ServerStage;
  readonly control: ServerControl;
  readonly cors: boolean;
  readonly limits: PromqlCoreOptions['limits'] & { readonly clients: ClientLimits };
}

/** Makes the HTTP server over a core, which other transports may share. It does not listen yet. */
export function createPromqlServer(
  options: PromqlServerOptions,
  { gateway, registry, observeCuts }: PromqlCore = createPromqlCore(options),
): FastifyInstance {
  const { clock, logger } = options;
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
    stage: options.stage,
    control: options.control,
    cors: options.cors,
    limits: options.limits.clients,
    timers: SYSTEM_TIMERS,
    onCut: observeCuts('http'),
  });
}
