import { type Client, InterceptingCall, type Metadata, status } from '@grpc/grpc-js';
import type { Interceptor, StatusObject } from '@grpc/grpc-js';
import type { Budget } from '../../model/budget.ts';
import { type Paced, turnFor } from '../../model/pacer.ts';
import { isTurnUsedUp } from '../../model/turns.ts';
import { ArrivingMessage } from './arriving-message.ts';

export interface StreamCall {
  /** With its service, `/thanos.Store/Series`. */
  readonly method: string;
  readonly request: Uint8Array;
  /** Of this call alone: it may be changed. */
  readonly metadata: Metadata;
}

/** What may come of a stream while its messages wait, beside them, bytes; and what it counts against. */
export interface ReadAhead {
  readonly bytes: number;
  readonly budget: Pick<Budget, 'take' | 'give'>;
}

/**
 * What is done with a message. A large one may take several turns: then it returns a promise that resolves when it is done.
 */
export type TakeMessage = (message: Uint8Array) => Promise<void> | undefined;

/**
 * Calls a method and gives each message of its streamed answer to `take`. The next one is asked for when `take` is done
 * and others had their turn, so a server that is faster has to wait. Resolves when the answer is whole; rejects with the status as an
 * Error with `code` and `details`, or with what `take` or the budget throws, which cancels the call. An aborted signal cancels it, too.
 *
 * Messages are taken from an interceptor, below the object stream that the library makes of them: with a store that
 * sends each series for itself, its events and ticks would cost more than reading the series.
 */
export function takeMessages(
  client: Client,
  { method, request, metadata }: StreamCall,
  scope: Paced,
  ahead: ReadAhead,
  take: TakeMessage,
): Promise<void> {
  const { signal } = scope;
  return new Promise((resolve, reject) => {
    let done = false;
    const end = (settle: () => void): void => {
      done = true;
      signal.removeEventListener('abort', cancel);
      arriving.end();
      settle();
    };
    const takeFrom: Interceptor = (interceptorOptions, nextCall) => {
      const inner = nextCall(interceptorOptions);
      /** Resolves when the message that waits for its turn, or takes several, was taken. */
      let waiting: Promise<void> | undefined;
      /** Taken from the budget while one waits. */
      let held = 0;
      const hold = (bytes: number): void => {
        ahead.budget.take(bytes);
        held = bytes;
      };
      const waited = (): void => {
        waiting = undefined;
        ahead.budget.give(held);
        held = 0;
      };
      const goOn = (): void => {
        waited();
        inner.startRead();
      };
      const fail = (thrown: unknown): void => {
        waited();
        end(() => reject(thrown));
        cancel();
      };
      const takeNow = (message: Buffer): void => {
        if (done) return;
        try {
          const taking = take(message);
          if (taking === undefined) inner.startRead();
          else {
            waiting = taking.then(goOn, fail);
            hold(ahead.bytes);
          }
        } catch (thrown) {
          fail(thrown);
        }
      };
      const takeInTurn = async (message: Buffer): Promise<void> => {
        await turnFor(scope);
        waited();
        takeNow(message);
      };
      const letWait = (message: Buffer): void => {
        try {
          hold(message.length + ahead.bytes);
          waiting = takeInTurn(message);
        } catch (thrown) {
          fail(thrown);
        }
      };
      /** The status may come while the last message waits. */
      const endNow = (answer: StatusObject): void => {
        if (waiting !== undefined) void waiting.then(() => endNow(answer));
        else if (!done) end(() => (answer.code === status.OK ? resolve() : reject(statusError(answer))));
      };
      const listener = {
        onReceiveMetadata: (_headers: Metadata): void => {},
        onReceiveMessage: (message: Buffer): void => {
          // Looked at before the work: messages of many stores come in one turn, and each would be read in it otherwise.
          if (isTurnUsedUp()) letWait(message);
          else takeNow(message);
        },
        onReceiveStatus: endNow,
      };
      return new InterceptingCall(inner, {
        start: (headers, _streamListener, next) => {
          next(headers, listener);
          inner.startRead();
        },
      });
    };
    const cancel = (): void => call.cancel();
    const arriving = new ArrivingMessage(ahead.budget, (thrown) => {
      if (!done) end(() => reject(thrown));
      cancel();
    });
    const call = arriving.begin(metadata, () =>
      client.makeServerStreamRequest(method, asBuffer, asIs, request, metadata, {
        interceptors: [takeFrom],
      }),
    );
    signal.addEventListener('abort', cancel, { once: true });
  });
}

function statusError({ code, details }: StatusObject): Error {
  return Object.assign(new Error(`${status[code]}: ${details}`), { code, details });
}

/** Messages are bytes for gRPC; what they mean is read and written elsewhere. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function asIs(bytes: Buffer): Buffer {
  return bytes;
}
