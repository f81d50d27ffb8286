import { QueryError } from './errors.ts';
import { turnOf, type TurnTaker } from './turn-taker.ts';
import { isTurnUsedUp, nextTurn } from './turns.ts';

/** How many small items pass between two looks at the clock. */
const LOOK_EVERY = 64;

/** What long work asks whether it should give way: call `breathe` where `due` says so. */
export type Pace = Pick<Pacer, 'due' | 'breathe'>;

/** What the long work of a request takes of it. */
export interface Paced {
  readonly signal: AbortSignal;
  /** For whom it works; undefined for the gateway itself. */
  readonly caller?: TurnTaker | undefined;
}

/** Lets the long work of one request give way to others: call {@link breathe} between two items. */
export class Pacer {
  readonly #scope: Paced;
  readonly #errorOf: (signal: AbortSignal) => unknown;
  #awaited: Promise<unknown> | undefined;

  /** @param errorOf what to throw once the signal is aborted, where that is not what a query fails with. */
  constructor(scope: Paced, errorOf: (signal: AbortSignal) => unknown = evaluationError) {
    this.#scope = scope;
    this.#errorOf = errorOf;
  }

  /** Whether the slice of this turn is used up; cheap enough to ask for every series. */
  due(): boolean {
    return this.#awaited !== undefined || isTurnUsedUp();
  }

  /** Gives way to the event loop. Throws where the request was canceled or ran out of time meanwhile. */
  async breathe(): Promise<void> {
    const awaited = this.#awaited ?? turnFor(this.#scope);
    this.#awaited = undefined;
    await awaited;
    this.check();
  }

  /**
   * Says that the work cannot go on before something has happened: it is due to give way, and {@link breathe} waits for that. What
   * cannot wait itself calls this, such as an operator whose row is made elsewhere.
   */
  waitFor(awaited: Promise<unknown>): void {
    this.#awaited = awaited;
  }

  /** Calls `visit` for each item in order, giving way on the way. */
  async forEach<T>(items: Iterable<T>, visit: (item: T, index: number) => void): Promise<void> {
    let i = 0;
    for (const item of items) {
      visit(item, i);
      if (i++ % LOOK_EVERY === 0 && this.due()) await this.breathe();
    }
  }

  /** Calls `visit` for the numbers from 0 on, up to `count`, giving way on the way. */
  async times(count: number, visit: (index: number) => void): Promise<void> {
    for (let from = 0; from < count; from += LOOK_EVERY) {
      if (this.due()) await this.breathe();
      const end = Math.min(from + LOOK_EVERY, count);
      for (let i = from; i < end; i++) visit(i);
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
    const { signal } = this.#scope;
    if (signal.aborted) throw this.#errorOf(signal);
  }
}

/** For work of the gateway itself, which is for all that ask, and goes on where one of them gives up. */
export function ownPacer(): Pacer {
  return new Pacer(new AbortController());
}

/** The next turn of the one for whom work is done. */
export function turnFor({ caller }: Pick<Paced, 'caller'>): Promise<void> {
  return nextTurn(caller && turnOf(caller));
}

/** Gives way to others and never ends: for what sends an answer, which its client may take for longer than making it may take. */
export function inTurns(paced: Pick<Paced, 'caller'>): Pace {
  return { due: isTurnUsedUp, breathe: () => turnFor(paced) };
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
