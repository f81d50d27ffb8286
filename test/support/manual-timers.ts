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

  /** Those that are waited for now, to tell them from later ones. */
  waiting(): ReadonlySet<() => void> {
    return new Set(this.#pending.keys());
  }

  /** Fires the timers of one delay, or all, of `among` where that is given, and lets what waited for them go on. */
  async fire(ms?: number, among: ReadonlySet<() => void> = this.waiting()): Promise<void> {
    const due = [...this.#pending].filter(
      ([callback, delay]) => (ms === undefined || delay === ms) && among.has(callback),
    );
    for (const [callback] of due) {
      this.#pending.delete(callback);
      callback();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
