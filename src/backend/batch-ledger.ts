import type { Budget } from '../model/budget.ts';
import type { SeriesBatch } from '../wire/batch/series-batch.ts';

/** Takes what a batch holds from the budget of the request that it is read for, while it grows. */
export class BatchLedger {
  readonly #batch: SeriesBatch;
  readonly #budget: Budget;
  readonly #pending: () => number;
  #bytes = 0;
  #series = 0;

  /** @param pending how many bytes wait to become a part of the batch. */
  constructor(batch: SeriesBatch, budget: Budget, pending: () => number = () => 0) {
    this.#batch = batch;
    this.#budget = budget;
    this.#pending = pending;
  }

  /** Gives all back, where the batch is not used: its memory is free at once, as the budget says. */
  drop(): void {
    this.#batch.discard();
    this.#budget.give(this.#bytes);
    this.#bytes = 0;
  }

  /** To be called after each part that was read. Throws as the budget does. */
  settle(): void {
    const { length } = this.#batch;
    const bytes = this.#batch.bytes + this.#pending();
    if (bytes > this.#bytes) this.#budget.take(bytes - this.#bytes);
    else this.#budget.give(this.#bytes - bytes);
    if (length > this.#series) this.#budget.series(length - this.#series);
    this.#bytes = bytes;
    this.#series = length;
  }

  /** To be called when the answer is whole: what the batch has no need of is given back. */
  end(): void {
    this.#batch.trim();
    this.settle();
  }
}
