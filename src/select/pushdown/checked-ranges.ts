import { LRUCache } from 'lru-cache';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';

/** Memory for all that was checked, bytes: a hundred selectors of shards with a thousand targets each. */
const MOST_BYTES = 8_000_000;
const BYTES_PER_RANGE = 300;
const BYTES_PER_TARGET = 60;

/** What of the series of a selector was seen to be whole at an endpoint; times in ms since the epoch. */
export interface Checked {
  readonly from: number;
  readonly to: number;
  /** How many series each target had that had any. */
  readonly series: ReadonlyMap<number, number>;
  /** What the numbers of targets mean. */
  readonly targets: TargetTable;
  /** Whether all of them come with the scrapes of their targets. */
  readonly isScraped: boolean;
  /** When their samples were counted, ms since the epoch. */
  readonly countedAt: number;
  /** In which state the replicas of the shard were. */
  readonly states: string;
}

/**
 * Remembers in which ranges the series of selectors were whole, so that only what came since has to be checked. What is old enough not to
 * change any more does not, while its server is in the same state.
 */
export class CheckedRanges {
  readonly #checked: LRUCache<string, Checked>;

  constructor(mostBytes: number = MOST_BYTES) {
    this.#checked = new LRUCache<string, Checked>({
      maxSize: mostBytes,
      sizeCalculation: ({ series }, key) => BYTES_PER_RANGE + 2 * key.length + BYTES_PER_TARGET * series.size,
    });
  }

  /** The range that was checked, if it reaches as far back, in the same state and of the same targets. */
  get(key: string, states: string, targets: TargetTable, from: number): Checked | undefined {
    const checked = this.#checked.get(key);
    const isGood =
      checked !== undefined &&
      checked.states === states &&
      checked.targets === targets &&
      checked.from <= from;
    return isGood ? checked : undefined;
  }

  put(key: string, checked: Checked): void {
    if (checked.to > checked.from) this.#checked.set(key, checked);
  }

  forget(key: string): void {
    this.#checked.delete(key);
  }
}
