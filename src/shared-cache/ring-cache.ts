import { createHash } from 'node:crypto';
import type { SharedCache } from './shared-cache.ts';

/** A server and what it is called, which decides about its keys. */
export interface RingMember {
  readonly name: string;
  readonly cache: SharedCache;
}

/** Places of a server on the ring. With so many, the servers' shares differ by some 10 %. */
const PLACES = 160;

/**
 * Parts keys among servers by consistent hashing: where a server is added or taken away, the keys of the others stay where they are.
 * All gateways that name the same servers agree, in whatever order they name them. The keys of a server that is away are nowhere else.
 */
export class RingCache implements SharedCache {
  readonly #caches: readonly SharedCache[];
  /** Ascending. */
  readonly #places: Float64Array;
  /** Which of the caches each place belongs to. */
  readonly #owners: Int32Array;

  /** @param members one or more, each name once. */
  constructor(members: readonly RingMember[]) {
    this.#caches = members.map(({ cache }) => cache);
    const places = members.flatMap(({ name }, owner) =>
      Array.from({ length: PLACES }, (_, i) => ({ at: placeOf(`${name}#${i}`), name, owner })),
    );
    places.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
    this.#places = Float64Array.from(places, ({ at }) => at);
    this.#owners = Int32Array.from(places, ({ owner }) => owner);
  }

  get mostValueBytes(): number {
    return this.#caches[0]!.mostValueBytes;
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const values: (Uint8Array | undefined)[] = keys.map(() => undefined);
    const byOwner = Map.groupBy(keys.keys(), (i) => this.#ownerOf(keys[i]!));
    const asked = [...byOwner].map(async ([owner, places]) => {
      const found = await this.#caches[owner]!.get(places.map((i) => keys[i]!));
      for (const [n, i] of places.entries()) values[i] = found[n];
    });
    await Promise.all(asked);
    return values;
  }

  put(key: string, value: Uint8Array, lifetimeMs: number): void {
    this.#caches[this.#ownerOf(key)]!.put(key, value, lifetimeMs);
  }

  close(): void {
    for (const cache of this.#caches) cache.close();
  }

  /** That of the first place at or behind the key's own. */
  #ownerOf(key: string): number {
    const at = placeOf(key);
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#places[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return this.#owners[low % this.#owners.length]!;
  }
}

/** A number of 48 bits. */
function placeOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
