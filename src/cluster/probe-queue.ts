import type { Timers } from '../model/timers.ts';

/** So many probes run at the same time; the rest wait for their turn. */
export const PROBES_AT_ONCE = 16;
/** A probe that takes longer than this only waits for its endpoint; its turn goes to the next, ms. */
const TURN_MS = 2000;
/** So many may be waiting for their endpoints beside the others. One more keeps its turn. */
export const SLOW_PROBES = 48;

/**
 * Bounds how many probes run at once, so that the endpoints of a large fleet are not all asked at the same moment.
 * Endpoints that hang do not keep the others from being asked.
 */
export class ProbeQueue {
  readonly #timers: Timers;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #slow = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Runs a probe in its turn. Rejects where it does. */
  async run(probe: () => Promise<void>): Promise<void> {
    if (this.#running < PROBES_AT_ONCE) this.#running++;
    // A probe that ends hands its turn over, so that no other comes in between.
    else await new Promise<void>((proceed) => this.#waiting.push(proceed));
    let isSlow = false;
    let cancelTimer = (): void => {};
    const watch = (): void => {
      cancelTimer = this.#timers.after(TURN_MS, () => {
        if (this.#slow >= SLOW_PROBES) return watch();
        isSlow = true;
        this.#slow++;
        this.#handOver();
      });
    };
    watch();
    try {
      await probe();
    } finally {
      cancelTimer();
      if (isSlow) this.#slow--;
      else this.#handOver();
    }
  }

  #handOver(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
