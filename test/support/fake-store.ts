import { once } from 'node:events';
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerOptions, ServerUnaryCall, ServerWritableStream, ServiceDefinition } from '@grpc/grpc-js';
import { EMPTY_LABELS, type Labels } from '../../src/model/labels.ts';
import { type InfoResponse, encodeInfoResponse } from '../../src/wire/store-api/info.ts';

/** What a fake server answers; calls that are left out are not offered. Bytes in, bytes out. */
export interface FakeCalls {
  readonly info?: () => Uint8Array;
  /** Writes what it likes and ends the call, or does not. */
  readonly series?: (call: StreamingCall) => void | Promise<void>;
  readonly labelNames?: (request: Buffer, call: UnaryCall) => Uint8Array;
  readonly labelValues?: (request: Buffer, call: UnaryCall) => Uint8Array;
  readonly rules?: (call: StreamingCall) => void;
  readonly targets?: (call: StreamingCall) => void;
  readonly metadata?: (call: StreamingCall) => void;
  readonly exemplars?: (call: StreamingCall) => void;
  readonly statistics?: (call: StreamingCall) => void;
}

export type StreamingCall = ServerWritableStream<Buffer, Uint8Array>;
export type UnaryCall = ServerUnaryCall<Buffer, Uint8Array>;

export interface FakeStore {
  /** `127.0.0.1:port`. */
  readonly target: string;
  /** Ends all connections at once. */
  close(): void;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asIs = (bytes: Buffer): Buffer => bytes;
const method = (path: string, responseStream: boolean): ServiceDefinition[string] => ({
  path,
  requestStream: false,
  responseStream,
  requestSerialize: asBuffer,
  requestDeserialize: asIs,
  responseSerialize: asBuffer,
  responseDeserialize: asIs,
});

const METHODS = {
  info: method('/thanos.info.Info/Info', false),
  series: method('/thanos.Store/Series', true),
  labelNames: method('/thanos.Store/LabelNames', false),
  labelValues: method('/thanos.Store/LabelValues', false),
  rules: method('/thanos.Rules/Rules', true),
  targets: method('/thanos.Targets/Targets', true),
  metadata: method('/thanos.Metadata/MetricMetadata', true),
  exemplars: method('/thanos.Exemplars/Exemplars', true),
  statistics: method('/thanos.Status/TSDBStatistics', true),
};

/** Starts a gRPC server on 127.0.0.1 whose answers a test decides, byte by byte. */
export async function startFakeStore(
  calls: FakeCalls,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
  options: ServerOptions = {},
): Promise<FakeStore> {
  const server = new Server({ 'grpc.max_send_message_length': -1, ...options });
  const handlers = Object.fromEntries(
    Object.entries(METHODS).map(([name, { responseStream }]) => {
      const handler = calls[name as keyof FakeCalls];
      if (handler === undefined) return [name, refuse];
      return [name, responseStream ? handler : unary(handler as (...args: never[]) => Uint8Array)];
    }),
  );
  server.addService(METHODS, handlers as never);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
  return { target: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

type Callback = (error: object | null, answer?: Uint8Array) => void;

function unary(handler: (...args: never[]) => Uint8Array): (call: UnaryCall, callback: Callback) => void {
  return (call, callback) => {
    try {
      callback(null, (handler as (request: Buffer, call: UnaryCall) => Uint8Array)(call.request, call));
    } catch (thrown) {
      callback(thrown as object);
    }
  };
}

/** Resolves when there is room to write more, or the client gave up. */
export async function roomToWrite(call: StreamingCall): Promise<void> {
  const done = new AbortController();
  const either = ['drain', 'cancelled'].map((event) => once(call, event, { signal: done.signal }));
  await Promise.race(either);
  done.abort();
  await Promise.allSettled(either);
}

/** A call that ends with a status other than OK: thrown by unary handlers, given to `call.emit('error', …)` by others. */
export function failure(code: status, details: string): Error {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

function refuse(call: UnaryCall | StreamingCall, callback?: Callback): void {
  const error = failure(status.UNIMPLEMENTED, 'unknown method');
  if (callback === undefined) call.emit('error', error);
  else callback(error);
}

/** An Info answer of a store with one label set and an open time range. */
export function infoAnswer(
  labelSets: readonly Labels[] = [EMPTY_LABELS],
  more: Partial<InfoResponse> = {},
): Uint8Array {
  return encodeInfoResponse({
    labelSets,
    componentType: 'sidecar',
    store: {
      minTime: 0,
      maxTime: 2 ** 63,
      supportsSharding: true,
      supportsWithoutReplicaLabels: true,
      tsdbInfos: [],
    },
    rules: false,
    metricMetadata: false,
    targets: false,
    exemplars: undefined,
    query: false,
    status: false,
    engine: '',
    ...more,
  });
}
