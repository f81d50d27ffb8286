import type { Clock } from './clock.ts';
import { QueryError } from './errors.ts';
import { nextTurn } from './turns.ts';

/** How long one request may hold the event loop at a stretch, ms. */
const SLICE_MS = 10;
/** How many small items pass between two looks at the clock. */
const LOOK_EVERY = 64;

/** What long work asks whether it should give way: call `breathe` where `due` says so. */
export type Pace = Pick<Pacer, 'due' | 'breathe'>;

/** Lets the long work of one request give way to others: call {@link breathe} between two items. */
export class Pacer {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #errorOf: (signal: AbortSignal) => unknown;
  #resumed: number;

  /**
   * @param resumed when the current turn began, monotonic ms, where it is not now.
   * @param errorOf what to throw once the signal is aborted, where that is not what a query fails with.
   */
  constructor(
    clock: Clock,
    signal: AbortSignal,
    resumed: number = clock.monotonic(),
    errorOf: (signal: AbortSignal) => unknown = evaluationError,
  ) {
    this.#clock = clock;
    this.#signal = signal;
    this.#resumed = resumed;
    this.#errorOf = errorOf;
  }

  /** Whether the slice is used up; cheap enough to ask for every series. */
  due(): boolean {
    return this.#clock.monotonic() - this.#resumed >= SLICE_MS;
  }

  /** Gives way to the event loop. Throws where the request was canceled or ran out of time meanwhile. */
  async breathe(): Promise<void> {
    await nextTurn();
    this.#resumed = this.#clock.monotonic();
    this.check();
  }

  /** Calls `visit` for each item in order, giving way on the way. */
  async forEach<T>(items: Iterable<T>, visit: (item: T, index: number) => void): Promise<void> {
    let i = 0;
    for (const item of items) {
      visit(item, i);
      if (i++ % LOOK_EVERY === 0 && this.due()) await this.breathe();
    }
  }

  /** What `make` makes of each item, in order, giving way on the way. */
  async map<T, R>(items: Iterable<T>, make: (item: T, index: number) => R): Promise<R[]> {
    const made: R[] = [];
    await this.forEach(items, (item, index) => {
      made.push(make(item, index));
    });
    return made;
  }

  /** Throws once the request's signal is aborted: `timeout` or `canceled`, where nothing else was said. */
  check(): void {
    if (this.#signal.aborted) throw this.#errorOf(this.#signal);
  }
}

function evaluationError(signal: AbortSignal): QueryError {
  return abortError(signal, 'expression evaluation');
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
