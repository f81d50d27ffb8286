import type { Clock } from './clock.ts';
import type { Timers } from './timers.ts';

/**
 * How late this process is itself: for how long it could not listen, because it was computing, or computed without a break. Then
 * answers wait here, in sockets and in the queue for turns. Of a call to an endpoint, that time is not the endpoint's.
 */
export interface Lateness {
  /** Of the process so far, ms; never less than before. */
  soFar(): number;
}

export const NEVER_LATE: Lateness = { soFar: () => 0 };

/** Time between two beats, ms. */
export const BEAT_MS = 100;

/** What a timer is late anyway, ms. */
const ORDINARY_MS = 10;

/** A process that computes for this share of the time between two beats has no time left. */
const NO_TIME_LEFT = 0.95;

/**
 * Measures lateness by a timer that ought to come each {@link BEAT_MS}: what it comes later, everything else did, too. Long work
 * that gives way again and again lets the beat come in time. So a beat without a break counts as a whole.
 */
export class Heartbeat implements Lateness {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #computed: () => number;
  #computedBefore: number;
  #lastBeat: number;
  #total = 0;
  /** When the next beat ought to come. */
  #due: number;
  #stop: () => void;

  /** @param computed for how long the process has computed so far, ms. */
  constructor(
    clock: Clock,
    timers: Timers,
    computed: () => number = () => performance.eventLoopUtilization().active,
  ) {
    this.#clock = clock;
    this.#timers = timers;
    this.#computed = computed;
    this.#computedBefore = computed();
    this.#lastBeat = clock.monotonic();
    this.#due = this.#lastBeat + BEAT_MS;
    this.#stop = timers.after(BEAT_MS, () => this.#beat());
  }

  soFar(): number {
    // Other timers may be called before the beat that is late, too.
    return this.#total + this.#overdue();
  }

  /** Ends the measuring. */
  stop(): void {
    this.#stop();
  }

  #overdue(): number {
    const late = this.#clock.monotonic() - this.#due;
    return late > ORDINARY_MS ? late : 0;
  }

  #beat(): void {
    const now = this.#clock.monotonic();
    const computed = this.#computed();
    const passed = now - this.#lastBeat;
    const hadNoTime = computed - this.#computedBefore >= passed * NO_TIME_LEFT;
    this.#total += hadNoTime ? passed : this.#overdue();
    this.#computedBefore = computed;
    this.#lastBeat = now;
    this.#due = now + BEAT_MS;
    this.#stop = this.#timers.after(BEAT_MS, () => this.#beat());
  }
}

/** ms. */
export interface OwnTime {
  /** To wait, without the time in which the process was late. */
  readonly ms: number;
  /** To wait in all. */
  readonly most: number;
}

/**
 * Calls back once, after a time in which the process could have listened. A timer alone counts time in which it could not,
 * so that the answer of another server lies in the socket and is called late.
 * @param callback hears how long that was in all, ms.
 */
export function afterOwnTime(
  timers: Timers,
  lateness: Lateness,
  { ms, most }: OwnTime,
  callback: (waited: number) => void,
): () => void {
  const lateBefore = lateness.soFar();
  let waited = 0;
  let cancel = (): void => {};
  const wait = (until: number): void => {
    cancel = timers.after(until - waited, () => {
      waited = until;
      const due = Math.min(ms + lateness.soFar() - lateBefore, most);
      // Timers of Node have whole milliseconds.
      if (due - waited >= 1) wait(due);
      else callback(waited);
    });
  };
  wait(Math.min(ms, most));
  return () => cancel();
}
