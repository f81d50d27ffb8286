import { ServerInterceptingCall, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';

/** Messages that HTTP/2 may hold for a client, bytes; one more may follow. */
const MOST_AHEAD_BYTES = 64 * 1024;

/**
 * Lets HTTP/2 have several messages of a stream at once. The library hands over the next one only when the one before
 * is on its way. So each small message costs a write to the socket, which is most of the time of sending it.
 */
export const writeAhead: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(new WriteAheadCall(call));

class WriteAheadCall implements ServerInterceptingCallInterface {
  readonly #call: ServerInterceptingCallInterface;
  #ahead = 0;
  /** Of a message whose successor has to wait. */
  #waiting: (() => void) | undefined;

  constructor(call: ServerInterceptingCallInterface) {
    this.#call = call;
  }

  sendMessage(message: Uint8Array, taken: () => void): void {
    this.#ahead += message.length;
    this.#call.sendMessage(message, () => this.#sent(message.length));
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

  start(...args: Parameters<ServerInterceptingCallInterface['start']>): void {
    this.#call.start(...args);
  }

  sendMetadata(...args: Parameters<ServerInterceptingCallInterface['sendMetadata']>): void {
    this.#call.sendMetadata(...args);
  }

  sendStatus(...args: Parameters<ServerInterceptingCallInterface['sendStatus']>): void {
    this.#call.sendStatus(...args);
  }

  startRead(): void {
    this.#call.startRead();
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getDeadline(): ReturnType<ServerInterceptingCallInterface['getDeadline']> {
    return this.#call.getDeadline();
  }

  getHost(): string {
    return this.#call.getHost();
  }

  getAuthContext(): ReturnType<ServerInterceptingCallInterface['getAuthContext']> {
    return this.#call.getAuthContext();
  }

  getConnectionInfo(): ReturnType<ServerInterceptingCallInterface['getConnectionInfo']> {
    return this.#call.getConnectionInfo();
  }

  getMetricsRecorder(): ReturnType<ServerInterceptingCallInterface['getMetricsRecorder']> {
    return this.#call.getMetricsRecorder();
  }
}
