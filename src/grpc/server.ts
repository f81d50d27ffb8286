import { Server, ServerCredentials } from '@grpc/grpc-js';
import { messageOf, QueryError } from '../model/errors.ts';
import { hostPort } from '../model/host-port.ts';
import { listenProblem } from '../model/listen-problem.ts';
import type { GrpcContext, Service } from './service.ts';
import { definitionOf, handlersOf, type CallObserver } from './handlers.ts';
import { exemplarsService } from './services/exemplars.ts';
import { healthService } from './services/health.ts';
import { infoService } from './services/info.ts';
import { metadataService } from './services/metadata.ts';
import { queryService } from './services/query.ts';
import { REFLECTION_SERVICES, reflectionServices } from './services/reflection.ts';
import { rulesService } from './services/rules.ts';
import { statusService } from './services/status.ts';
import { storeService } from './services/store.ts';
import { targetsService } from './services/targets.ts';
import { ServerCertificates, type GrpcServerTls } from './server-certificates.ts';
import { Serving } from './serving.ts';
import { writeAhead } from './write-ahead.ts';

export interface GrpcOptions extends Omit<GrpcContext, 'serving'> {
  readonly observe: CallObserver;
  /** Plain text where it is left out. */
  readonly tls?: GrpcServerTls | undefined;
}

export interface GrpcServer {
  /** Resolves to the port, which is a free one where `port` is 0. Rejects with `unavailable`. */
  readonly listen: (host: string, port: number) => Promise<number>;
  /** Has later handshakes use these. Only for a server that was made with TLS. */
  readonly renewTls: (tls: GrpcServerTls) => void;
  /** From now on health checks say that it serves, and Info answers. */
  readonly setServing: () => void;
  /** Takes no more calls. Open ones may end for up to `graceMs` and are then cut off. */
  readonly close: (graceMs: number) => Promise<void>;
}

const SERVICES: readonly ((context: GrpcContext) => Service)[] = [
  storeService,
  infoService,
  queryService,
  rulesService,
  targetsService,
  metadataService,
  exemplarsService,
  statusService,
];

/** The gRPC services of Thanos Query over a gateway. It does not listen yet. */
export function createGrpcServer({ gateway, clock, observe, tls }: GrpcOptions): GrpcServer {
  const serving = new Serving();
  const services = SERVICES.map((create) => create({ gateway, clock, serving }));
  const health = healthService(
    serving,
    services.map(({ name }) => name),
  );
  const names = [...services.map(({ name }) => name), health.name, ...REFLECTION_SERVICES];
  const server = new Server({ interceptors: [writeAhead] });
  for (const service of [...services, health, ...reflectionServices(names)])
    server.addService(definitionOf(service), handlersOf(service, observe, clock));
  const certificates = tls && new ServerCertificates(tls);
  const credentials = certificates?.credentials() ?? ServerCredentials.createInsecure();
  return {
    listen: (host, port) => listen(server, hostPort(host, port), credentials),
    renewTls: (renewed) => certificates?.renew(renewed),
    setServing: () => serving.set('serving'),
    close: async (graceMs) => {
      serving.set('stopping');
      await close(server, graceMs);
    },
  };
}

function listen(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(cannotListen(address, error));
    });
  });
}

function cannotListen(address: string, cause: unknown): QueryError {
  const problem = `cannot listen for gRPC on ${address}: ${listenProblem(messageOf(cause))}; choose another address with --grpc-address`;
  return new QueryError('unavailable', problem, { cause });
}

async function close(server: Server, graceMs: number): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.tryShutdown(() => resolve());
  const cut = setTimeout(() => server.forceShutdown(), graceMs);
  await closed;
  clearTimeout(cut);
}
