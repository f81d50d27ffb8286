import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { QueryFamily } from '../../model/query-family.ts';

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

/** All queries with the same text together. */
export interface TopQuery {
  readonly family: QueryFamily;
  /** In the canonical form, cut where it is long. */
  readonly text: string;
  readonly count: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly longestMs: number;
  readonly samples: number;
  readonly bytes: number;
  /** When the last of them ended, ms since the epoch. */
  readonly lastTime: number;
}

type Entry = { -readonly [key in keyof TopQuery]: TopQuery[key] };

const KEYS: Readonly<Record<TopOrder, (query: TopQuery) => number>> = {
  total_time: ({ totalMs }) => totalMs,
  longest_time: ({ longestMs }) => longestMs,
  samples: ({ samples }) => samples,
  bytes: ({ bytes }) => bytes,
};

/** Texts that are counted at most, and how many of them stay for each order when there are more. */
const MOST_TEXTS = 1000;
const STAY = 125;
/** Most characters that are kept of a text. With this and {@link MOST_TEXTS} all of it takes 4 MB at most, forms as they came included. */
const LONGEST_TEXT = 1000;

/**
 * Counts what queries cost, by their text. When there are too many texts, those stay that cost most in any order. So what costs
 * much is found whatever else is asked, while a text that was forgotten begins anew.
 */
export class TopQueries {
  readonly #entries = new Map<string, Entry>();
  /** Texts as they came, so that one that comes again need not be brought into its form again. */
  readonly #known = new LRUCache<string, string>({ max: MOST_TEXTS });

  /** @param canonical brings the text into its form; called where it is not known. */
  add(family: QueryFamily, text: string, canonical: () => string, cost: QueryCost): void {
    const key = this.#keyOf(family, text, canonical);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.#entries.size >= MOST_TEXTS) this.#forget();
      entry = {
        family,
        text: key.slice(family.length + 1),
        count: 0,
        failures: 0,
        totalMs: 0,
        longestMs: 0,
        samples: 0,
        bytes: 0,
        lastTime: 0,
      };
      this.#entries.set(key, entry);
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
  list(order: TopOrder, most: number): readonly TopQuery[] {
    return sorted(this.#entries.values(), order).slice(0, most);
  }

  #keyOf(family: QueryFamily, text: string, canonical: () => string): string {
    if (text.length > LONGEST_TEXT) return `${family} ${cut(text)}`;
    const name = `${family} ${text}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const key = `${family} ${cut(canonical())}`;
    this.#known.set(name, key);
    return key;
  }

  #forget(): void {
    const entries = [...this.#entries];
    const stay = new Set(TOP_ORDERS.flatMap((order) => sorted(this.#entries.values(), order).slice(0, STAY)));
    this.#entries.clear();
    for (const [key, entry] of entries) if (stay.has(entry)) this.#entries.set(key, entry);
  }
}

function sorted<T extends TopQuery>(entries: Iterable<T>, order: TopOrder): T[] {
  const key = KEYS[order];
  return [...entries].sort((a, b) => key(b) - key(a));
}

/** Long texts that begin alike are told apart by a hash of the whole. */
function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  // A slice would keep the whole text in memory, and a copy does not.
  const head = Buffer.from(text.slice(0, LONGEST_TEXT)).toString();
  return `${head}… (${text.length} characters, sha256 ${hash})`;
}
