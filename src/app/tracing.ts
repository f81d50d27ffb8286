import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import type { Timers } from '../model/timers.ts';
import type { Tracing } from './tracer.ts';
import { tracingConfigOf } from './tracing-config-of.ts';

const NO_TRACING: Tracing = {
  sample: undefined,
  onTraced: undefined,
  figures: () => ({ sent: 0, dropped: 0 }),
  close: async () => undefined,
};

/** What collects spans is loaded only where it is wanted. Rejects with `bad_data` where the configuration is wrong. */
export async function startTracing(
  source: Config['tracing'],
  version: string,
  logger: FastifyBaseLogger,
  timers: Timers,
): Promise<Tracing> {
  const config = tracingConfigOf(source);
  if (config === undefined) return NO_TRACING;
  const { createTracer } = await import('./tracer.ts');
  return createTracer(config, version, logger, timers);
}
