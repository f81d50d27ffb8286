import { QueryError } from './errors.ts';

/** Gives a place back. Calls after the first do nothing. */
export type Leave = () => void;

export interface FairQueueOptions {
  /** So many may be in at the same time. */
  readonly places: number;
  /** So many of the places one key may have at most; undefined means all. */
  readonly mostOfOne?: number | undefined;
  /** So many may wait; undefined means no bound, where those who wait are bounded elsewhere. */
  readonly mostWaiting?: number | undefined;
  /** Made for who may not wait. */
  readonly full?: (() => QueryError) | undefined;
  /** While this is false nobody enters, unless nobody is in. Call {@link FairQueue.look} when it may have changed. */
  readonly isOpen?: (() => boolean) | undefined;
}

/** What one key may have beside what each may. */
export interface OwnShare {
  /** So many places at the same time. */
  readonly most: number;
  /** So many may wait. */
  readonly mostWaiting: number;
  /** Made for who may not wait. */
  readonly full: () => QueryError;
}

interface Waiter {
  readonly enter: (leave: Leave) => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Places that are handed out in turns: of those who wait, the key with the fewest places gets the next one, of several such keys the one
 * that waits longest for its turn, and inside of a key they go in the order of their arrival. So one who asks for many keeps nobody else
 * waiting for more than a turn, and one whose work takes long does not come to hold nearly all places.
 */
export class FairQueue {
  #options: FairQueueOptions;
  /** By key, in the order of their turns. No list is empty. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  /** By key, how many are in. None is 0. */
  readonly #activeOf = new Map<string, number>();
  /** By key that has a share of its own, is in or waits: what was said last of how many may be in. */
  readonly #mostOf = new Map<string, number>();
  #waiters = 0;
  #active = 0;
  #refused = 0;

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiters;
  }

  /** How many were not let to wait. */
  get refused(): number {
    return this.#refused;
  }

  /** Changes how many may be in, and wait. Nobody has to leave: where there are too many now, the next ones wait until there are fewer. */
  resize(sizes: Pick<FairQueueOptions, 'places' | 'mostOfOne' | 'mostWaiting'>): void {
    this.#options = { ...this.#options, ...sizes };
    this.look();
  }

  /** How many keys are held to a share of their own. None is that is neither in nor waits. */
  get shares(): number {
    return this.#mostOf.size;
  }

  /** A place at once; undefined where there is none, or others wait for it. */
  tryEnter(key: string, own?: OwnShare): Leave | undefined {
    const leave = this.#tryShare(key, own);
    if (leave === undefined) this.#forget(key);
    return leave;
  }

  #tryShare(key: string, own: OwnShare | undefined): Leave | undefined {
    this.#hold(key, own?.most);
    if (!this.#hasRoom() || !this.#mayEnter(key)) return undefined;
    // Those that have all that one may have do not wait for this place.
    const isWaitedFor = this.#waiters > 0 && this.#nextKey() !== undefined;
    return isWaitedFor ? undefined : this.#place(key);
  }

  /**
   * Resolves to a place when the turn has come. Rejects with the signal's reason if that aborts before, and with the error of
   * `full` where too many wait: then the last one of the key of which most wait has to go. Where too many of this key wait by its own
   * share, it rejects with the error of that.
   */
  async enter(key: string, signal: AbortSignal, own?: OwnShare): Promise<Leave> {
    signal.throwIfAborted();
    const now = this.#tryShare(key, own);
    if (now !== undefined) return now;
    if (own !== undefined && (this.#waiting.get(key)?.size ?? 0) >= own.mostWaiting) {
      this.#refused++;
      this.#forget(key);
      throw own.full();
    }
    this.#makeRoomToWait(key);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: (leave) => {
          signal.removeEventListener('abort', giveUp);
          resolve(leave);
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', giveUp);
          reject(reason);
        },
      };
      const giveUp = (): void => {
        this.#remove(key, waiter);
        reject(signal.reason as Error);
      };
      const sameKey = this.#waiting.get(key);
      if (sameKey === undefined) this.#waiting.set(key, new Set([waiter]));
      else sameKey.add(waiter);
      this.#waiters++;
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Runs `work` when the turn of its key has come. */
  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const leave = this.tryEnter(key) ?? (await this.enter(key, signal));
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Lets those in who may enter now. */
  look(): void {
    while (this.#waiters > 0 && this.#hasRoom()) {
      const key = this.#nextKey();
      if (key === undefined) return;
      const waiters = this.#waiting.get(key)!;
      const [next] = waiters;
      // The key goes to the end of the line.
      this.#waiting.delete(key);
      waiters.delete(next!);
      if (waiters.size > 0) this.#waiting.set(key, waiters);
      this.#waiters--;
      next!.enter(this.#place(key));
    }
  }

  #hasRoom(): boolean {
    const { places, isOpen } = this.#options;
    return this.#active < places && (this.#active === 0 || isOpen === undefined || isOpen());
  }

  /** Whose turn it is; undefined where all who wait have as many places as they may have. */
  #nextKey(): string | undefined {
    let next: string | undefined;
    let fewest = Infinity;
    for (const key of this.#waiting.keys()) {
      const active = this.#activeOf.get(key) ?? 0;
      if (active >= fewest || !this.#mayEnter(key)) continue;
      if (active === 0) return key;
      next = key;
      fewest = active;
    }
    return next;
  }

  #mayEnter(key: string): boolean {
    const { mostOfOne = Infinity } = this.#options;
    const most = Math.min(mostOfOne, this.#mostOf.get(key) ?? Infinity);
    return (this.#activeOf.get(key) ?? 0) < most;
  }

  /** What was said last counts, also that there is no share any more. Those that wait by the old one need not wait for the next to leave. */
  #hold(key: string, most: number | undefined): void {
    const before = this.#mostOf.get(key) ?? Infinity;
    if (most === undefined) this.#mostOf.delete(key);
    else this.#mostOf.set(key, most);
    if ((most ?? Infinity) > before) this.look();
  }

  /** Keys come from callers, so nothing stays of one that is neither in nor waits. */
  #forget(key: string): void {
    if (!this.#activeOf.has(key) && !this.#waiting.has(key)) this.#mostOf.delete(key);
  }

  #place(key: string): Leave {
    this.#active++;
    this.#activeOf.set(key, (this.#activeOf.get(key) ?? 0) + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#active--;
      const left = this.#activeOf.get(key)! - 1;
      if (left === 0) this.#activeOf.delete(key);
      else this.#activeOf.set(key, left);
      this.#forget(key);
      this.look();
    };
  }

  #makeRoomToWait(key: string): void {
    const { mostWaiting = Infinity, full = overfull } = this.#options;
    if (this.#waiters < mostWaiting) return;
    this.#refused++;
    let longest: readonly [string, Set<Waiter>] | undefined;
    for (const entry of this.#waiting)
      if (longest === undefined || entry[1].size > longest[1].size) longest = entry;
    const own = this.#waiting.get(key)?.size ?? 0;
    if (longest === undefined || longest[1].size <= own + 1) {
      this.#forget(key);
      throw full();
    }
    const last = [...longest[1]].pop()!;
    this.#remove(longest[0], last);
    last.refuse(full());
  }

  #remove(key: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(key);
    if (waiters?.delete(waiter) !== true) return;
    this.#waiters--;
    if (waiters.size === 0) this.#waiting.delete(key);
    this.#forget(key);
  }
}

function overfull(): QueryError {
  return new QueryError('overloaded', 'too many requests wait for their turn; try again later');
}

/** Runs so much work at the same time and the rest in its order: the queue of a single request, which needs no keys. */
export function atMost(places: number): <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  const queue = new FairQueue({ places });
  return (signal, work) => queue.run('', signal, work);
}
