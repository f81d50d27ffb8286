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

/** One whose place is taken by each that is in for it, and what it may have beside what each may. */
export interface Share {
  readonly key: string;
  /** So many places at the same time; undefined means as many as each may have. */
  readonly most?: number | undefined;
  /** So many may wait; undefined means no bound of its own. */
  readonly mostWaiting?: number | undefined;
  /** Made for who may not wait. */
  readonly full?: (() => QueryError) | undefined;
}

/** Those that take turns as one, in the order of their arrival. */
interface Line {
  /** Whose places each of them takes. */
  readonly keys: readonly string[];
  readonly waiters: Set<Waiter>;
  /** How many went in since its last turn that took a place of one of several keys which it needs. */
  passed: number;
}

/** What needs a place of several keys finds one of each at the same time by chance alone, so after so many others they are kept for it. */
const MOST_PASSED = 8;
const NOTHING_KEPT: ReadonlySet<string> = new Set();

interface Waiter {
  readonly enter: (leave: Leave) => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Places that are handed out in turns: of those who wait, the key with the fewest places gets the next one, of several such keys the one
 * that waits longest for its turn, and inside of a key they go in the order of their arrival. So one who asks for many keeps nobody else
 * waiting for more than a turn, and one whose work takes long does not come to hold nearly all places. What is for several takes a place
 * of each of them, and counts for the one that has the most.
 */
export class FairQueue {
  #options: FairQueueOptions;
  /** By key, in the order of their turns. No line is empty. */
  readonly #lines = new Map<string, Line>();
  /** By key of a share, how many are in, and how many wait. None is 0. */
  readonly #activeOf = new Map<string, number>();
  readonly #waitingOf = new Map<string, number>();
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

  /**
   * A place at once; undefined where there is none, or others wait for it.
   * @param shares of whom a place is taken; of the key alone where they are left out. A key always comes with the same.
   */
  tryEnter(key: string, shares: readonly Share[] = [{ key }]): Leave | undefined {
    const leave = this.#tryShare(shares);
    if (leave === undefined) this.#forget(shares.map((share) => share.key));
    return leave;
  }

  #tryShare(shares: readonly Share[]): Leave | undefined {
    for (const { key, most } of shares) this.#hold(key, most);
    const keys = shares.map(({ key }) => key);
    if (!this.#hasRoom() || !this.#mayEnter(keys)) return undefined;
    const kept = this.#kept();
    if (keys.some((key) => kept.has(key))) return undefined;
    // Those that have all that one may have do not wait for this place.
    const isWaitedFor = this.#waiters > 0 && this.#nextKey() !== undefined;
    return isWaitedFor ? undefined : this.#place(keys);
  }

  /**
   * Resolves to a place when the turn has come. Rejects with the signal's reason if that aborts before, and with the error of
   * `full` where too many wait: then the last one of the key of which most wait has to go. Where too many wait for one of the
   * shares, it rejects with the error of that.
   */
  async enter(key: string, signal: AbortSignal, shares: readonly Share[] = [{ key }]): Promise<Leave> {
    signal.throwIfAborted();
    const now = this.#tryShare(shares);
    if (now !== undefined) return now;
    const keys = shares.map((share) => share.key);
    const full = shares.find((share) => this.#waitFor(share.key) >= (share.mostWaiting ?? Infinity));
    if (full !== undefined) {
      this.#refused++;
      this.#forget(keys);
      throw (full.full ?? overfull)();
    }
    this.#makeRoomToWait(keys);
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
      const line = this.#lines.get(key);
      if (line === undefined) this.#lines.set(key, { keys, waiters: new Set([waiter]), passed: 0 });
      else line.waiters.add(waiter);
      for (const each of keys) this.#waitingOf.set(each, this.#waitFor(each) + 1);
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
      const line = this.#lines.get(key)!;
      const [next] = line.waiters;
      // The key goes behind all others.
      this.#lines.delete(key);
      line.waiters.delete(next!);
      if (line.waiters.size > 0) this.#lines.set(key, line);
      this.#waitsNoMore(line.keys);
      const leave = this.#place(line.keys);
      line.passed = 0;
      next!.enter(leave);
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
    for (const [key, { keys, passed }] of this.#lines)
      if (passed >= MOST_PASSED && this.#mayEnter(keys)) return key;
    const kept = this.#kept();
    for (const [key, { keys }] of this.#lines) {
      if (keys.some((each) => kept.has(each))) continue;
      const active = mostOf(this.#activeOf, keys);
      if (active >= fewest || !this.#mayEnter(keys)) continue;
      if (active === 0) return key;
      next = key;
      fewest = active;
    }
    return next;
  }

  #mayEnter(keys: readonly string[]): boolean {
    const { mostOfOne = Infinity } = this.#options;
    return keys.every((key) => {
      const most = Math.min(mostOfOne, this.#mostOf.get(key) ?? Infinity);
      return (this.#activeOf.get(key) ?? 0) < most;
    });
  }

  /** The keys of which those that wait for too long need a place. */
  #kept(): ReadonlySet<string> {
    let kept = NOTHING_KEPT;
    for (const { keys, passed } of this.#lines.values())
      if (passed >= MOST_PASSED) kept = new Set([...kept, ...keys]);
    return kept;
  }

  #waitFor(key: string): number {
    return this.#waitingOf.get(key) ?? 0;
  }

  /** What was said last counts, also that there is no share any more. Those that wait by the old one need not wait for the next to leave. */
  #hold(key: string, most: number | undefined): void {
    const before = this.#mostOf.get(key) ?? Infinity;
    if (most === undefined) this.#mostOf.delete(key);
    else this.#mostOf.set(key, most);
    if ((most ?? Infinity) > before) this.look();
  }

  /** Keys come from callers, so nothing stays of one that is neither in nor waits. */
  #forget(keys: readonly string[]): void {
    for (const key of keys)
      if (!this.#activeOf.has(key) && !this.#waitingOf.has(key)) this.#mostOf.delete(key);
  }

  #place(keys: readonly string[]): Leave {
    this.#active++;
    for (const line of this.#lines.values())
      if (line.keys.length > 1 && shareKeys(line.keys, keys)) line.passed++;
    for (const key of keys) this.#activeOf.set(key, (this.#activeOf.get(key) ?? 0) + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#active--;
      for (const key of keys) oneLess(this.#activeOf, key);
      this.#forget(keys);
      this.look();
    };
  }

  #makeRoomToWait(keys: readonly string[]): void {
    const { mostWaiting = Infinity, full = overfull } = this.#options;
    if (this.#waiters < mostWaiting) return;
    this.#refused++;
    let longest: readonly [string, Line] | undefined;
    let most = mostOf(this.#waitingOf, keys) + 1;
    for (const entry of this.#lines) {
      const waiting = mostOf(this.#waitingOf, entry[1].keys);
      if (waiting > most) [longest, most] = [entry, waiting];
    }
    if (longest === undefined) {
      this.#forget(keys);
      throw full();
    }
    const last = [...longest[1].waiters].pop()!;
    this.#remove(longest[0], last);
    last.refuse(full());
  }

  #remove(key: string, waiter: Waiter): void {
    const line = this.#lines.get(key);
    if (line?.waiters.delete(waiter) !== true) return;
    if (line.waiters.size === 0) this.#lines.delete(key);
    this.#waitsNoMore(line.keys);
    this.#forget(line.keys);
  }

  #waitsNoMore(keys: readonly string[]): void {
    this.#waiters--;
    for (const key of keys) oneLess(this.#waitingOf, key);
  }
}

/** The most that one of the keys has. */
function mostOf(counts: ReadonlyMap<string, number>, keys: readonly string[]): number {
  return keys.reduce((most, key) => Math.max(most, counts.get(key) ?? 0), 0);
}

function shareKeys(some: readonly string[], others: readonly string[]): boolean {
  return some.some((key) => others.includes(key));
}

function oneLess(counts: Map<string, number>, key: string): void {
  const left = counts.get(key)! - 1;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
}

function overfull(): QueryError {
  return new QueryError('overloaded', 'too many requests wait for their turn; try again later');
}

/** Runs so much work at the same time and the rest in its order: the queue of a single request, which needs no keys. */
export function atMost(places: number): <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  const queue = new FairQueue({ places });
  return (signal, work) => queue.run('', signal, work);
}
