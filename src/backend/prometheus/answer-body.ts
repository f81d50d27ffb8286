import type { Budget } from '../../model/budget.ts';
import { tooLarge } from '../endpoint-error.ts';
import { bodyError } from './errors.ts';
import type { Exchange } from './exchange.ts';

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The body of an answer, part by part. A part counts against the budget until the next one is asked for, or nobody wants more. An
 * asynchronous generator would be shorter, but a part that is there already would come by three more turns of promises.
 */
export class AnswerBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #exchange: Exchange;
  readonly #maxBytes: number;
  readonly #budget: Budget;
  readonly #onPart: () => void;
  #received = 0;
  /** Bytes of the part that was handed out last. */
  #held = 0;
  #isOver = false;

  /** @param maxBytes of the whole. */
  constructor(exchange: Exchange, maxBytes: number, budget: Budget, onPart: () => void) {
    this.#exchange = exchange;
    this.#maxBytes = maxBytes;
    this.#budget = budget;
    this.#onPart = onPart;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Rejects with an EndpointError where the body ends early or is too large, and as the budget does. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isOver) return OVER;
    this.#giveBack();
    try {
      const part = this.#exchange.ready() ?? (await this.#nextPart());
      if (part === undefined) return this.#end();
      this.#onPart();
      this.#received += part.length;
      if (this.#received > this.#maxBytes) throw tooLarge(this.#maxBytes);
      this.#budget.received(part.length);
      this.#budget.take(part.length);
      this.#held = part.length;
      return { done: false, value: part };
    } catch (thrown) {
      this.#end();
      throw thrown;
    }
  }

  /** The rest is not wanted. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    return this.#end();
  }

  async #nextPart(): Promise<Uint8Array | undefined> {
    try {
      return await this.#exchange.next();
    } catch (thrown) {
      throw bodyError(thrown, this.#received);
    }
  }

  #giveBack(): void {
    this.#budget.give(this.#held);
    this.#held = 0;
  }

  #end(): IteratorReturnResult<undefined> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#giveBack();
      this.#exchange.leave();
    }
    return OVER;
  }
}
