import type { Budget } from '../model/budget.ts';
import { QueryError } from '../model/errors.ts';

/** A step of a row is a kind and a float, 9 bytes; a sample is a timestamp and a float, 16 bytes. */
const SAMPLES_PER_PLACE = 9 / 16;

/** What samples take is taken from here; throws where there is no more. */
export type Memory = Pick<Budget, 'take' | 'give'>;

/** Of a timestamp and a value. */
const SAMPLE_BYTES = 16;

/** How many samples take as much memory as so many bytes. */
export function samplesOfBytes(bytes: number): number {
  return Math.ceil(bytes / SAMPLE_BYTES);
}

/** The most samples that a query of its caller may hold. */
export interface SampleLimit {
  readonly most: number;
  /** Made for a query that holds so many. */
  readonly refuse: (samples: number) => QueryError;
}

/** Counts the samples that a query holds in memory and stops it at the limit. */
export class SampleBudget {
  readonly #limit: number;
  readonly #query: string;
  readonly #own: SampleLimit | undefined;
  #reserved = 0;
  readonly #memory: Memory | undefined;
  #held = 0;
  #peak = 0;
  /** The most that were held since {@link lap} was asked. */
  #lap = 0;

  /** @param own what counts besides; it has an error of its own. */
  constructor(limit: number, query: string, memory?: Memory, own?: SampleLimit) {
    this.#own = own;
    this.#limit = limit;
    this.#query = query;
    this.#memory = memory;
  }

  /** The most samples that were held at once. */
  get peak(): number {
    return this.#peak;
  }

  /** The most samples that were held at once since this was asked before. */
  lap(): number {
    const most = this.#lap;
    this.#lap = this.#held;
    return most;
  }

  /** Takes `samples` more into memory; throws `execution`, beginning with Prometheus' words, beyond the limit. */
  take(samples: number): void {
    this.#held += samples;
    if (this.#held > this.#peak) this.#peak = this.#held;
    if (this.#held > this.#lap) this.#lap = this.#held;
    this.check(0);
    this.#memory?.take(samples * SAMPLE_BYTES);
  }

  /**
   * Counts the places of a row that stays in memory until the query ends, in which `present` samples are counted already. A
   * row has a place for each step, whether there is a sample or not. Throws as {@link take} does where rows without samples
   * take as much memory as the samples that are allowed.
   */
  takeRow(stepCount: number, present: number): void {
    if (stepCount > 1) this.reserve(Math.max(0, Math.ceil(stepCount * SAMPLES_PER_PLACE) - present));
  }

  /** Keeps room for `samples` until the query ends, beside those that it holds. Throws as {@link take} does. */
  reserve(samples: number): void {
    this.#reserved += samples;
    this.#refuseOver(this.#reserved);
    this.#memory?.take(samples * SAMPLE_BYTES);
  }

  /** Throws as {@link take} does where `more` samples would be beyond the limit, and takes nothing. */
  check(more: number): void {
    this.#refuseOver(this.#held + more);
  }

  #refuseOver(samples: number): void {
    if (this.#own !== undefined && samples > this.#own.most) throw this.#own.refuse(samples);
    if (samples <= this.#limit) return;
    throw new QueryError(
      'execution',
      'query processing would load too many samples into memory in query execution: ' +
        `${samples} samples are over the limit of ${this.#limit} for ${this.#query}`,
    );
  }

  release(samples: number): void {
    this.#held -= samples;
    this.#memory?.give(samples * SAMPLE_BYTES);
  }

  /** Samples held now; to be handed to {@link settle} later. */
  get held(): number {
    return this.#held;
  }

  /** Back to what was held before a part of the query, plus what that part's result takes. */
  settle(heldBefore: number, result: number): void {
    this.release(this.#held - heldBefore);
    this.take(result);
  }
}
