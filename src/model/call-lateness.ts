import type { Lateness } from './lateness.ts';

/** Over so much time, ms, lateness is set off against reading: beats of the process and parts of an answer come at times of their own. */
const WINDOW_MS = 500;

/** What lies longer between two parts of answers was no reading of one, ms: others had the loop meanwhile. */
const LONGEST_GAP_MS = 1;

/** Slower than any answer of a healthy server is read, bytes a ms. */
const ORDINARY_SPEED = 4000;

/** No healthy server sends its answer in parts as small as this, bytes. */
const TINY_PART_BYTES = 64;

/**
 * Where other processes have the processor meanwhile, reading takes longer than its gaps show, up to so many times. A process that stood
 * still was late and did not read.
 */
const MOST_STRETCH = 4;

/** Clocks for what takes microseconds, ms. */
interface FineClocks {
  now(): number;
  /** Of the processor, for this thread. */
  computed(): number;
}

const OF_THE_SYSTEM: FineClocks = {
  now: () => performance.now(),
  computed: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
};

/** What reading one answer took, ms. */
interface ReadingTime {
  ms: number;
}

/** Whose part of an answer came last in this process, and when. */
let lastRead: ReadingTime | undefined;
let lastPartAt = 0;

/**
 * How late this process was for one call to an endpoint, without the time that reading its answer took. The loop is busy then, but not
 * elsewhere: a server whose answer comes in tiny parts without end would keep it busy, and its own time from ever being over. As much
 * reading as the bytes of an ordinary answer take is ours, however long that is.
 */
export class CallLateness implements Lateness {
  readonly #lateness: Lateness;
  readonly #clocks: FineClocks;
  readonly #reading: ReadingTime = { ms: 0 };
  #settled = 0;
  #told = 0;
  /** Of the window that is open, as is what reading took: since when, how late the process was before, and what reading may take; ms. */
  #since: number;
  #computedBefore: number;
  #lateBefore: number;
  #allowed = 0;

  constructor(lateness: Lateness, clocks: FineClocks = OF_THE_SYSTEM) {
    this.#lateness = lateness;
    this.#clocks = clocks;
    this.#since = clocks.now();
    this.#computedBefore = clocks.computed();
    this.#lateBefore = lateness.soFar();
  }

  /** Since the call began, ms; never less than before. */
  soFar(): number {
    this.#told = Math.max(this.#told, this.#settled + this.#inWindow());
    return this.#told;
  }

  /** To be called when a part of the answer comes, and when it is taken up; then with 0 bytes. */
  reads(bytes: number): void {
    const now = this.#clocks.now();
    const gap = now - lastPartAt;
    if (lastRead !== undefined && gap < LONGEST_GAP_MS) lastRead.ms += gap;
    lastRead = this.#reading;
    lastPartAt = now;
    if (bytes >= TINY_PART_BYTES) this.#allowed += bytes / ORDINARY_SPEED;
    if (now - this.#since < WINDOW_MS) return;
    this.#settled += this.#inWindow();
    this.#since = now;
    this.#computedBefore = this.#clocks.computed();
    this.#lateBefore = this.#lateness.soFar();
    this.#reading.ms = 0;
    this.#allowed = 0;
  }

  #inWindow(): number {
    const late = this.#lateness.soFar() - this.#lateBefore;
    const excess = this.#reading.ms - this.#allowed;
    if (late <= 0 || excess <= 0) return Math.max(0, late);
    const computed = this.#clocks.computed() - this.#computedBefore;
    const stretch = Math.max(1, Math.min((this.#clocks.now() - this.#since) / computed, MOST_STRETCH));
    return Math.max(0, late - excess * stretch);
  }
}
