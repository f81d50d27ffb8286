import type { FastifyBaseLogger } from 'fastify';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { Config, ServerTlsConfig } from '../config/config.ts';
import { takeLibraryLog } from '../grpc/library-log.ts';
import { observeCalls } from '../grpc/observe.ts';
import { createGrpcServer, type GrpcServer } from '../grpc/server.ts';
import type { GrpcServerTls } from '../grpc/server-certificates.ts';
import type { Clock } from '../model/clock.ts';
import { reachableAt } from '../model/host-port.ts';
import type { Sampler } from '../model/trace-context.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { createGrpcMetrics } from '../telemetry/grpc-metrics.ts';
import { clientLimits } from './client-limits.ts';
import { PemFiles, type Pem } from './pem-files.ts';
import type { PromqlCore } from './promql-core.ts';

export interface RunningGrpc extends Pick<GrpcServer, 'setServing' | 'setStopping' | 'close'> {
  /** Where it listens, for example `127.0.0.1:10901`. */
  readonly address: string;
}

/** How often files of certificates are looked at, ms. */
const LOOK_MS = 1000;

/** Serves gRPC over a core. Rejects where the address cannot be had, or a certificate cannot be used. */
export async function startGrpc(
  config: Config,
  { gateway, registry, observeCuts }: PromqlCore,
  logger: FastifyBaseLogger,
  clock: Clock,
  gatekeeper: Gatekeeper,
  sample?: Sampler,
): Promise<RunningGrpc> {
  // All that it says as an error is an error of a call or of the start as well.
  takeLibraryLog((message) => logger.debug({ library: '@grpc/grpc-js' }, message));
  const { address, tls } = config.grpc;
  const { host, port } = address;
  const observe = observeCalls(createGrpcMetrics(registry), logger, clock);
  const files = tls && certificatesOf(tls, logger);
  const server = createGrpcServer({
    gateway,
    clock,
    timers: SYSTEM_TIMERS,
    observe,
    sample,
    limits: clientLimits(config),
    onCut: observeCuts('grpc'),
    tls: files && serverTls(files.current()),
    gatekeeper,
    maxConnectionAge: config.grpc.max_connection_age,
  });
  const bound = await server.listen(host, port);
  const stopLooking = files && renewWithFiles(files, server);
  return {
    address: reachableAt(host, bound),
    setServing: server.setServing,
    setStopping: server.setStopping,
    close: async (graceMs) => {
      stopLooking?.();
      await server.close(graceMs);
    },
  };
}

function certificatesOf(
  { cert_file: cert, key_file: key, client_ca_file: ca }: ServerTlsConfig,
  logger: FastifyBaseLogger,
): PemFiles {
  return new PemFiles({ cert, key, ca }, (level, message) => logger[level](`gRPC server: ${message}`));
}

/** Both are there: the configuration names both, and files without them are refused. */
function serverTls({ cert = '', key = '', ca }: Pem): GrpcServerTls {
  return { cert, key, clientCa: ca };
}

/** Nothing tells of a handshake before it comes, so files are looked at again and again. The returned function ends that. */
function renewWithFiles(files: PemFiles, server: GrpcServer): () => void {
  let texts = files.current();
  const look = (): void => {
    const now = files.current();
    if (now !== texts) server.renewTls(serverTls(now));
    texts = now;
    cancel = SYSTEM_TIMERS.after(LOOK_MS, look);
  };
  let cancel = SYSTEM_TIMERS.after(LOOK_MS, look);
  return () => cancel();
}
