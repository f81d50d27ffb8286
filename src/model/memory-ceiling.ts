import type { MemoryPool } from './budget.ts';
import { formatBytes } from './byte-size.ts';
import { QueryError } from './errors.ts';

/** From this share of the limit on, new requests had better wait. */
const NEARLY_USED_UP = 0.8;

/** What all requests of the process may hold together. */
export class MemoryCeiling implements MemoryPool {
  /** Bytes; Infinity where there is no limit. */
  readonly limit: number;
  #held = 0;
  #refused = 0;
  readonly #onRoom = new Set<() => void>();

  /** @param limit bytes; 0 means none. */
  constructor(limit: number) {
    this.limit = limit > 0 ? limit : Infinity;
  }

  /** Bytes that are taken now. */
  get held(): number {
    return this.#held;
  }

  /** How often there was no room. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether what is left is needed by the requests that run. */
  get isNearlyUsedUp(): boolean {
    return this.#held >= this.limit * NEARLY_USED_UP;
  }

  take(bytes: number): void {
    const held = this.#held + bytes;
    if (held > this.limit) throw this.#refuse();
    this.#held = held;
  }

  give(bytes: number): void {
    const wasNearlyUsedUp = this.isNearlyUsedUp;
    this.#held -= bytes;
    if (wasNearlyUsedUp && !this.isNearlyUsedUp) for (const callback of this.#onRoom) callback();
  }

  /** Calls back each time that the limit is no longer nearly used up. The returned function ends that. */
  whenRoom(callback: () => void): () => void {
    this.#onRoom.add(callback);
    return () => void this.#onRoom.delete(callback);
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
