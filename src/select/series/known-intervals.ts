import { LRUCache } from 'lru-cache';
import type { EndpointId } from '../../cluster/endpoint-id.ts';
import type { Clock } from '../../model/clock.ts';
import { METRIC_NAME } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';

/** What is known of scrape intervals before series are read. A hint: whoever reads by it proves afterwards that it was right. */
export interface Intervals {
  /** The slowest interval in ms of series that these matchers select at an endpoint, 0 where it has none; undefined if unknown. */
  intervalOf(endpoint: EndpointId, matchers: readonly Matcher[]): number | undefined;
  /** Takes down what a read of them showed, ms. */
  saw(endpoint: EndpointId, matchers: readonly Matcher[], interval: number): void;
}

/** A slower interval counts for so long, ms, though faster ones were seen since: a replica may have been away just once. */
const LATELY_MS = 15 * 60_000;
/** What was not seen for so long, ms, is unknown again. */
const FORGOTTEN_MS = 60 * 60_000;

/** Memory for all that is known, bytes: some 20,000 metrics of jobs and endpoints. */
const MOST_BYTES = 4_000_000;
const BYTES_PER_ENTRY = 100;

interface Seen {
  readonly interval: number;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Remembers the slowest interval that was seen lately, by endpoint, metric name and job, as far as the matchers name them. A
 * job alone would not do: its scrape interval says nothing of series that rules or a push gateway make under its name. And
 * selectors that name no job are told apart by their metrics.
 */
export class KnownIntervals implements Intervals {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #seen: LRUCache<string, Seen>;

  constructor(clock: Pick<Clock, 'now'>, mostBytes: number = MOST_BYTES) {
    this.#clock = clock;
    this.#seen = new LRUCache<string, Seen>({
      maxSize: mostBytes,
      sizeCalculation: (_, key) => BYTES_PER_ENTRY + 2 * key.length,
    });
  }

  /** How many intervals are remembered. */
  get size(): number {
    return this.#seen.size;
  }

  intervalOf(endpoint: EndpointId, matchers: readonly Matcher[]): number | undefined {
    const seen = this.#seen.get(keyOf(endpoint, matchers));
    return seen !== undefined && this.#age(seen) < FORGOTTEN_MS ? seen.interval : undefined;
  }

  saw(endpoint: EndpointId, matchers: readonly Matcher[], interval: number): void {
    const key = keyOf(endpoint, matchers);
    const seen = this.#seen.peek(key);
    if (seen !== undefined && seen.interval > interval && this.#age(seen) < LATELY_MS) return;
    this.#seen.set(key, { interval, at: this.#clock.now() });
  }

  /** Times of a clock that was set back are none. */
  #age({ at }: Seen): number {
    const age = this.#clock.now() - at;
    return age < 0 ? Infinity : age;
  }
}

function keyOf(endpoint: EndpointId, matchers: readonly Matcher[]): string {
  return JSON.stringify([endpoint, textOf(matchers, METRIC_NAME), textOf(matchers, 'job')]);
}

/** The value that a label must have; empty where matchers do not name one. */
function textOf(matchers: readonly Matcher[], label: string): string {
  return matchers.find(({ kind, name }) => kind === '=' && name === label)?.value ?? '';
}
