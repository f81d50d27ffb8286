import type { MemoryPool } from './budget.ts';
import { formatBytes } from './byte-size.ts';
import { QueryError } from './errors.ts';

/** From this share of the limit on, new requests had better wait. */
const NEARLY_USED_UP = 0.8;

/** A request that holds more than this share of the limit is large, and the last tenth of it is not for those. */
const SMALL = 0.01;
const FOR_LARGE = 0.9;

/**
 * What all requests of the process may hold together. Where large ones take all that there is, they are the first that
 * get no more: the little that a list of labels takes is still there.
 */
export class MemoryCeiling implements MemoryPool {
  #limit = Infinity;
  #held = 0;
  #refused = 0;
  #peak = 0;
  #forLarge = Infinity;
  #small = Infinity;
  readonly #onRoom = new Set<() => void>();

  /** @param limit bytes; 0 means none. */
  constructor(limit: number) {
    this.setLimit(limit);
  }

  /** Bytes; Infinity where there is no limit. */
  get limit(): number {
    return this.#limit;
  }

  /** Changes the limit; what is held already stays. @param limit bytes; 0 means none. */
  setLimit(limit: number): void {
    const wasNearlyUsedUp = this.isNearlyUsedUp;
    this.#limit = limit > 0 ? limit : Infinity;
    this.#forLarge = this.#limit * FOR_LARGE;
    this.#small = this.#limit * SMALL;
    this.#tellOfRoom(wasNearlyUsedUp);
  }

  /** Bytes that are taken now. */
  get held(): number {
    return this.#held;
  }

  /** How often there was no room. */
  get refused(): number {
    return this.#refused;
  }

  /** The most bytes that were held since this was asked the last time; what is held now counts. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = this.#held;
    return peak;
  }

  /** Whether what is left is needed by the requests that run. */
  get isNearlyUsedUp(): boolean {
    return this.#held >= this.#limit * NEARLY_USED_UP;
  }

  take(bytes: number, heldByRequest: number): void {
    const held = this.#held + bytes;
    if (held > (heldByRequest > this.#small ? this.#forLarge : this.#limit)) throw this.#refuse();
    this.#held = held;
    if (held > this.#peak) this.#peak = held;
  }

  give(bytes: number): void {
    const wasNearlyUsedUp = this.isNearlyUsedUp;
    this.#held -= bytes;
    this.#tellOfRoom(wasNearlyUsedUp);
  }

  /** Calls back each time that the limit is no longer nearly used up. The returned function ends that. */
  whenRoom(callback: () => void): () => void {
    this.#onRoom.add(callback);
    return () => void this.#onRoom.delete(callback);
  }

  #tellOfRoom(wasNearlyUsedUp: boolean): void {
    if (wasNearlyUsedUp && !this.isNearlyUsedUp) for (const callback of this.#onRoom) callback();
  }

  #refuse(): QueryError {
    this.#refused++;
    return new QueryError(
      'overloaded',
      `the requests that run need more memory than the limit of ${formatBytes(this.limit)} ` +
        '(--query.max-memory); try again later, select fewer series, or raise the limit and the memory of the process',
    );
  }
}
