import { subscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';
import type { Budget } from '../../model/budget.ts';

/** Tells which call a stream of HTTP/2 is of: the library shows no other way. Servers pass over headers that they do not know. */
const CALL_HEADER = 'promweave-call';
/** Of each message: whether it is compressed, and its length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;
/** So much of a message may have come before it is counted. */
const STEP_BYTES = 64 * 1024;

const watched = new Map<string, ArrivingMessage>();
let lastCall = 0;

subscribe('http2.client.stream.created', (created) => {
  const { stream, headers } = created as {
    readonly stream: ClientHttp2Stream;
    readonly headers: Readonly<Record<string, unknown>>;
  };
  const call = headers[CALL_HEADER];
  if (typeof call === 'string') watched.get(call)?.watch(stream);
});

/**
 * Counts against a budget what has come of the message of a call that is not whole yet. The library keeps its parts until then, and tells
 * nobody: a server could declare a large message, send most of it and stop. What takes whole messages counts those.
 */
export class ArrivingMessage {
  readonly #budget: Pick<Budget, 'take' | 'give'>;
  readonly #onFull: (thrown: unknown) => void;
  readonly #call = String(++lastCall);
  /** How much of the prefix came, and what it said so far. */
  #prefix = 0;
  #size = 0;
  /** Of the message, bytes. */
  #came = 0;
  #held = 0;
  #isOver = false;

  /** @param onFull is told what the budget throws; the call should be ended then. */
  constructor(budget: Pick<Budget, 'take' | 'give'>, onFull: (thrown: unknown) => void) {
    this.#budget = budget;
    this.#onFull = onFull;
  }

  /** Makes the call, to which that metadata belongs. Throws what `make` throws. */
  begin<T>(metadata: Metadata, make: () => T): T {
    metadata.set(CALL_HEADER, this.#call);
    watched.set(this.#call, this);
    try {
      return make();
    } catch (thrown) {
      this.end();
      throw thrown;
    }
  }

  /** Hears of the stream that the call is made by. The library may make it again by another one. */
  watch(stream: ClientHttp2Stream): void {
    this.#begin();
    this.#hold();
    stream.on('data', (data: Uint8Array) => this.#arrived(data));
  }

  /** To be called when the call has ended. */
  end(): void {
    this.#isOver = true;
    watched.delete(this.#call);
    this.#budget.give(this.#held);
    this.#held = 0;
  }

  #arrived(data: Uint8Array): void {
    if (this.#isOver) return;
    for (let at = 0; at < data.length;) {
      if (this.#prefix < PREFIX_BYTES) {
        // The first byte is no part of the length.
        if (this.#prefix++ > 0) this.#size = this.#size * 256 + data[at]!;
        at++;
      } else {
        const part = Math.min(data.length - at, this.#size - this.#came);
        this.#came += part;
        at += part;
      }
      if (this.#prefix === PREFIX_BYTES && this.#came === this.#size) this.#begin();
    }
    this.#hold();
  }

  #begin(): void {
    this.#prefix = 0;
    this.#size = 0;
    this.#came = 0;
  }

  #hold(): void {
    const more = this.#came - this.#held;
    if (more < 0) this.#budget.give(-more);
    else if (more >= STEP_BYTES) {
      try {
        this.#budget.take(more);
      } catch (thrown) {
        this.end();
        return this.#onFull(thrown);
      }
    } else return;
    this.#held = this.#came;
  }
}
