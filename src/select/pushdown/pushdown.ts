import { LRUCache } from 'lru-cache';
import { CheckedRanges } from './checked-ranges.ts';
import type { Clock } from '../../model/clock.ts';

/** What became of the part of an aggregation that a shard was to compute. */
export type PushOutcome =
  /** It did. */
  | 'pushed'
  /** Its series are read, because a tenant may see only some of them. */
  | 'tenant'
  /** Because the request has other replica labels, or sees each replica. */
  | 'other_options'
  /** Because series of other shards may be the same, or carry the names of external labels, or a function makes labels of those. */
  | 'labels'
  /** Because the server may evaluate in another way: another kind, before Prometheus 3.0, with features that are not known, or a gateway of another version. */
  | 'server'
  /** Because it is set to hold what no other does, or is sent headers of callers. */
  | 'disjoint'
  /** Because it is down, suspect, or has not all of the range. */
  | 'unhealthy'
  /** Because no replica of it is proven to have all, or its targets are too many to prove it. */
  | 'unproven'
  /** Because it has so few series that to prove it would take as long as to read them. */
  | 'small'
  /** Because the same went wrong a moment ago. */
  | 'lately'
  /** Because the server failed, refused, or was slow. */
  | 'failed'
  /** Because the server said something beside its answer, or answered with what is not merged: histograms, infinite sums. */
  | 'not_plain'
  /** Because the replica does not have all that its scrapes let expect. */
  | 'not_whole'
  /** Because a sibling has something new, or a replica was changed meanwhile. */
  | 'changed';

/** What went wrong is not tried again for so long, ms by the monotonic clock. */
const REFUSED_MS: Readonly<Partial<Record<PushOutcome, number>>> = {
  failed: 30_000,
  not_plain: 300_000,
  not_whole: 30_000,
};

/** What proves that a replica has all is three figures of each target, and a series is some hundred bytes. */
const LEAST_PER_TARGET = 3;

/** So many of those are remembered. */
const MOST_REFUSED = 1000;

/** What computing parts of aggregations elsewhere needs; shared by all requests. */
export class Pushdown {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #refused = new LRUCache<string, number>({ max: MOST_REFUSED });
  readonly #onPush: (outcome: PushOutcome) => void;
  readonly checked: CheckedRanges = new CheckedRanges();
  /** With fewer series for each target they are read. */
  readonly leastPerTarget: number;

  /** @param onPush hears what became of each part that a shard might have computed. */
  constructor(
    clock: Pick<Clock, 'monotonic'>,
    onPush: (outcome: PushOutcome) => void = () => undefined,
    leastPerTarget: number = LEAST_PER_TARGET,
  ) {
    this.#clock = clock;
    this.#onPush = onPush;
    this.leastPerTarget = leastPerTarget;
  }

  /** Whether a part went wrong a moment ago. */
  isRefused(key: string): boolean {
    return (this.#refused.get(key) ?? -Infinity) > this.#clock.monotonic();
  }

  /** Takes down what became of a part. */
  end(key: string, outcome: PushOutcome): void {
    const forMs = REFUSED_MS[outcome];
    if (forMs !== undefined) this.#refused.set(key, this.#clock.monotonic() + forMs);
    this.#onPush(outcome);
  }

  /** Takes down that a shard was not asked for a part. */
  passedOver(outcome: PushOutcome): void {
    this.#onPush(outcome);
  }
}
