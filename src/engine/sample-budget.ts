import { QueryError } from '../model/errors.ts';

/** Counts the samples that a query holds in memory and stops it at the limit. */
export class SampleBudget {
  readonly #limit: number;
  readonly #query: string;
  #held = 0;
  #peak = 0;

  constructor(limit: number, query: string) {
    this.#limit = limit;
    this.#query = query;
  }

  /** The most samples that were held at once. */
  get peak(): number {
    return this.#peak;
  }

  /** Takes `samples` more into memory; throws `execution`, beginning with Prometheus' words, beyond the limit. */
  take(samples: number): void {
    this.#held += samples;
    if (this.#held > this.#peak) this.#peak = this.#held;
    this.check(0);
  }

  /** Throws as {@link take} does where `more` samples would be beyond the limit, and takes nothing. */
  check(more: number): void {
    const samples = this.#held + more;
    if (samples <= this.#limit) return;
    throw new QueryError(
      'execution',
      'query processing would load too many samples into memory in query execution: ' +
        `${samples} samples are over the limit of ${this.#limit} for ${this.#query}`,
    );
  }

  release(samples: number): void {
    this.#held -= samples;
  }

  /** Samples held now; to be handed to {@link settle} later. */
  get held(): number {
    return this.#held;
  }

  /** Back to what was held before a part of the query, plus what that part's result takes. */
  settle(heldBefore: number, result: number): void {
    this.#held = heldBefore;
    this.take(result);
  }
}
