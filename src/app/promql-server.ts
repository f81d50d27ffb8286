import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { OPEN_TO_ALL } from '../http/admission.ts';
import type { AllowedOrigins } from '../http/cors.ts';
import type { ServerControl } from '../http/control.ts';
import type { HttpOptions } from '../http/context.ts';
import { PageFiles } from '../http/routes/page/page-files.ts';
import { NO_PREFIX, type WebPrefix } from '../http/prefix.ts';
import { createHttpServer } from '../http/server.ts';
import type { ServerStage } from '../http/stage.ts';
import type { ClientLimits } from '../model/client-limits.ts';
import type { ConfigStatus } from '../model/config-status.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import type { RunningAccess } from './access/start-access.ts';
import { createPromqlCore, type PromqlCore, type PromqlCoreOptions } from './promql-core.ts';

/** The API and PromQL version that clients such as Grafana may rely on. */
const PROMETHEUS_VERSION = '3.14.0';

/** Where `scripts/build-page.ts` builds the page: beside `src`, and beside `dist`. */
const PAGE_FOLDER = fileURLToPath(new URL('../../dist-page/', import.meta.url));

export interface PromqlServerOptions extends PromqlCoreOptions {
  readonly flags: () => Readonly<Record<string, string>>;
  /** The configuration in force as a file. */
  readonly yaml: () => string;
  /** Of the start where it is left out. */
  readonly config?: () => ConfigStatus;
  readonly stage: ServerStage;
  readonly control: ServerControl;
  /** The origins whose pages may read the answers; none may where it is left out. */
  readonly cors?: () => AllowedOrigins | undefined;
  /** None where it is left out. */
  readonly prefix?: WebPrefix;
  /** Everybody may ask, over plain text, where it is left out. */
  readonly access?: Pick<RunningAccess, 'http' | 'tls'>;
  readonly limits: PromqlCoreOptions['limits'] & { readonly clients: ClientLimits };
}

/** Makes an HTTP server over a core, which other servers and transports may share. It does not listen yet. */
export function createPromqlServer(
  options: PromqlServerOptions,
  { gateway, httpMetrics, observeCuts }: PromqlCore = createPromqlCore(options),
  serves: HttpOptions['serves'] = 'all',
): FastifyInstance {
  const { clock, logger } = options;
  const started = { generation: 1, isLastReloadSuccessful: true, loadedAt: clock.now() };
  return createHttpServer({
    gateway,
    clock,
    logger,
    metrics: httpMetrics,
    sample: options.tracing?.sample,
    info: {
      version: PROMETHEUS_VERSION,
      revision: `promweave-${options.version}`,
      startTime: started.loadedAt,
      flags: options.flags,
      yaml: options.yaml,
      config: options.config ?? (() => started),
    },
    stage: options.stage,
    control: options.control,
    cors: options.cors ?? (() => undefined),
    prefix: options.prefix ?? NO_PREFIX,
    access: options.access?.http ?? OPEN_TO_ALL,
    tls: options.access?.tls,
    serves,
    page: new PageFiles(PAGE_FOLDER),
    limits: options.limits.clients,
    timers: SYSTEM_TIMERS,
    onCut: observeCuts('http'),
  });
}
