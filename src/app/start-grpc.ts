import { readFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import type { GrpcConfig, ServerTlsConfig } from '../config/config.ts';
import { observeCalls } from '../grpc/observe.ts';
import { createGrpcServer, type GrpcServer, type GrpcServerTls } from '../grpc/server.ts';
import type { Clock } from '../model/clock.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { reachableAt } from '../model/host-port.ts';
import { createGrpcMetrics } from '../telemetry/grpc-metrics.ts';
import type { PromqlCore } from './promql-core.ts';

export interface RunningGrpc extends Pick<GrpcServer, 'setServing' | 'close'> {
  /** Where it listens, for example `127.0.0.1:10901`. */
  readonly address: string;
}

/** Serves gRPC over a core. Rejects where the address can not be had. */
export async function startGrpc(
  { address: { host, port }, tls }: GrpcConfig,
  { gateway, registry }: PromqlCore,
  logger: FastifyBaseLogger,
  clock: Clock,
): Promise<RunningGrpc> {
  const observe = observeCalls(createGrpcMetrics(registry), logger, clock);
  const server = createGrpcServer({ gateway, clock, observe, tls: tls && readTls(tls) });
  const bound = await server.listen(host, port);
  return {
    address: reachableAt(host, bound),
    setServing: server.setServing,
    close: server.close,
  };
}

function readTls({
  cert_file: cert,
  key_file: key,
  client_ca_file: clientCa,
}: ServerTlsConfig): GrpcServerTls {
  return {
    cert: readPem(cert),
    key: readPem(key),
    clientCa: clientCa === undefined ? undefined : readPem(clientCa),
  };
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read ${file}: ${messageOf(thrown)}`, { cause: thrown });
  }
}
