import assert from 'node:assert/strict';
import { Client, credentials, status, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { createPromqlCore } from '../../src/app/promql-core.ts';
import { createStoreApiBackend } from '../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../src/backend/store-api/options.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { GatewayLists } from '../../src/gateway/lists.ts';
import type { GatewayStore } from '../../src/gateway/store-api.ts';
import { createGrpcServer, type GrpcOptions, type GrpcServer } from '../../src/grpc/server.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import { bug } from '../../src/model/errors.ts';
import { NO_TENANT } from '../../src/model/request-scope.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import type { ServerDefaults } from '../../src/gateway/request-scope.ts';
import { listsOf } from '../http/support.ts';
import { NEVER, endpointOf } from '../select/support.ts';
import { memoryOptions } from '../support/memory-server.ts';
import { opening } from '../support/open-requests.ts';

const LOOPBACK = '127.0.0.1';

/** A server on a free port and a client of it; both end with `close`. */
export interface RunningGrpc {
  readonly address: string;
  readonly server: GrpcServer;
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/** What came back: messages until the end, and the status at the end. */
export interface Answered {
  readonly messages: readonly Uint8Array[];
  readonly code: status;
  readonly details: string;
}

/** The gateway from its use cases down to the given endpoints. */
export function gatewayOver(endpoints: readonly Endpoint[], defaults: Partial<ServerDefaults> = {}): Gateway {
  return createPromqlCore(memoryOptions(endpoints, defaults)).gateway;
}

const notExpected = (): never => bug('the test did not expect this call');

/** A gateway of which only the given parts may be used. */
export function gatewayWith(
  given: Partial<Omit<Gateway, 'store' | 'lists'>> & {
    readonly store?: Partial<GatewayStore>;
    readonly lists?: Partial<GatewayLists>;
  },
): Gateway {
  const store = {
    select: notExpected,
    series: notExpected,
    labelNames: notExpected,
    labelValues: notExpected,
  };
  return {
    admit: () => NO_TENANT,
    hasTenants: () => false,
    open: opening(),
    openBody: notExpected,
    query: notExpected,
    queryRange: notExpected,
    plan: notExpected,
    explain: notExpected,
    series: notExpected,
    labelNames: notExpected,
    labelValues: notExpected,
    searchNames: notExpected,
    formatQuery: notExpected,
    parseQuery: notExpected,
    language: notExpected,
    raw: { federate: notExpected, export: notExpected, readChunks: notExpected, readSamples: notExpected },
    load: notExpected,
    watch: { active: notExpected, cancel: notExpected, top: notExpected, topCallers: notExpected },
    ...given,
    store: { ...store, ...given.store },
    lists: listsOf(given.lists ?? {}),
  };
}

/** Serves the gateway; a server that is not `ready` says so. */
export async function startGrpc(
  gateway: Gateway,
  { ready = true, ...options }: Partial<GrpcOptions> & { readonly ready?: boolean } = {},
): Promise<RunningGrpc> {
  const server = createGrpcServer({
    gateway,
    clock: { now: () => 0, monotonic: () => 0 },
    timers: SYSTEM_TIMERS,
    observe: () => () => undefined,
    limits: DEFAULT_CLIENT_LIMITS,
    onCut: () => undefined,
    ...options,
  });
  const address = `${LOOPBACK}:${await server.listen(LOOPBACK, 0)}`;
  if (ready) server.setServing();
  const client = new Client(address, credentials.createInsecure());
  return {
    address,
    server,
    client,
    close: async () => {
      client.close();
      await server.close(0);
    },
  };
}

/** A test, or what else ends: what was started is stopped then. */
export interface Ends {
  after(stop: () => Promise<void>): void;
}

/**
 * An endpoint that reads a gateway over gRPC, with the labels that its Info tells.
 * @param engines what that gateway, and this one, call how they evaluate.
 */
export async function endpointOver(
  t: Ends,
  gateway: Gateway,
  { below, here }: { readonly below?: string; readonly here?: string } = {},
): Promise<Endpoint> {
  const running = await startGrpc(gateway, { engine: below });
  t.after(running.close);
  const backend = createStoreApiBackend({
    ...STORE_API_DEFAULTS,
    address: running.address,
    target: running.address,
    engine: here,
  });
  t.after(() => backend.close());
  const described = await backend.describe(NEVER);
  assert.ok(described.ok);
  return { ...endpointOf(backend, described.value.externalLabels), ...described.value, timeoutMs: 20_000 };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const asItIs = (bytes: Buffer): Uint8Array => bytes;

/** A call that is answered with one message. */
export function callUnary(
  client: Client,
  method: string,
  request: Uint8Array = new Uint8Array(0),
  timeoutMs = 20_000,
): Promise<Answered> {
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + timeoutMs };
    client.makeUnaryRequest(method, asBuffer, asItIs, request, options, (error, message) => {
      const messages = message === undefined ? [] : [message];
      resolve({ messages, ...statusOf(error) });
    });
  });
}

export function openStream(
  client: Client,
  method: string,
  request: Uint8Array = new Uint8Array(0),
  timeoutMs = 20_000,
): ClientReadableStream<Uint8Array> {
  return client.makeServerStreamRequest(method, asBuffer, asItIs, request, {
    deadline: Date.now() + timeoutMs,
  });
}

/** A call that is answered with a stream. */
export async function callStream(
  client: Client,
  method: string,
  request?: Uint8Array,
  timeoutMs?: number,
): Promise<Answered> {
  const stream = openStream(client, method, request, timeoutMs);
  const messages: Uint8Array[] = [];
  try {
    for await (const message of stream as AsyncIterable<Uint8Array>) messages.push(message);
    return { messages, ...statusOf(null) };
  } catch (thrown) {
    return { messages, ...statusOf(thrown as ServiceError) };
  }
}

/** Sends requests on one stream and waits for as many answers. */
export function converse(
  client: Client,
  method: string,
  requests: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest(method, asBuffer, asItIs);
    const answers: Uint8Array[] = [];
    call.on('data', (answer: Uint8Array) => answers.push(answer));
    call.on('error', reject);
    call.on('end', () => resolve(answers));
    for (const request of requests) call.write(request);
    call.end();
  });
}

function statusOf(error: ServiceError | null): { readonly code: status; readonly details: string } {
  return { code: error?.code ?? status.OK, details: error?.details ?? '' };
}
