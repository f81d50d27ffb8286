import type { Clock } from './clock.ts';
import { QueryError } from './errors.ts';

/** How long one query may hold the event loop at a stretch, ms. */
const SLICE_MS = 10;
/** How many small items pass between two looks at the clock. */
const LOOK_EVERY = 64;

/** Lets a long evaluation give way to others: call {@link breathe} between two series. */
export class Pacer {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #resumed: number;

  /** @param resumed when the current turn began, monotonic ms, where it is not now. */
  constructor(clock: Clock, signal: AbortSignal, resumed: number = clock.monotonic()) {
    this.#clock = clock;
    this.#signal = signal;
    this.#resumed = resumed;
  }

  /** Whether the slice is used up; cheap enough to ask for every series. */
  due(): boolean {
    return this.#clock.monotonic() - this.#resumed >= SLICE_MS;
  }

  /** Gives way to the event loop. Throws where the query was canceled or ran out of time meanwhile. */
  async breathe(): Promise<void> {
    await this.rest();
    this.check();
  }

  /** Gives way to the event loop, whatever becomes of the query. */
  async rest(): Promise<void> {
    await new Promise<void>((resume) => {
      setImmediate(resume);
    });
    this.#resumed = this.#clock.monotonic();
  }

  /** Calls `visit` for each item in order, giving way on the way. */
  async forEach<T>(items: readonly T[], visit: (item: T, index: number) => void): Promise<void> {
    for (let i = 0; i < items.length; i++) {
      visit(items[i]!, i);
      if (i % LOOK_EVERY === 0 && this.due()) await this.breathe();
    }
  }

  /** Throws `timeout` or `canceled`, worded as Prometheus does, once the query's signal is aborted. */
  check(): void {
    if (this.#signal.aborted) throw abortError(this.#signal, 'expression evaluation');
  }
}

/** The error of an aborted query: the signal's own QueryError, a timeout, or a cancellation. */
export function abortError(signal: AbortSignal, where: string): QueryError {
  const reason: unknown = signal.reason;
  if (reason instanceof QueryError) return reason;
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return timedOut
    ? new QueryError('timeout', `query timed out in ${where}`, { cause: reason })
    : new QueryError('canceled', `query was canceled in ${where}`, { cause: reason });
}
