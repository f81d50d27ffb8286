import { ownPacer, type Pace } from '../../model/pacer.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Endpoint } from '../topology.ts';
import type { SteadyTargets } from './steady-targets.ts';
import type { TargetTable } from './target-table.ts';

/** Ranges are widened to multiples of this, ms, so that the queries of a dashboard ask the same. */
const GRID_MS = 3_600_000;
/** What is remembered takes so many bytes at most, and is for so many ranges. */
const MOST_BYTES = 32 * 1024 ** 2;
const MOST_REMEMBERED = 256;
const BYTES_PER_TARGET = 40;
/** With eight runs at most. */
const BYTES_PER_INTERRUPTED = 450;
const BYTES_OF_OBJECTS = 1000;

/** Which targets are steady, and what the numbers of targets mean. */
export interface KnownSteady {
  readonly steady: SteadyTargets;
  readonly targets: TargetTable;
}

/** What of the index answers; undefined where not all of the range is known. */
interface Looking {
  steadyOf(endpoints: readonly Endpoint[], range: TimeRange, pace: Pace): Promise<KnownSteady | undefined>;
  standing(endpoint: Endpoint, most: number): { readonly until: number };
}

/**
 * Remembers which targets the first of some endpoints scraped steadily. What is steady in a wide range is so in each part of it. Every
 * query asks this, and going through thousands of targets takes a while; after a refresh it is looked up anew.
 */
export class SteadyMemory {
  readonly #index: Looking;
  /** By range, endpoints, and until when they are known; in the order of their last use. */
  readonly #answers = new Map<string, { readonly found: Promise<KnownSteady | undefined>; bytes: number }>();
  #bytes = 0;

  constructor(index: Looking) {
    this.#index = index;
  }

  /** Memory that it takes, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param endpoints of one shard; the steady targets are those of the first. */
  async of(
    endpoints: readonly Endpoint[],
    { minTime, maxTime }: TimeRange,
  ): Promise<KnownSteady | undefined> {
    const range = {
      minTime: Math.floor(minTime / GRID_MS) * GRID_MS,
      maxTime: Math.ceil(maxTime / GRID_MS) * GRID_MS,
    };
    const known = endpoints.map((endpoint) => [endpoint.id, this.#index.standing(endpoint, 0).until]);
    const key = JSON.stringify([range.minTime, range.maxTime, ...known]);
    const answer = this.#answers.get(key) ?? this.#ask(key, endpoints, range);
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer.found;
  }

  #ask(
    key: string,
    endpoints: readonly Endpoint[],
    range: TimeRange,
  ): { readonly found: Promise<KnownSteady | undefined>; bytes: number } {
    const answer = { found: this.#index.steadyOf(endpoints, range, ownPacer()), bytes: BYTES_OF_OBJECTS };
    this.#bytes += answer.bytes;
    const settle = (known: KnownSteady | undefined): void => {
      if (this.#answers.get(key) !== answer) return;
      // What is not known may be read in a moment.
      if (known === undefined) return this.#drop(key);
      const { intervals, interrupted } = known.steady;
      const bytes = BYTES_PER_TARGET * intervals.length + BYTES_PER_INTERRUPTED * interrupted.size;
      answer.bytes += bytes;
      this.#bytes += bytes;
      this.#bound();
    };
    answer.found.then(settle, () => this.#drop(key));
    return answer;
  }

  #bound(): void {
    while (this.#answers.size > 1 && (this.#bytes > MOST_BYTES || this.#answers.size > MOST_REMEMBERED))
      this.#drop(this.#answers.keys().next().value!);
  }

  #drop(key: string): void {
    this.#bytes -= this.#answers.get(key)?.bytes ?? 0;
    this.#answers.delete(key);
  }
}
