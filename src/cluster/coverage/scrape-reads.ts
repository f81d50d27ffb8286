import type { Backend } from '../../backend/backend.ts';
import { bugFailure } from '../../backend/endpoint-error.ts';
import type { Answered } from '../../backend/answered.ts';
import { FairQueue } from '../../model/fair-queue.ts';
import type { Clock } from '../../model/clock.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { SYSTEM_TIMERS, type Timers } from '../../model/timers.ts';
import { shardKeyOf } from '../shard.ts';
import type { Endpoint } from '../topology.ts';
import { EndpointCoverage, type UpRead } from './endpoint-coverage.ts';
import { PieceCache } from './piece-cache.ts';
import { TargetTable } from './target-table.ts';

/**
 * Reads samples of `up` into the builders of a read, and tells when the earliest that came is from, ms since the epoch; Infinity where
 * none came. Over its limits it fails with `too_large`.
 */
export type ReadUp = (
  endpoint: Endpoint,
  read: UpRead,
  targets: TargetTable,
  signal: AbortSignal,
) => Answered<number>;

export interface CoverageOptions {
  readonly replicaLabels: readonly string[];
  readonly read: ReadUp;
  readonly clock: Clock;
  /** The system's where they are left out. */
  readonly timers?: Timers | undefined;
  /** Hears of what keeps an endpoint's scrapes from being known, once while it lasts. */
  readonly onProblem?: ((endpoint: Endpoint, problem: string) => void) | undefined;
  readonly cacheBytes?: number | undefined;
}

/** So many endpoints are read at the same time: what they sent is in memory meanwhile. */
const READS_AT_ONCE = 2;
/** A read that takes longer only waits for its endpoint, as a rule: its place goes to the next, ms. */
export const SLOW_READ_MS = 1000;
/** So many may go on beside the others. One more keeps its place. */
export const SLOW_READS = 6;
/** Targets that were ever seen in a replica group; with more, all are forgotten and read anew. */
const MOST_KNOWN_TARGETS = 100_000;
const MOST_TABLE_BYTES = 32 * 1024 ** 2;
/**
 * An endpoint that answers with more than is read is asked again after this time, ms. Any other read that brings nothing is made again
 * after a few times as long as it took, and after twice as long each time that it fails again, up to this time. Such a read holds a
 * place, memory and the processor for all of its time, so what an endpoint costs becomes less and less, whatever is wrong with it; and
 * one that refuses at once is asked again soon.
 */
const LONGEST_PAUSE_MS = 3_600_000;
const TIMES_AS_LONG = 4;
const MOST_DOUBLINGS = 8;
/** So many pieces are read at once of the past, and for one question. */
const PIECES_AT_ONCE = 4;
export const MOST_PIECES_ON_DEMAND = 12;

/** A replica group: its targets have numbers of their own. */
export interface Group {
  targets: TargetTable;
  readonly entries: Set<Entry>;
}

/** What is read of one endpoint, and how that goes. */
export interface Entry {
  readonly coverage: EndpointCoverage;
  readonly shardKey: string;
  readonly group: Group;
  readonly stopped: AbortController;
  /** The read that goes on; false where it brought nothing. */
  reading: Promise<boolean> | undefined;
  problem: string | undefined;
  /** Reads in a row that brought nothing. */
  failures: number;
  pausedUntil: number;
  endpoint: Endpoint;
}

/**
 * Reads when each endpoint scraped its targets, out of its raw `up` series: the tail is extended after each refresh, the past is read
 * where somebody asks for it, and kept. What an endpoint costs is bounded: one read at a time, of so many series and bytes.
 */
export class ScrapeReads {
  readonly #options: CoverageOptions;
  #replicaLabels: ReadonlySet<string>;
  readonly #cache: PieceCache<EndpointCoverage>;
  readonly #queue = new FairQueue({ places: READS_AT_ONCE });
  #slow = 0;
  readonly #entries = new Map<Backend, Entry>();
  readonly #groups = new Map<string, Group>();

  constructor(options: CoverageOptions) {
    this.#options = options;
    this.#replicaLabels = new Set(options.replicaLabels);
    this.#cache = new PieceCache(options.cacheBytes);
  }

  /** The labels that tell replicas apart here: of endpoints that are grouped by others, nothing is known. */
  get replicaLabels(): ReadonlySet<string> {
    return this.#replicaLabels;
  }

  /** Of an endpoint that was read before, or is being read. */
  entryOf(backend: Backend): Entry | undefined {
    return this.#entries.get(backend);
  }

  entries(): MapIterator<Entry> {
    return this.#entries.values();
  }

  /** The replica group of endpoints of one shard; undefined where none of them was read. */
  groupOf(endpoints: readonly Endpoint[]): Group | undefined {
    for (const { backend } of endpoints) {
      const entry = this.#entries.get(backend);
      if (entry !== undefined) return entry.group;
    }
    return undefined;
  }

  /** How many pieces of the past are kept. */
  get pieces(): number {
    return this.#cache.size;
  }

  /** Memory that all of it takes, about. */
  get bytes(): number {
    let bytes = this.#cache.bytes;
    for (const { targets } of this.#groups.values()) bytes += targets.bytes;
    for (const { coverage } of this.#entries.values()) bytes += coverage.tailBytes;
    return bytes;
  }

  /** Reads the newest samples of an endpoint that has just answered. Rejects for bugs alone. */
  async refresh(endpoint: Endpoint): Promise<void> {
    const entry = this.#entryFor(endpoint);
    if (entry === undefined) return;
    if (entry.reading !== undefined) return void (await entry.reading);
    const { coverage } = entry;
    await this.#read(
      entry,
      () => coverage.tailRead(this.#options.clock.now()),
      (read) => coverage.tailDone(read),
    );
  }

  /** Reads what is not known of a range of the past. True where all of it is there now. */
  async load({ id, backend }: Endpoint, { minTime, maxTime }: TimeRange): Promise<boolean> {
    const entry = this.#entries.get(backend);
    if (entry === undefined) return false;
    const { coverage } = entry;
    const isThere = (): boolean => coverage.window(id, minTime, maxTime) !== undefined;
    const next = (): UpRead | undefined =>
      coverage.pastRead({ minTime, maxTime }, this.#options.clock.now(), PIECES_AT_ONCE);
    for (let pieces = 0; pieces < MOST_PIECES_ON_DEMAND && !isThere(); pieces += PIECES_AT_ONCE) {
      while (entry.reading !== undefined) await entry.reading;
      if (!(await this.#read(entry, next, (read) => coverage.pastDone(read)))) break;
    }
    return isThere();
  }

  /** The same without waiting for it, so that it is there when it is needed. */
  loadAhead(endpoint: Endpoint, range: TimeRange): void {
    this.load(endpoint, range).catch((thrown: unknown) => {
      const entry = this.#entries.get(endpoint.backend);
      if (entry !== undefined) this.#learn(entry, bugFailure(endpoint.address, thrown));
    });
  }

  /** Forgets the endpoints that are not among these. */
  keep(endpoints: readonly Endpoint[]): void {
    const stay = new Set(endpoints.map(({ backend }) => backend));
    for (const [backend, entry] of this.#entries) if (!stay.has(backend)) this.#drop(backend, entry);
  }

  /** Takes other labels to tell replicas apart. Groups and targets are others then, so what is known is forgotten. */
  regroup(replicaLabels: readonly string[]): void {
    this.#replicaLabels = new Set(replicaLabels);
    this.close();
  }

  /** Forgets all. */
  close(): void {
    for (const [backend, entry] of this.#entries) this.#drop(backend, entry);
  }

  /** Undefined where the labels of the endpoint are not known. */
  #entryFor(endpoint: Endpoint): Entry | undefined {
    const { backend } = endpoint;
    const shardKey = shardKeyOf(endpoint, this.#replicaLabels);
    const known = this.#entries.get(backend);
    if (known !== undefined && known.shardKey === shardKey) {
      known.endpoint = endpoint;
      return known;
    }
    // With other labels, its targets are others.
    if (known !== undefined) this.#drop(backend, known);
    if (shardKey === undefined) return undefined;
    const group = this.#groups.get(shardKey) ?? {
      targets: new TargetTable(this.#replicaLabels),
      entries: new Set<Entry>(),
    };
    this.#groups.set(shardKey, group);
    const entry: Entry = {
      coverage: new EndpointCoverage(this.#cache),
      shardKey,
      group,
      stopped: new AbortController(),
      reading: undefined,
      problem: undefined,
      failures: 0,
      pausedUntil: -Infinity,
      endpoint,
    };
    group.entries.add(entry);
    this.#entries.set(backend, entry);
    return entry;
  }

  /** False where nothing was read. */
  async #read(entry: Entry, next: () => UpRead | undefined, done: (read: UpRead) => void): Promise<boolean> {
    const { signal } = entry.stopped;
    if (signal.aborted || this.#options.clock.now() < entry.pausedUntil) return false;
    const ended = Promise.withResolvers<boolean>();
    entry.reading = ended.promise;
    let isRead = false;
    try {
      isRead = await this.#inTurn(entry, () => this.#readNow(entry, next(), done));
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      entry.reading = undefined;
      ended.resolve(isRead);
    }
    return isRead;
  }

  /** Reads where there is a place. Endpoints that hang do not keep the others from being read, whose requests wait for that. */
  async #inTurn({ endpoint, stopped: { signal } }: Entry, read: () => Promise<boolean>): Promise<boolean> {
    const { timers = SYSTEM_TIMERS } = this.#options;
    const leave = this.#queue.tryEnter(endpoint.id) ?? (await this.#queue.enter(endpoint.id, signal));
    let isSlow = false;
    const cancelTimer = timers.after(SLOW_READ_MS, () => {
      if (this.#slow >= SLOW_READS) return;
      isSlow = true;
      this.#slow++;
      leave();
    });
    try {
      return await read();
    } finally {
      cancelTimer();
      if (isSlow) this.#slow--;
      leave();
    }
  }

  async #readNow(entry: Entry, read: UpRead | undefined, done: (read: UpRead) => void): Promise<boolean> {
    if (read === undefined) return false;
    const { signal } = entry.stopped;
    const { group } = entry;
    const { targets } = group;
    const { clock } = this.#options;
    const began = clock.monotonic();
    const result = await this.#options.read(entry.endpoint, read, targets, signal);
    if (signal.aborted || group.targets !== targets) return false;
    if (result.ok && entry.coverage.isBorneOut(read, result.value)) done(read);
    else if (result.ok) this.#startAnew(entry);
    this.#learn(entry, result.ok ? undefined : result.failure, clock.monotonic() - began);
    this.#boundTargets(group);
    return result.ok;
  }

  /** The server lost what it had, such as its disk, so nothing that is known of its past is true any more. */
  #startAnew({ coverage, endpoint }: Entry): void {
    coverage.clear();
    this.#options.onProblem?.(endpoint, 'it no longer has the scrapes that it had, so its past is read anew');
  }

  /** @param tookMs what the read took that failed. */
  #learn(
    entry: Entry,
    failure: { readonly kind: string; readonly reason: string } | undefined,
    tookMs = 0,
  ): void {
    const before = entry.problem;
    entry.problem = failure?.reason;
    entry.failures = failure === undefined ? 0 : entry.failures + 1;
    if (failure === undefined) return;
    const longer = 2 ** Math.min(entry.failures - 1, MOST_DOUBLINGS);
    const pause = failure.kind === 'too_large' ? LONGEST_PAUSE_MS : TIMES_AS_LONG * tookMs * longer;
    entry.pausedUntil = this.#options.clock.now() + Math.min(pause, LONGEST_PAUSE_MS);
    if (before === undefined) this.#options.onProblem?.(entry.endpoint, failure.reason);
  }

  /** Where targets come and go without end, all is forgotten, and the group waits for as long as one over its limits. */
  #boundTargets(group: Group): void {
    if (group.targets.size <= MOST_KNOWN_TARGETS && group.targets.bytes <= MOST_TABLE_BYTES) return;
    group.targets = new TargetTable(this.#replicaLabels);
    for (const entry of group.entries) {
      entry.coverage.clear();
      this.#learn(entry, {
        kind: 'too_large',
        reason: `its replica group had more than ${MOST_KNOWN_TARGETS} targets since it was read first`,
      });
    }
  }

  #drop(backend: Backend, entry: Entry): void {
    entry.stopped.abort();
    entry.coverage.clear();
    this.#entries.delete(backend);
    entry.group.entries.delete(entry);
    if (entry.group.entries.size === 0) this.#groups.delete(entry.shardKey);
  }
}
