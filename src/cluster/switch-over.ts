import type { Member } from './member.ts';

/** What happens together with the listing of new endpoints, once. */
export class SwitchOver {
  readonly #awaited: readonly Member[];
  readonly #begin: () => void;
  readonly #done = Promise.withResolvers<void>();
  #isOver = false;

  /** @param awaited new ones that are not a part of the topology yet. */
  constructor(awaited: readonly Member[], begin: () => void) {
    this.#awaited = awaited;
    this.#begin = begin;
  }

  /** Resolves once it happened, or never will; rejects with what it threw. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** To be called where new ones are listed: it happens with the first one that it waits for, and where none of these is wanted any more. */
  look(waiting: readonly Member[]): void {
    if (this.#isOver) return;
    if (this.#awaited.length > 0 && this.#awaited.every((member) => waiting.includes(member))) return;
    this.#isOver = true;
    try {
      this.#begin();
      this.#done.resolve();
    } catch (thrown) {
      this.#done.reject(thrown);
    }
  }

  /** It never happens. */
  cancel(): void {
    this.#isOver = true;
    this.#done.resolve();
  }
}
