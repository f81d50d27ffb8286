import { QueryError } from './errors.ts';
import { formatBytes } from './byte-size.ts';

/**
 * The lease of one request on the memory of the process. Whoever keeps something for the request takes its bytes here, before
 * it comes or as it comes: about as many as it costs in memory. They count until somebody gives them back. The lease ends
 * when the answer was sent, and gives back the rest.
 */
export interface Budget {
  /** Bytes that are taken now. */
  readonly held: number;
  /** The most bytes that were held at once. */
  readonly peak: number;
  /**
   * Takes bytes. Cheap, and to be called often: once for each part that arrives.
   * @throws QueryError `too_large` beyond the limit of the request, `overloaded` beyond that of the process, `canceled`
   *   once the lease has ended, so that the rest of a call that was given up does not leak.
   */
  take(bytes: number): void;
  /** Gives bytes back before the lease ends. Once it has ended this does nothing. */
  give(bytes: number): void;
  /** Counts received series; throws `too_large` beyond the limit. */
  series(count: number): void;
  /** Counts bytes that came from endpoints; throws `too_large` beyond the limit. */
  received(bytes: number): void;
  /** Ends the lease: gives all back. Calls after the first do nothing. */
  release(): void;
  /** Calls back once the lease has ended; at once where it has. */
  whenReleased(callback: () => void): void;
}

/** Limits of one request; 0 means none. */
export interface BudgetLimits {
  readonly bytes: number;
  readonly series: number;
  /** Bytes that come from endpoints; undefined means no limit. */
  readonly received?: number;
}

/** What is thrown beyond a limit, where that is not one of the server. */
export interface BudgetRefusals {
  readonly series?: ((limit: number) => QueryError) | undefined;
  readonly received?: ((limit: number) => QueryError) | undefined;
}

/** What a process keeps count of for all of its requests: the port that budgets take from. */
export interface MemoryPool {
  /**
   * Throws QueryError `overloaded` where there is no room for so many bytes.
   * @param held what the request holds with them.
   */
  take(bytes: number, held: number): void;
  give(bytes: number): void;
}

/** Opens the lease of a request. Nothing is taken yet. */
export function openBudget(pool: MemoryPool, limits: BudgetLimits, refusals: BudgetRefusals = {}): Budget {
  return new Lease(pool, limits, refusals);
}

class Lease implements Budget {
  readonly #pool: MemoryPool;
  readonly #mostBytes: number;
  readonly #mostSeries: number;
  readonly #mostReceived: number;
  readonly #refusals: BudgetRefusals;
  #held = 0;
  #peak = 0;
  #series = 0;
  #received = 0;
  #ended: (() => void)[] | undefined = [];

  constructor(pool: MemoryPool, { bytes, series, received = 0 }: BudgetLimits, refusals: BudgetRefusals) {
    this.#pool = pool;
    this.#refusals = refusals;
    this.#mostReceived = received > 0 ? received : Infinity;
    this.#mostBytes = bytes > 0 ? bytes : Infinity;
    this.#mostSeries = series > 0 ? series : Infinity;
  }

  get held(): number {
    return this.#held;
  }

  get peak(): number {
    return this.#peak;
  }

  take(bytes: number): void {
    if (this.#ended === undefined) throw ended();
    const held = this.#held + bytes;
    if (held > this.#mostBytes) throw requestTooLarge(this.#mostBytes);
    this.#pool.take(bytes, held);
    this.#held = held;
    if (held > this.#peak) this.#peak = held;
  }

  give(bytes: number): void {
    const given = Math.min(bytes, this.#held);
    this.#held -= given;
    this.#pool.give(given);
  }

  series(count: number): void {
    this.#series += count;
    if (this.#series <= this.#mostSeries) return;
    throw (this.#refusals.series ?? tooManySeries)(this.#mostSeries);
  }

  received(bytes: number): void {
    this.#received += bytes;
    if (this.#received <= this.#mostReceived) return;
    throw (this.#refusals.received ?? tooManyReceived)(this.#mostReceived);
  }

  release(): void {
    const callbacks = this.#ended;
    if (callbacks === undefined) return;
    this.#ended = undefined;
    this.give(this.#held);
    for (const callback of callbacks) callback();
  }

  whenReleased(callback: () => void): void {
    if (this.#ended === undefined) callback();
    else this.#ended.push(callback);
  }
}

function requestTooLarge(limit: number): QueryError {
  return new QueryError(
    'too_large',
    `the request needs more memory than the limit of ${formatBytes(limit)} (--query.max-memory-per-query); ` +
      'select fewer series or a shorter range, or raise the limit',
  );
}

function tooManySeries(limit: number): QueryError {
  return new QueryError(
    'too_large',
    `the request receives more series than the limit of ${limit} (--query.max-series); ` +
      'select fewer series, or raise the limit',
  );
}

function tooManyReceived(limit: number): QueryError {
  return new QueryError(
    'too_large',
    `the request receives more than the limit of ${formatBytes(limit)}; select fewer series or a shorter range`,
  );
}

function ended(): QueryError {
  return new QueryError('canceled', 'the request has ended');
}
