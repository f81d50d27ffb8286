import { ServerInterceptingCall } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import { DelegatingCall } from './delegating-call.ts';

/** Messages that HTTP/2 may hold for a client, bytes; one more may follow. */
const MOST_AHEAD_BYTES = 64 * 1024;

/**
 * Lets HTTP/2 have several messages of a stream at once. The library hands over the next one only when the one before
 * is on its way. So each small message costs a write to the socket, which is most of the time of sending it.
 */
export const writeAhead: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(new WriteAheadCall(call));

class WriteAheadCall extends DelegatingCall {
  #ahead = 0;
  /** Of a message whose successor has to wait. */
  #waiting: (() => void) | undefined;

  override sendMessage(message: Uint8Array, taken: () => void): void {
    this.#ahead += message.length;
    super.sendMessage(message, () => this.#sent(message.length));
    if (this.#ahead < MOST_AHEAD_BYTES) taken();
    else this.#waiting = taken;
  }

  #sent(bytes: number): void {
    this.#ahead -= bytes;
    if (this.#ahead >= MOST_AHEAD_BYTES) return;
    const taken = this.#waiting;
    this.#waiting = undefined;
    taken?.();
  }
}
