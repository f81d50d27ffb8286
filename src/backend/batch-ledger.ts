import type { Budget } from '../model/budget.ts';
import type { SeriesBatch } from '../wire/batch/series-batch.ts';

/** Takes what a batch holds from the budget of the request that it is read for, while it grows. */
export class BatchLedger {
  readonly #batch: SeriesBatch;
  readonly #budget: Budget;
  #bytes = 0;
  #series = 0;

  constructor(batch: SeriesBatch, budget: Budget) {
    this.#batch = batch;
    this.#budget = budget;
  }

  /** Gives all back, where the batch is not used. */
  drop(): void {
    this.#budget.give(this.#bytes);
    this.#bytes = 0;
  }

  /** To be called after each part that was read. Throws as the budget does. */
  settle(): void {
    const { bytes, length } = this.#batch;
    if (bytes > this.#bytes) this.#budget.take(bytes - this.#bytes);
    if (length > this.#series) this.#budget.series(length - this.#series);
    this.#bytes = bytes;
    this.#series = length;
  }
}
