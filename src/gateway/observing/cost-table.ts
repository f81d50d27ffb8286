/** What queries can be ordered by. */
export const TOP_ORDERS = ['total_time', 'longest_time', 'samples', 'bytes'] as const;
export type TopOrder = (typeof TOP_ORDERS)[number];

/** What one query cost. */
export interface QueryCost {
  /** From its coming to its end, without the sending of its answer, ms. */
  readonly ms: number;
  readonly samples: number;
  /** Received from endpoints. */
  readonly bytes: number;
  readonly failed: boolean;
  /** ms since the epoch. */
  readonly at: number;
}

/** What several queries cost together. */
export interface TotalCost {
  readonly count: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly longestMs: number;
  readonly samples: number;
  readonly bytes: number;
  /** When the last of them ended, ms since the epoch. */
  readonly lastTime: number;
}

export interface NamedCost extends TotalCost {
  readonly name: string;
}

type Entry = { -readonly [key in keyof NamedCost]: NamedCost[key] };

const KEYS: Readonly<Record<TopOrder, (cost: TotalCost) => number>> = {
  total_time: ({ totalMs }) => totalMs,
  longest_time: ({ longestMs }) => longestMs,
  samples: ({ samples }) => samples,
  bytes: ({ bytes }) => bytes,
};

/** Names that are counted at most, and how many of them stay for each order when there are more. */
export const MOST_NAMES = 1000;
const STAY = 125;

/**
 * Adds up what queries cost, by a name. When there are too many names, those stay that cost most in any order. So what costs
 * much is found whatever else is asked, while a name that was forgotten begins anew.
 */
export class CostTable {
  readonly #entries = new Map<string, Entry>();

  add(name: string, cost: QueryCost): void {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      if (this.#entries.size >= MOST_NAMES) this.#forget();
      entry = { name, count: 0, failures: 0, totalMs: 0, longestMs: 0, samples: 0, bytes: 0, lastTime: 0 };
      this.#entries.set(name, entry);
    }
    entry.count++;
    if (cost.failed) entry.failures++;
    entry.totalMs += cost.ms;
    entry.longestMs = Math.max(entry.longestMs, cost.ms);
    entry.samples += cost.samples;
    entry.bytes += cost.bytes;
    entry.lastTime = cost.at;
  }

  /** Those that cost most. */
  list(order: TopOrder, most: number): readonly NamedCost[] {
    const key = KEYS[order];
    return [...this.#entries.values()].sort((a, b) => key(b) - key(a)).slice(0, most);
  }

  #forget(): void {
    const entries = [...this.#entries];
    const stay = new Set(TOP_ORDERS.flatMap((order) => this.list(order, STAY)));
    this.#entries.clear();
    for (const [name, entry] of entries) if (stay.has(entry)) this.#entries.set(name, entry);
  }
}
