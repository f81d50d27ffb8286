import type { Timers } from '../../src/model/timers.ts';

/** Timers that fire when a test says so. */
export class ManualTimers implements Timers {
  readonly #pending = new Map<() => void, number>();

  after(ms: number, callback: () => void): () => void {
    this.#pending.set(callback, ms);
    return () => this.#pending.delete(callback);
  }

  /** The delays that are waited for, shortest first. */
  delays(): readonly number[] {
    return [...this.#pending.values()].sort((a, b) => a - b);
  }

  /** Fires the timers of one delay, or all, and lets what waited for them go on. */
  async fire(ms?: number): Promise<void> {
    const due = [...this.#pending].filter(([, delay]) => ms === undefined || delay === ms);
    for (const [callback] of due) {
      this.#pending.delete(callback);
      callback();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
