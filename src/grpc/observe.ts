import { status } from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../model/clock.ts';
import { loggedIds } from '../model/request-ids.ts';
import type { GrpcMetrics } from '../telemetry/grpc-metrics.ts';
import type { CallObserver } from './handlers.ts';

/** Counts and times calls by method and code, and logs those that fail. */
export function observeCalls(metrics: GrpcMetrics, logger: FastifyBaseLogger, clock: Clock): CallObserver {
  return (method, ids) => {
    const started = clock.monotonic();
    metrics.callStarted();
    return (failure, cause) => {
      const code = failure?.code ?? status.OK;
      metrics.callFinished(method, status[code], (clock.monotonic() - started) / 1000);
      if (code === status.INTERNAL) logger.error({ ...loggedIds(ids), method, err: cause }, 'call failed');
      else if (failure !== undefined) logger.debug({ ...loggedIds(ids), method, err: cause }, 'call failed');
    };
  };
}
