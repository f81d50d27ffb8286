import { LRUCache } from 'lru-cache';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';

/** Memory for all that was checked, bytes: a hundred selectors of shards with a thousand targets each. */
const MOST_BYTES = 8_000_000;
const BYTES_PER_RANGE = 300;
const BYTES_PER_TARGET = 60;

/** Ranges of one selector that are remembered: a query around an outage looks at two, and at the same ones when it comes again. */
const MOST_RANGES = 16;

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
  /** The newest of each selector comes last. */
  readonly #checked: LRUCache<string, readonly Checked[]>;

  constructor(mostBytes: number = MOST_BYTES) {
    this.#checked = new LRUCache<string, readonly Checked[]>({
      maxSize: mostBytes,
      sizeCalculation: (all, key) => 2 * key.length + all.reduce((sum, each) => sum + bytesOf(each), 0),
    });
  }

  /** The range that was checked in the same state and of the same targets, of those that have a time in them the longest behind it. */
  get(key: string, states: string, targets: TargetTable, time: number): Checked | undefined {
    let found: Checked | undefined;
    for (const checked of this.#checked.get(key) ?? []) {
      const isGood = checked.states === states && checked.targets === targets;
      const hasTime = checked.from <= time && checked.to >= time;
      if (isGood && hasTime && checked.to > (found?.to ?? -Infinity)) found = checked;
    }
    return found;
  }

  /** Remembers a range in the place of those that it has all of, and of those of another state. */
  put(key: string, checked: Checked): void {
    if (checked.to <= checked.from) return;
    const others = (this.#checked.get(key) ?? []).filter(
      ({ from, to, states, targets }) =>
        (from < checked.from || to > checked.to) && states === checked.states && targets === checked.targets,
    );
    this.#checked.set(key, [...others, checked].slice(-MOST_RANGES));
  }

  forget(key: string): void {
    this.#checked.delete(key);
  }
}

function bytesOf({ series }: Checked): number {
  return BYTES_PER_RANGE + BYTES_PER_TARGET * series.size;
}
