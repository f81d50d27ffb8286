import type { Clock } from '../model/clock.ts';
import { QueryError } from '../model/errors.ts';
import { limitOf, refusalBy, type CallerLimits } from '../model/caller-limits.ts';
import { FairQueue, type FairQueueOptions, type Share } from '../model/fair-queue.ts';
import type { MemoryCeiling } from '../model/memory-ceiling.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { tenantNames } from '../model/tenant-name.ts';
import { turnOf } from '../model/turn-taker.ts';

export interface GateOptions {
  /** Requests that run at the same time. */
  readonly places: number;
  /** How many places a query of a caller stands for, where it has a limit of its own. Undefined means 1. */
  readonly timesQueries?: number;
  /** Requests that wait at most. */
  readonly mostWaiting: number;
  /** Memory that requests wait for as well; undefined where they do not. */
  readonly ceiling?: MemoryCeiling;
}

/**
 * One place in so many is not for the client that has all others. Clients that read their answers slowly keep their places for
 * long, and everyone else would wait for as long.
 */
const KEPT_FOR_OTHERS = 10;

/** How a gate fares, for metrics. */
export interface GateLoad {
  readonly active: number;
  readonly waiting: number;
  /** Since the start. */
  readonly refused: number;
}

/**
 * Lets so many requests run at the same time. The others wait with turns between tenants or clients, until the caller gives up or the
 * time of the request is over; beyond a number that wait, requests are refused. While the memory of the process is nearly
 * used up, requests wait as well, unless none runs: to start one more would end another.
 */
export class ConcurrencyGate {
  readonly #queue: FairQueue;
  readonly #timesQueries: number;
  #mostWaiting: number;

  constructor({ places, mostWaiting, timesQueries = 1, ceiling }: GateOptions) {
    this.#timesQueries = timesQueries;
    this.#mostWaiting = mostWaiting;
    this.#queue = new FairQueue({
      ...sharesOf(places),
      mostWaiting,
      full: () => tooManyWait(this.#mostWaiting),
      isOpen: () => ceiling?.isNearlyUsedUp !== true,
    });
    ceiling?.whenRoom(() => this.#queue.look());
  }

  /** Changes how many may run and wait. Those that do so already are left alone. */
  resize({ places, mostWaiting }: Pick<GateOptions, 'places' | 'mostWaiting'>): void {
    this.#mostWaiting = mostWaiting;
    this.#queue.resize({ ...sharesOf(places), mostWaiting });
  }

  load(): GateLoad {
    const { active, waiting, refused } = this.#queue;
    return { active, waiting, refused };
  }

  /**
   * Runs `work` once there is a place, which is held until the answer was sent: what is not sent yet takes memory, too.
   * Rejects with the reason of the scope's signal if that aborts while waiting, and with `overloaded` where too many wait.
   */
  async run<T>({ caller, signal, budget }: RequestScope, work: () => Promise<T>): Promise<T> {
    const one = turnOf(caller);
    const shares = sharesFor(caller, this.#timesQueries);
    const leave = this.#queue.tryEnter(one, shares) ?? (await this.#queue.enter(one, signal, shares));
    try {
      return await work();
    } finally {
      budget.whenReleased(leave);
    }
  }
}

/** Of whom a request takes a place: of each tenant that it names, so that who is several has no more places by naming them together. */
function sharesFor(
  { tenant, client, limits }: RequestScope['caller'],
  timesQueries: number,
): readonly Share[] {
  if (tenant === '') return [shareOf(turnOf({ tenant, client }), limits, timesQueries)];
  return tenantNames(tenant).map((name, i) =>
    shareOf(turnOf({ tenant: name, client }), limits.ofEach?.[i] ?? limits, timesQueries),
  );
}

function shareOf(key: string, limits: CallerLimits, timesQueries: number): Share {
  const most = limitOf(limits, 'max_concurrent') * timesQueries;
  const mostWaiting = limitOf(limits, 'max_queued');
  if (most === Infinity && mostWaiting === Infinity) return { key };
  const full = (): QueryError =>
    refusalBy(
      limits,
      'max_queued',
      `${mostWaiting} requests of the same caller wait for their turn already, which is the limit`,
      'try again later, or ask less at once',
      'overloaded',
    );
  return { key, most: most === Infinity ? undefined : most, mostWaiting, full };
}

/** A request whose turn has come knows how long it waited: of what it could not be told in time, this process is to blame then. */
export function inTurn({ clock }: { readonly clock: Clock }, scope: RequestScope): RequestScope {
  return { ...scope, queuedMs: clock.monotonic() - scope.journal.began };
}

function sharesOf(places: number): Pick<FairQueueOptions, 'places' | 'mostOfOne'> {
  return { places, mostOfOne: places - Math.floor(places / KEPT_FOR_OTHERS) };
}

function tooManyWait(most: number): QueryError {
  return new QueryError(
    'overloaded',
    `${most} requests wait for their turn already, which is the limit (--query.max-queued); ` +
      'try again later, or ask less at once',
  );
}
