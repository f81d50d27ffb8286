import { LRUCache } from 'lru-cache';
import type { NotedItems } from '../model/annotations.ts';
import type { Clock } from '../model/clock.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { scopeKey, wantsFresh } from '../model/scope-key.ts';

/** How long and how much lists are kept. */
export interface ListCacheSettings {
  /** ms; 0 keeps nothing. */
  readonly lifetime: number;
  /** Of all that is kept, about. */
  readonly bytes: number;
}

export type CachedList = 'series' | 'labels' | 'label_values' | 'metadata';

/** `around`: the request wanted no answer that was kept. */
export type CacheOutcome = 'hit' | 'miss' | 'around';

/** What a list is asked for. */
export interface ListQuestion<T> {
  readonly list: CachedList;
  /** All that decides about the answer beside the scope and the endpoints; a value of JSON. */
  readonly asked: unknown;
  /** What an item takes in memory, about. */
  readonly bytesOf: (item: T) => number;
}

/** One list may take this part of all that is kept, so that it does not drive all others out. */
const LARGEST_PART = 1 / 8;
/** Of an entry beside its items. */
const ENTRY_BYTES = 200;

/**
 * Keeps lists for a short time, because every viewer of a dashboard asks for the same ones. An answer may be as old as the lifetime: a
 * series that began since is not in it. So nothing is kept unless the configuration says so. Only whole answers are kept, about which
 * nothing is to be said: none that lacks something, was cut, or that a stand-in completed. The question, the scope and the generation of
 * the endpoints name an answer, so no caller is told what another one may see.
 */
export class ListCache {
  readonly #kept: LRUCache<string, NotedItems<unknown>> | undefined;
  readonly #generation: () => number;
  readonly #largest: number;
  readonly #observe: (list: CachedList, outcome: CacheOutcome) => void;

  /** @param generation that of the endpoints as they are known now. */
  constructor(
    { lifetime, bytes }: ListCacheSettings,
    generation: () => number,
    clock: Clock,
    observe: (list: CachedList, outcome: CacheOutcome) => void = () => undefined,
  ) {
    this.#generation = generation;
    this.#largest = Math.floor(bytes * LARGEST_PART);
    this.#observe = observe;
    if (lifetime > 0 && this.#largest > 0)
      this.#kept = new LRUCache({
        maxSize: bytes,
        ttl: lifetime,
        ttlResolution: 0,
        perf: { now: () => clock.monotonic() },
      });
  }

  /** Bytes of what is kept, about. */
  get bytes(): number {
    return this.#kept?.calculatedSize ?? 0;
  }

  /** The answer that was kept, or that of `ask`. Rejects as `ask` does, and then keeps nothing. */
  async answer<T, L extends NotedItems<T>>(
    scope: RequestScope,
    { list, asked, bytesOf }: ListQuestion<T>,
    ask: () => Promise<L>,
  ): Promise<L> {
    if (this.#kept === undefined) return ask();
    if (wantsFresh(scope)) {
      this.#observe(list, 'around');
      return ask();
    }
    const key = scopeKey(scope, [list, asked, this.#generation()]);
    const found = this.#kept.get(key) as L | undefined;
    this.#observe(list, found === undefined ? 'miss' : 'hit');
    if (found !== undefined) return found;
    const answer = await ask();
    const size = answer.annotations.length === 0 ? this.#sizeOf(answer.items, bytesOf, key) : undefined;
    if (size === undefined) return answer;
    answer.items.keep?.();
    this.#kept.set(key, answer, { size });
    return answer;
  }

  /** Undefined where it is too large to be kept, which shows before all of a long list was looked at. */
  #sizeOf<T>(items: Iterable<T>, bytesOf: (item: T) => number, key: string): number | undefined {
    let size = ENTRY_BYTES + key.length;
    for (const item of items) {
      size += bytesOf(item);
      if (size > this.#largest) return undefined;
    }
    return size > this.#largest ? undefined : size;
  }
}

/** Of a text beside its characters, in memory. */
const TEXT_BYTES = 24;

/** What texts take in memory, about. */
export function bytesOfTexts(texts: readonly string[]): number {
  let bytes = 0;
  for (const text of texts) bytes += TEXT_BYTES + text.length;
  return bytes;
}
