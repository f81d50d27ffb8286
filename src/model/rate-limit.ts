import type { Clock } from './clock.ts';

/** One request in each `interval` (ms), and so many at once. No limit where the interval is 0 or less. */
export interface Rate {
  readonly interval: number;
  readonly burst: number;
}

/** A bucket of tokens, as Prometheus has it: a request takes one, and one comes back in each interval. */
export class RateLimit {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #rate: Rate = { interval: 0, burst: 0 };
  #tokens = 0;
  #at = 0;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Whether one more request may come now. A new rate begins with a full bucket. */
  allows(rate: Rate): boolean {
    if (rate.interval <= 0) return true;
    const now = this.#clock.monotonic();
    if (rate.interval !== this.#rate.interval || rate.burst !== this.#rate.burst) {
      this.#rate = rate;
      this.#tokens = rate.burst;
      this.#at = now;
    }
    this.#tokens = Math.min(this.#tokens + (now - this.#at) / rate.interval, rate.burst);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
