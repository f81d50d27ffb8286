import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** A call of the library that hands everything on to another one. Interceptors change what they need of it. */
export class DelegatingCall implements ServerInterceptingCallInterface {
  readonly #call: ServerInterceptingCallInterface;

  constructor(call: ServerInterceptingCallInterface) {
    this.#call = call;
  }

  start(...args: Parameters<ServerInterceptingCallInterface['start']>): void {
    this.#call.start(...args);
  }

  sendMetadata(...args: Parameters<ServerInterceptingCallInterface['sendMetadata']>): void {
    this.#call.sendMetadata(...args);
  }

  /** `taken` is called once the message is on its way. */
  sendMessage(message: Uint8Array, taken: () => void): void {
    this.#call.sendMessage(message, taken);
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
