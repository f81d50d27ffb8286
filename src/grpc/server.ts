import type { SecureServerOptions } from 'node:http2';
import type { Socket } from 'node:net';
import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import { NO_GATEKEEPER, type Gatekeeper } from '../access/gatekeeper.ts';
import type { ClientLimits } from '../model/client-limits.ts';
import { bug, messageOf, QueryError } from '../model/errors.ts';
import { hostPort } from '../model/host-port.ts';
import { listenProblem } from '../model/listen-problem.ts';
import type { Timers } from '../model/timers.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';
import { admitCalls } from './admission.ts';
import { Connections } from './connections.ts';
import { guardCalls } from './guard-calls.ts';
import { keepConnections } from './keep-connections.ts';
import type { GrpcContext, Service } from './service.ts';
import { definitionOf, handlersOf, type CallSettings } from './handlers.ts';
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

export interface GrpcOptions extends Omit<GrpcContext, 'serving'>, Omit<CallSettings, 'gateway'> {
  readonly timers: Timers;
  readonly limits: ClientLimits;
  /** Hears of each client that was turned away. */
  readonly onCut: CutObserver;
  /** Plain text where it is left out. */
  readonly tls?: GrpcServerTls | undefined;
  /** Everybody may ask where it is left out. */
  readonly gatekeeper?: Gatekeeper | undefined;
  /** After how long a connection ends once its calls did, so that clients find other servers, ms; 0 for never. */
  readonly maxConnectionAge?: number | undefined;
}

export interface GrpcServer {
  /** Resolves to the port, which is a free one where `port` is 0. Rejects with `unavailable`. */
  readonly listen: (host: string, port: number) => Promise<number>;
  /** Has later handshakes use these. Only for a server that was made with TLS. */
  readonly renewTls: (tls: GrpcServerTls) => void;
  /** From now on health checks say that it serves, and Info answers. */
  readonly setServing: () => void;
  /** From now on health checks say that it does not serve, so that clients call others. Calls are still taken. */
  readonly setStopping: () => void;
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

/** Largest request: a query of 1 MiB, with what comes with it. */
const MOST_REQUEST_BYTES = 2 * 1024 * 1024;

/**
 * Open calls on one connection. A querier above has one for each selector of each of its queries; those beyond wait at the client. It is
 * what clients keep to before they hear of a limit. One that opens twice as many is sent away.
 */
const MOST_STREAMS = 100;
/** A client may reset so many calls at once, and so many a second. One that resets more is sent away (CVE-2023-44487). */
const MOST_RESETS = 200;
const RESETS_A_SECOND = 33;

/** How often clients must show that they are still there, and how long they have for that, ms. */
const PING_INTERVAL_MS = 60_000;
const PING_TIMEOUT_MS = 20_000;

/** The gRPC services of Thanos Query over a gateway. It does not listen yet. */
export function createGrpcServer(options: GrpcOptions): GrpcServer {
  const { gateway, clock, engine, tls, limits, timers, onCut } = options;
  const { gatekeeper = NO_GATEKEEPER, maxConnectionAge = 0 } = options;
  const serving = new Serving();
  const services = SERVICES.map((create) => create({ gateway, clock, serving, engine }));
  const health = healthService(
    serving,
    services.map(({ name }) => name),
  );
  const names = [...services.map(({ name }) => name), health.name, ...REFLECTION_SERVICES];
  const handOn = (socket: Socket): void => injector.injectConnection(socket);
  const connections = new Connections(handOn, limits, timers, onCut);
  const server = new Server({
    ...serverOptions(limits),
    ...(maxConnectionAge > 0 && { 'grpc.max_connection_age_ms': maxConnectionAge }),
    interceptors: [
      guardCalls(limits, timers, onCut),
      admitCalls(gatekeeper),
      keepConnections(connections),
      writeAhead,
    ],
  });
  limitResets(server);
  for (const service of [...services, health, ...reflectionServices(names)])
    server.addService(definitionOf(service), handlersOf(service, options));
  const certificates = tls && new ServerCertificates(tls);
  const credentials = certificates?.credentials() ?? ServerCredentials.createInsecure();
  const injector = server.createConnectionInjector(credentials);
  return {
    listen: (host, port) =>
      connections.listen(host, port).catch((error: unknown) => {
        throw cannotListen(hostPort(host, port), error);
      }),
    renewTls: (renewed) => certificates?.renew(renewed),
    setServing: () => serving.set('serving'),
    setStopping: () => serving.set('stopping'),
    close: async (graceMs) => {
      serving.set('stopping');
      await close(server, connections, graceMs);
    },
  };
}

function serverOptions({ readTimeout }: ClientLimits): ServerOptions {
  return {
    'grpc.max_receive_message_length': MOST_REQUEST_BYTES,
    'grpc.max_concurrent_streams': MOST_STREAMS,
    'grpc.max_connection_idle_ms': readTimeout,
    'grpc.keepalive_time_ms': PING_INTERVAL_MS,
    'grpc.keepalive_timeout_ms': PING_TIMEOUT_MS,
  };
}

/** The library has no option for it, so this adds it to those that it makes its HTTP/2 servers with. */
function limitResets(server: Server): void {
  const { commonServerOptions } = server as unknown as { readonly commonServerOptions?: SecureServerOptions };
  if (commonServerOptions === undefined) bug('the gRPC library keeps its HTTP/2 options elsewhere');
  Object.assign(commonServerOptions, { streamResetBurst: MOST_RESETS, streamResetRate: RESETS_A_SECOND });
}

function cannotListen(address: string, cause: unknown): QueryError {
  const problem = `cannot listen for gRPC on ${address}: ${listenProblem(messageOf(cause))}; choose another address with --grpc-address`;
  return new QueryError('unavailable', problem, { cause });
}

/** How long clients have to hear that their calls were cut off, ms. */
const LINGER_MS = 1000;

async function close(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const closed = connections.close();
  // This tells clients to send their calls elsewhere. It does not wait for connections that it was handed.
  server.tryShutdown(() => undefined);
  let cut = setTimeout(() => {
    server.forceShutdown();
    cut = setTimeout(() => connections.destroy(), LINGER_MS);
  }, graceMs);
  await closed;
  clearTimeout(cut);
}
