import { LRUCache } from 'lru-cache';

/** Of so many selectors and endpoints it is remembered what was checked. */
const MOST_CHECKED = 1000;

/** What of the series of a selector was seen to be whole at an endpoint; times in ms since the epoch. */
export interface Checked {
  readonly from: number;
  readonly to: number;
  /** How many series there were. */
  readonly series: number;
  /** In which state the replicas of the shard were. */
  readonly states: string;
}

/**
 * Remembers in which ranges the series of selectors were whole, so that only what came since has to be checked. What is old enough not to
 * change any more does not, while its server is in the same state.
 */
export class CheckedRanges {
  readonly #checked = new LRUCache<string, Checked>({ max: MOST_CHECKED });

  /** The range that was checked, if it reaches as far back, and there were as many series as there have to be. */
  get(key: string, states: string, from: number, leastSeries: number): Checked | undefined {
    const checked = this.#checked.get(key);
    const isGood =
      checked !== undefined &&
      checked.states === states &&
      checked.from <= from &&
      checked.series >= leastSeries;
    return isGood ? checked : undefined;
  }

  put(key: string, checked: Checked): void {
    if (checked.to > checked.from) this.#checked.set(key, checked);
  }

  forget(key: string): void {
    this.#checked.delete(key);
  }
}
