import {
  Metadata,
  status,
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { hostOf, identityOf, peerSubject } from './admission.ts';
import { ageOf } from './guard-calls.ts';
import { toGrpcFailure, type GrpcFailure } from './errors.ts';
import { sendFrames } from './send-frames.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { ResponseLimit } from '../gateway/limits/response-limit.ts';
import type { Origin } from '../gateway/request-scope.ts';
import type { Access } from '../gateway/tenancy/admit.ts';
import type { Credentials } from '../gateway/tenancy/tenancy.ts';
import type { Clock } from '../model/clock.ts';
import { UNLIMITED } from '../model/caller-limits.ts';
import { clientOf } from '../model/identity.ts';
import { answeredIds, requestIds, type RequestIds } from '../model/request-ids.ts';
import type { Sampler } from '../model/trace-context.ts';
import type { Method, Service } from './service.ts';

/** Is called when a call starts. What it returns is called when that call ends. */
export type CallObserver = (
  path: string,
  ids: RequestIds,
) => (failure: GrpcFailure | undefined, cause: unknown) => void;

type Answer<K extends Method['kind']> = Extract<Method, { kind: K }>['answer'];

/** What all calls of a server have in common. */
export interface CallSettings {
  readonly observe: CallObserver;
  readonly clock: Clock;
  readonly gateway: Pick<Gateway, 'admit'>;
  /** Whether spans of a call are collected; undefined where they are of none. */
  readonly sample?: Sampler | undefined;
}

/** The service as the gRPC library takes it. Messages stay bytes on both sides. */
export function definitionOf({ name, methods }: Service): ServiceDefinition {
  return Object.fromEntries(
    methods.map((method) => [
      method.name,
      {
        path: pathOf(name, method.name),
        requestStream: method.kind === 'dialogue',
        responseStream: method.kind !== 'unary',
        requestSerialize: toBuffer,
        requestDeserialize: asItIs,
        responseSerialize: toBuffer,
        responseDeserialize: asItIs,
      },
    ]),
  );
}

export function handlersOf(
  { name, methods }: Service,
  { observe, clock, gateway, sample }: CallSettings,
): UntypedServiceImplementation {
  const originFor =
    (access: Access): OriginOf =>
    (call, ids) =>
      originOf(call, ids, clock, access === 'open' ? undefined : gateway.admit(credentialsOf(call), access));
  return Object.fromEntries(
    methods.map((method) => {
      const started: Started = (ids) => onlyOnce(observe(pathOf(name, method.name), ids));
      switch (method.kind) {
        case 'unary':
          return [method.name, unaryHandler(method.answer, started, originFor(method.access), sample)];
        case 'stream':
          return [method.name, streamHandler(method.answer, started, originFor(method.access), sample)];
        case 'dialogue':
          return [method.name, dialogueHandler(method.answer, started, sample)];
      }
    }),
  );
}

/** Throws where the caller may not make the call. */
type OriginOf = (call: UnaryCall | StreamCall, ids: RequestIds) => Origin;
type Started = (ids: RequestIds) => ReturnType<CallObserver>;
type UnaryCall = ServerUnaryCall<Buffer, Uint8Array>;
type StreamCall = ServerWritableStream<Buffer, Uint8Array>;

/** A call may end in several ways at the same time. The first one counts. */
function onlyOnce(finished: ReturnType<CallObserver>): ReturnType<CallObserver> {
  let done = false;
  return (failure, cause) => {
    if (!done) finished(failure, cause);
    done = true;
  };
}

function unaryHandler(
  answer: Answer<'unary'>,
  started: Started,
  originOf: OriginOf,
  sample: Sampler | undefined,
): handleUnaryCall<Buffer, Uint8Array> {
  const serve = async (
    ...[call, callback]: Parameters<handleUnaryCall<Buffer, Uint8Array>>
  ): Promise<void> => {
    const ids = identify(call, sample);
    const finished = started(ids);
    try {
      const origin = originOf(call, ids);
      const response = await answer(call.request, origin);
      responseLimitOf(origin)?.count(response.length);
      finished(undefined, undefined);
      callback(null, response);
    } catch (thrown) {
      const failure = toGrpcFailure(thrown);
      finished(failure, thrown);
      callback(failure);
    }
  };
  return (call, callback) => void serve(call, callback);
}

function streamHandler(
  answer: Answer<'stream'>,
  started: Started,
  originOf: OriginOf,
  sample: Sampler | undefined,
): handleServerStreamingCall<Buffer, Uint8Array> {
  const serve = async (call: StreamCall): Promise<void> => {
    const ids = identify(call, sample);
    const finished = started(ids);
    try {
      const origin = originOf(call, ids);
      const { signal, client, admission } = origin;
      const caller = { client, tenant: admission?.tenant ?? '' };
      await sendFrames(call, limited(answer(call.request, origin), origin), { signal, caller });
      finished(undefined, undefined);
      call.end();
    } catch (thrown) {
      const failure = toGrpcFailure(thrown);
      finished(failure, thrown);
      call.emit('error', failure);
    }
  };
  return (call) => void serve(call);
}

/** Undefined for an answer of any size. */
function responseLimitOf({ admission }: Origin): ResponseLimit | undefined {
  const limits = admission?.limits ?? UNLIMITED;
  return limits === UNLIMITED ? undefined : new ResponseLimit(limits);
}

/** The same frames, as far as the caller may be sent them. */
function limited(frames: AsyncIterable<Uint8Array>, origin: Origin): AsyncIterable<Uint8Array> {
  const limit = responseLimitOf(origin);
  return limit === undefined ? frames : counted(frames, limit);
}

async function* counted(frames: AsyncIterable<Uint8Array>, limit: ResponseLimit): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) {
    limit.count(frame.length);
    yield frame;
  }
}

/** Answers are small and made at once, so nothing here is worth cancelling. */
function dialogueHandler(
  answer: Answer<'dialogue'>,
  started: Started,
  sample: Sampler | undefined,
): handleBidiStreamingCall<Buffer, Uint8Array> {
  return (call) => {
    const finished = started(identify(call, sample));
    call.once('cancelled', () => finished({ code: status.CANCELLED, details: '' }, undefined));
    call.on('data', (request: Buffer) => {
      try {
        if (!call.write(answer(request))) call.pause().once('drain', () => call.resume());
      } catch (thrown) {
        const failure = toGrpcFailure(thrown);
        finished(failure, thrown);
        call.emit('error', failure);
      }
    });
    call.once('end', () => {
      finished(undefined, undefined);
      call.end();
    });
  };
}

/** The signal aborts when the client cancels, when its deadline is over, and when the connection breaks. */
function originOf(
  call: UnaryCall | StreamCall,
  ids: RequestIds,
  clock: Clock,
  admission: Origin['admission'],
): Origin {
  const controller = new AbortController();
  if (call.cancelled) controller.abort();
  else call.once('cancelled', () => controller.abort());
  // The library has it on the clock of the wall.
  const left = Number(call.getDeadline()) - clock.now();
  return {
    signal: controller.signal,
    waitedMs: ageOf(call.metadata),
    deadline: clock.monotonic() + left,
    requestBytes: call.request.length,
    ids,
    method: 'POST',
    path: call.getPath(),
    admission,
    header: (name) => call.metadata.get(name)[0],
    client: clientOf(identityOf(call.metadata), hostOf(call.getPeer())),
    whenSent: (callback) => whenSent(call, callback),
  };
}

function credentialsOf(call: UnaryCall | StreamCall): Credentials {
  return {
    header: (name) => (call.metadata.get(name).length === 0 ? undefined : call.metadata.get(name).join(', ')),
    subject: peerSubject(call),
    identity: identityOf(call.metadata),
    address: hostOf(call.getPeer()),
  };
}

/** The ids of a call, which its answer begins with. */
function identify(
  call: Pick<UnaryCall, 'metadata' | 'sendMetadata'>,
  sample: Sampler | undefined,
): RequestIds {
  const ids = requestIds((name) => call.metadata.get(name)[0], sample);
  const answer = new Metadata();
  for (const [name, value] of Object.entries(answeredIds(ids))) answer.set(name, value);
  call.sendMetadata(answer);
  return ids;
}

/** The library says `cancelled` at the end of every call: once its status is on its way, too. */
function whenSent(call: UnaryCall | StreamCall, callback: () => void): void {
  if (call.cancelled) callback();
  else call.once('cancelled', callback);
}

function pathOf(service: string, method: string): string {
  return `/${service}/${method}`;
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
