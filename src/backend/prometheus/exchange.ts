import { errors, type Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import type { Budget } from '../../model/budget.ts';
import type { CallLateness } from '../../model/call-lateness.ts';

/** So many bytes of a body may wait for their reader. Then its server has to wait. */
const MOST_WAITING_BYTES = 16 * 1024;
/** What a part takes beside its bytes, about: with chunks of a byte each, the parts are what memory is taken for. */
const BYTES_PER_PART = 64;
/**
 * What lies unread in a connection whose server has to wait, at most, beside what the system has: what its socket reads ahead, and one more
 * read of the system (`READ_AHEAD_BYTES` of the client, and 64 KiB of libuv).
 */
const UNREAD_BYTES = 80 * 1024;

export interface AnswerHead {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: IncomingHttpHeaders;
}

/**
 * One request and its answer, until that was read or given up. What has come and waits for its reader counts against the budget. undici's `request` does the same with a stream of Node for each
 * body, which costs as much as all else of a small answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #budget: Pick<Budget, 'take' | 'give'> | undefined;
  readonly #reading: CallLateness | undefined;
  readonly #head = Promise.withResolvers<AnswerHead>();
  /** Those from the next one on wait for their reader. */
  #parts: Buffer[] = [];
  #next = 0;
  #waitingBytes = 0;
  /** That were taken from the budget. */
  #takenBytes = 0;
  #isPaused = false;
  #controller: Dispatcher.DispatchController | undefined;
  #wakeReader: (() => void) | undefined;
  #isOver = false;
  #trailers: IncomingHttpHeaders = {};
  /** In a box, since anything may be the reason of a signal. */
  #failure: { readonly thrown: unknown } | undefined;

  private constructor(
    signal: AbortSignal,
    budget: Pick<Budget, 'take' | 'give'> | undefined,
    reading: CallLateness | undefined,
  ) {
    this.#signal = signal;
    this.#budget = budget;
    this.#reading = reading;
  }

  /**
   * Sends a request. Whatever ends it too early, such as the reason of the signal, or what the budget throws, comes out of {@link head} or
   * {@link next}.
   * @param budget none where what comes is not read.
   */
  static begin(
    dispatcher: Dispatcher,
    options: Dispatcher.DispatchOptions,
    signal: AbortSignal,
    budget?: Pick<Budget, 'take' | 'give'>,
    reading?: CallLateness,
  ): Exchange {
    const exchange = new Exchange(signal, budget, reading);
    if (signal.aborted) exchange.#fail(signal.reason);
    else {
      signal.addEventListener('abort', exchange.#giveUp);
      dispatcher.dispatch(options, exchange);
    }
    return exchange;
  }

  /** Resolves when the head of the answer came. */
  head(): Promise<AnswerHead> {
    return this.#head.promise;
  }

  /** The next part of the body where it has come; undefined where it has not, or none will. */
  ready(): Uint8Array | undefined {
    return this.#next < this.#parts.length ? this.#take() : undefined;
  }

  /** The next part of the body; undefined at its end. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#next < this.#parts.length) return this.#take();
      if (this.#failure !== undefined) throw this.#failure.thrown;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  /** What stands behind the body, once that has ended. Names are in lower case. */
  get trailers(): IncomingHttpHeaders {
    return this.#trailers;
  }

  /** The rest is not wanted. What has come whole leaves its connection to others; any other is closed. */
  leave(): void {
    if (this.#isOver) this.#drop();
    else this.#stop(new errors.RequestAbortedError());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#failure === undefined) this.#controller = controller;
    else controller.abort(asError(this.#failure.thrown));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // The answer comes behind those that only inform.
    if (status >= 200) this.#head.resolve({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    if (this.#isOver) return;
    this.#reading?.reads(part.length);
    const weight = part.length + BYTES_PER_PART;
    this.#parts.push(part);
    this.#waitingBytes += weight;
    const isFull = this.#waitingBytes >= MOST_WAITING_BYTES;
    if (!this.#hold(isFull && !this.#isPaused ? weight + UNREAD_BYTES : weight)) return;
    if (isFull) {
      this.#isPaused = true;
      controller.pause();
    }
    this.#wakeReader?.();
  }

  onResponseEnd(_: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.#trailers = trailers;
    this.#end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #take(): Buffer {
    const part = this.#parts[this.#next++]!;
    if (this.#next < this.#parts.length) return part;
    this.#drop();
    // Not before all is taken: whatever follows in the buffer of the connection is copied again each time that it goes on.
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#controller?.resume();
    }
    return part;
  }

  readonly #giveUp = (): void => this.#stop(this.#signal.reason);

  /** Takes bytes from the budget; false where that ends the exchange. */
  #hold(bytes: number): boolean {
    try {
      this.#budget?.take(bytes);
    } catch (thrown) {
      this.#stop(thrown);
      return false;
    }
    this.#takenBytes += bytes;
    return true;
  }

  /** Forgets what waits for its reader. */
  #drop(): void {
    this.#parts = [];
    this.#next = 0;
    this.#waitingBytes = 0;
    this.#budget?.give(this.#takenBytes);
    this.#takenBytes = 0;
  }

  #stop(thrown: unknown): void {
    this.#drop();
    this.#fail(thrown);
    this.#controller?.abort(asError(thrown));
  }

  #fail(thrown: unknown): void {
    if (this.#isOver) return;
    this.#failure = { thrown };
    this.#head.reject(thrown);
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#signal.removeEventListener('abort', this.#giveUp);
    this.#wakeReader?.();
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new errors.RequestAbortedError();
}
