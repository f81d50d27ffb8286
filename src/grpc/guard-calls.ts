import { constants, type ServerHttp2Stream } from 'node:http2';
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { ClientLimits, CutReason } from '../model/client-limits.ts';
import type { Timers } from '../model/timers.ts';
import { enter } from '../model/turns.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';
import { DelegatingCall } from './delegating-call.ts';
import { WATCH } from './services/health.ts';

type CallLimits = Pick<ClientLimits, 'readTimeout' | 'stallTimeout' | 'writeTimeout'>;
type Listener = Parameters<ServerInterceptingCallInterface['start']>[0];

/**
 * How fast a message must be taken besides, bytes per ms (64 KiB a second). Nothing tells how much of it is on its way, and the answer
 * of a unary call is one message, however large.
 */
const SLOWEST_TAKING = 64;

const ARRIVALS = new WeakMap<Metadata, number>();

/** How long ago the call with this metadata came, ms: it may have waited in a crowd, and for its password to be looked at. */
export function ageOf(metadata: Metadata): number {
  const arrival = ARRIVALS.get(metadata);
  return arrival === undefined ? 0 : performance.now() - arrival;
}

/**
 * Ends calls whose client does not send its request, or does not take its answer: none of it for a while, or not all of it in time.
 * A deadline does not: the library then waits until the client has taken what was sent before. It must be the first interceptor.
 */
export function guardCalls(limits: CallLimits, timers: Timers, onCut: CutObserver): ServerInterceptor {
  return ({ path }, call) => {
    const guarded = new GuardedCall(call, limits, timers, onCut, path !== WATCH);
    return new ServerInterceptingCall(guarded);
  };
}

class GuardedCall extends DelegatingCall {
  readonly #call: ServerInterceptingCallInterface;
  readonly #limits: CallLimits;
  readonly #timers: Timers;
  readonly #onCut: CutObserver;
  /** Bytes of messages that were sent and are not yet on their way. */
  #pending = 0;
  /** Whether some of them were taken since it was last looked. */
  #moved = false;
  #isOver = false;
  #stopArrival: (() => void) | undefined;
  #stopStall: (() => void) | undefined;
  #stopWhole: (() => void) | undefined;

  readonly #ends: boolean;

  /** @param ends whether its answer has an end. */
  constructor(
    call: ServerInterceptingCallInterface,
    limits: CallLimits,
    timers: Timers,
    onCut: CutObserver,
    ends: boolean,
  ) {
    super(call);
    this.#call = call;
    this.#limits = limits;
    this.#timers = timers;
    this.#onCut = onCut;
    this.#ends = ends;
  }

  /** Calls of many clients begin as requests over HTTP do. One that ended meanwhile never begins. */
  override start(listener: Listener): void {
    const arrival = performance.now();
    enter(() => {
      if (streamOf(this.#call)?.destroyed !== true) this.#begin(listener, arrival);
    });
  }

  #begin(listener: Listener, arrival: number): void {
    this.#awaitRequest();
    super.start({
      onReceiveMetadata: (metadata) => {
        ARRIVALS.set(metadata, arrival);
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => {
        this.#awaitRequest();
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => {
        this.#stopArrival?.();
        listener.onReceiveHalfClose();
      },
      onCancel: () => {
        this.#over();
        listener.onCancel();
      },
    });
  }

  override sendMessage(message: Uint8Array, taken: () => void): void {
    this.#pending += message.length;
    if (!this.#isOver) {
      if (this.#ends)
        this.#stopWhole ??= this.#timers.after(this.#limits.writeTimeout, () => this.#cut('long_answer'));
      this.#stopStall ??= this.#awaitTaking();
    }
    super.sendMessage(message, () => {
      this.#pending -= message.length;
      this.#moved = true;
      taken();
    });
  }

  /** From one message to the next, and to the end of the request. */
  #awaitRequest(): void {
    this.#stopArrival?.();
    if (!this.#isOver)
      this.#stopArrival = this.#timers.after(this.#limits.readTimeout, () => this.#cut('slow_request'));
  }

  /** Looks again after a while. A timer for each message would cost as much as to send it. */
  #awaitTaking(): () => void {
    this.#moved = false;
    const ms = this.#limits.stallTimeout + this.#pending / SLOWEST_TAKING;
    return this.#timers.after(ms, () => {
      this.#stopStall = undefined;
      if (this.#moved && this.#pending > 0) this.#stopStall = this.#awaitTaking();
      else if (this.#pending > 0) this.#cut('slow_reader');
    });
  }

  #cut(reason: CutReason): void {
    this.#onCut(reason);
    this.#over();
    resetStream(this.#call);
  }

  #over(): void {
    this.#isOver = true;
    this.#stopArrival?.();
    this.#stopStall?.();
    this.#stopWhole?.();
  }
}

/**
 * Ends a call at once; its cancellation follows. The library has no function for that, since a status waits for the messages before
 * it. So this takes the stream out of its innermost call. Other calls on the connection go on.
 */
function resetStream(call: ServerInterceptingCallInterface): void {
  const stream = streamOf(call);
  stream?.close(constants.NGHTTP2_CANCEL);
  // Where the connection takes nothing either, closing would wait for it.
  stream?.destroy();
}

function streamOf(call: ServerInterceptingCallInterface): ServerHttp2Stream | undefined {
  const { stream } = call as { readonly stream?: ServerHttp2Stream };
  return stream;
}
