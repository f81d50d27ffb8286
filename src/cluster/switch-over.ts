/** What happens together with the listing of new endpoints, once. */
export class SwitchOver {
  readonly #begin: () => void;
  readonly #done = Promise.withResolvers<void>();
  #isOver = false;

  constructor(begin: () => void) {
    this.#begin = begin;
  }

  /** Resolves once it happened, or never will; rejects with what it threw. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Whether there is nothing to wait for any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * To be called where new ones may be listed. It happens where some are, or where none waits for its place. So one that is replaced, or is
   * not wanted any more, before it is listed ends nothing while others wait: its successor may be among them.
   */
  look({ hasListed, isWaiting }: { readonly hasListed: boolean; readonly isWaiting: boolean }): void {
    if (this.#isOver || (isWaiting && !hasListed)) return;
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
