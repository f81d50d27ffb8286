import type { Clock } from '../model/clock.ts';
import { type ErrorKind, toQueryError } from '../model/errors.ts';
import { unlessAborted } from '../model/unless-aborted.ts';

/** How a flight ended. */
type Outcome<T> =
  | { readonly kind: 'answered'; readonly result: T }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Flight<T> {
  readonly outcome: Promise<Outcome<T>>;
  readonly whose: string;
  readonly deadline: number;
  /** When it began to read, ms of the monotonic clock; undefined while it waits for its turn. */
  began: number | undefined;
  /** Tell those that follow it once it begins. */
  readonly onBegin: Set<() => void>;
}

/** What a query does by itself. */
export interface OwnFlight<T> {
  /** Ends the wait for another one. */
  readonly signal: AbortSignal;
  /** For whom: a key that is equal for queries that wait in one line for their places. */
  readonly whose: string;
  /** When its time is over, ms of the monotonic clock. */
  readonly deadline: number;
  /** Evaluates it. `begins` is to be called when it starts to read. */
  readonly evaluate: (begins: () => void) => Promise<T>;
  /** Is told before it waits for another one, and again once that one begins: whether that one reads, or waits for its turn still. */
  readonly onFollow?: (isReading: boolean) => void;
  /** Is told of what another one came to. Where it throws `overloaded`, the query is evaluated in its own turn; what else it throws ends it. */
  readonly onJoined?: (result: T) => void;
}

/**
 * A query may be answered by an equal one that began to read this long before, ms. It sees nothing older than it would if the network had
 * been a little faster.
 */
const JOIN_WITHIN_MS = 1000;
/** A query that followed so many which were given up by their callers is evaluated by itself. */
const MOST_FOLLOWED = 2;
/** Queries that wait for others, all together. Further ones wait for their own turn. */
const MOST_FOLLOWERS = 10_000;

/** They follow from the query and what it is allowed, so everybody would come to them. */
const SAME_FOR_ALL: ReadonlySet<ErrorKind> = new Set(['bad_data', 'execution']);
/** They are of the one caller alone. */
const OF_ONE_CALLER: ReadonlySet<ErrorKind> = new Set(['canceled', 'stopped', 'timeout']);

/** Has equal queries that come at nearly the same time evaluated once. Each keeps its own time and its own end. */
export class EqualQueries<T> {
  readonly #clock: Clock;
  readonly #flights = new Map<string, Flight<T>>();
  #followers = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param key equal for queries that have the same answer for their callers. */
  async run(key: string, own: OwnFlight<T>): Promise<T> {
    for (let followed = 0; followed < MOST_FOLLOWED; followed++) {
      const flight = this.#flights.get(key);
      if (flight === undefined) return this.#lead(key, own);
      if (!this.#mayJoin(flight, own)) break;
      const outcome = await this.#follow(flight, own);
      if (outcome.kind === 'answered') {
        if (!hasRoomFor(outcome.result, own)) break;
        return outcome.result;
      }
      const { kind } = toQueryError(outcome.error);
      if (SAME_FOR_ALL.has(kind)) throw outcome.error;
      if (!OF_ONE_CALLER.has(kind)) break;
    }
    return own.evaluate(() => {});
  }

  /**
   * One that waits for its place is joined by those alone that would wait behind it: the line of another may be much longer. And one whose
   * time is over earlier may do without what comes in time for its follower.
   */
  #mayJoin({ began, whose, deadline }: Flight<T>, own: OwnFlight<T>): boolean {
    const isFresh =
      began === undefined ? whose === own.whose : this.#clock.monotonic() - began <= JOIN_WITHIN_MS;
    return isFresh && own.deadline - deadline <= JOIN_WITHIN_MS && this.#followers < MOST_FOLLOWERS;
  }

  async #lead(key: string, { evaluate, whose, deadline }: OwnFlight<T>): Promise<T> {
    const { promise: outcome, resolve } = Promise.withResolvers<Outcome<T>>();
    const flight: Flight<T> = { outcome, whose, deadline, began: undefined, onBegin: new Set() };
    this.#flights.set(key, flight);
    try {
      const result = await evaluate(() => {
        flight.began = this.#clock.monotonic();
        for (const tell of flight.onBegin) tell();
      });
      resolve({ kind: 'answered', result });
      return result;
    } catch (error) {
      resolve({ kind: 'failed', error });
      throw error;
    } finally {
      this.#flights.delete(key);
    }
  }

  /** Rejects with the reason of the signal where that aborts first. */
  async #follow(
    { outcome, began, onBegin }: Flight<T>,
    { signal, onFollow }: OwnFlight<T>,
  ): Promise<Outcome<T>> {
    signal.throwIfAborted();
    // Each has an entry of its own, also where two are told by the same function.
    const tell = (): void => onFollow?.(true);
    onBegin.add(tell);
    onFollow?.(began !== undefined);
    this.#followers++;
    try {
      return await unlessAborted(signal, outcome, () => {
        throw signal.reason;
      });
    } finally {
      this.#followers--;
      onBegin.delete(tell);
    }
  }
}

/** Those that wait for one hold what it comes to all at the same time, where in their turns they would do so one after the other. */
function hasRoomFor<T>(result: T, { onJoined }: OwnFlight<T>): boolean {
  try {
    onJoined?.(result);
    return true;
  } catch (thrown) {
    if (toQueryError(thrown).kind !== 'overloaded') throw thrown;
    return false;
  }
}
