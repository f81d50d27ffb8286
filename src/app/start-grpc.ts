import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import { takeLibraryLog } from '../grpc/library-log.ts';
import { observeCalls } from '../grpc/observe.ts';
import { createGrpcServer, type GrpcServer } from '../grpc/server.ts';
import type { Clock } from '../model/clock.ts';
import { reachableAt } from '../model/host-port.ts';
import type { Sampler } from '../model/trace-context.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { createGrpcMetrics } from '../telemetry/grpc-metrics.ts';
import type { RunningAccess } from './access/start-access.ts';
import { clientLimits } from './client-limits.ts';
import type { PromqlCore } from './promql-core.ts';

export interface RunningGrpc extends Pick<GrpcServer, 'setServing' | 'setStopping' | 'close'> {
  /** Where it listens, for example `127.0.0.1:10901`. */
  readonly address: string;
}

/** Serves gRPC over a core. Rejects where the address cannot be had. */
export async function startGrpc(
  config: Config,
  { gateway, registry, observeCuts }: PromqlCore,
  logger: FastifyBaseLogger,
  clock: Clock,
  engine: string,
  { gatekeeper, grpcTls }: Pick<RunningAccess, 'gatekeeper' | 'grpcTls'>,
  sample?: Sampler,
): Promise<RunningGrpc> {
  // All that it says as an error is an error of a call or of the start as well.
  takeLibraryLog((message) => logger.debug({ library: '@grpc/grpc-js' }, message));
  const { host, port } = config.grpc.address;
  const observe = observeCalls(createGrpcMetrics(registry), logger, clock);
  const server = createGrpcServer({
    gateway,
    clock,
    engine,
    timers: SYSTEM_TIMERS,
    observe,
    sample,
    limits: clientLimits(config),
    onCut: observeCuts('grpc'),
    tls: grpcTls?.current(),
    gatekeeper,
    maxConnectionAge: config.grpc.max_connection_age,
  });
  grpcTls?.onNew((tls) => server.renewTls(tls));
  const bound = await server.listen(host, port);
  return {
    address: reachableAt(host, bound),
    setServing: server.setServing,
    setStopping: server.setStopping,
    close: server.close,
  };
}
