import type { Pace } from '../../model/pacer.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Endpoint } from '../topology.ts';
import { awayTimes, type AwayTime } from './away-times.ts';
import { compareReplicas, type Comparison, type CoverageQuestion } from './compare-replicas.ts';
import { givenUp, type GivenUp } from './given-up.ts';
import { NothingLost } from './nothing-lost.ts';
import { PIECE_MS } from './piece.ts';
import { MOST_PIECES_ON_DEMAND, ScrapeReads, type CoverageOptions, type Group } from './scrape-reads.ts';
import { SteadyMemory, type KnownSteady } from './steady-memory.ts';
import { steadyTargets } from './steady-targets.ts';
import type { TargetTable } from './target-table.ts';
import type { ReplicaWindow } from './window-runs.ts';

export interface CoverageFigures {
  readonly bytes: number;
  /** How many pieces of the past are kept. */
  readonly pieces: number;
  readonly endpoints: readonly {
    readonly id: string;
    /** Targets of the newest two hours. */
    readonly targets: number;
    /** ms since the epoch; -Infinity where nothing is known. */
    readonly until: number;
    readonly isKnown: boolean;
  }[];
}

/** What is known of one endpoint's scrapes. Times in ms since the epoch. */
export interface EndpointStanding {
  /** Infinity where nothing is known. */
  readonly since: number;
  /** -Infinity where nothing is known. */
  readonly until: number;
  /** Why not all is known. */
  readonly problem: string | undefined;
}

/** The answer to a question about endpoints of one shard. */
export type GroupComparison =
  | { readonly kind: 'compared'; readonly comparison: Comparison; readonly targets: TargetTable }
  /** Of these endpoints not all of the range is known. */
  | { readonly kind: 'unknown'; readonly endpoints: readonly Endpoint[] };

/** Knows when each endpoint scraped its targets, and answers what follows from that for endpoints of one shard. */
export class CoverageIndex {
  /** Where others have all of a lost endpoint. */
  readonly nothingLost: NothingLost = new NothingLost(this);
  /** What one endpoint scraped so that its siblings have nothing to add. */
  readonly steady: SteadyMemory = new SteadyMemory(this);
  readonly #reads: ScrapeReads;

  constructor(options: CoverageOptions) {
    this.#reads = new ScrapeReads(options);
  }

  /** See {@link ScrapeReads}. */
  get replicaLabels(): ReadonlySet<string> {
    return this.#reads.replicaLabels;
  }

  /** Whether these labels tell replicas apart here. */
  groupsBy(labels: ReadonlySet<string>): boolean {
    const own = this.replicaLabels;
    return labels.size === own.size && [...labels].every((name) => own.has(name));
  }

  /** The targets of endpoints of one shard; undefined where these are not known of all. */
  targetsOf(endpoints: readonly Endpoint[]): TargetTable | undefined {
    const group = this.#reads.groupOf(endpoints);
    const isKnown = endpoints.every(({ backend }) => this.#reads.entryOf(backend)?.group === group);
    return isKnown ? group?.targets : undefined;
  }

  /** For metrics. */
  figures(): CoverageFigures {
    const endpoints = this.#reads.entries().map(({ endpoint, coverage, problem }) => ({
      id: endpoint.id,
      targets: coverage.targets,
      until: coverage.until,
      isKnown: problem === undefined && coverage.until > -Infinity,
    }));
    return { bytes: this.bytes, pieces: this.#reads.pieces, endpoints: [...endpoints] };
  }

  /** Memory that all of it takes, about. */
  get bytes(): number {
    return this.#reads.bytes + this.steady.bytes;
  }

  /** See {@link ScrapeReads.refresh}. */
  refresh(endpoint: Endpoint): Promise<void> {
    return this.#reads.refresh(endpoint);
  }

  /** See {@link ScrapeReads.load}. */
  load(endpoint: Endpoint, range: TimeRange): Promise<boolean> {
    return this.#reads.load(endpoint, range);
  }

  /** See {@link ScrapeReads.loadAhead}. */
  loadAhead(endpoint: Endpoint, range: TimeRange): void {
    this.#reads.loadAhead(endpoint, range);
  }

  /**
   * Compares endpoints of one shard.
   * @param question given the targets, so that it can tell which are wanted.
   */
  async compare(
    endpoints: readonly Endpoint[],
    question: (targets: TargetTable) => CoverageQuestion,
    pace: Pace,
  ): Promise<GroupComparison> {
    const group = this.#reads.groupOf(endpoints);
    if (group === undefined) return { kind: 'unknown', endpoints };
    const { targets } = group;
    const asked = question(targets);
    const windows = endpoints.map((endpoint) => this.#window(group, endpoint, asked.from, asked.to));
    const unknown = endpoints.filter((_, i) => windows[i] === undefined);
    if (unknown.length > 0) return { kind: 'unknown', endpoints: unknown };
    const known = windows.filter((window) => window !== undefined);
    return {
      kind: 'compared',
      comparison: await compareReplicas(known, targets.size, asked, pace),
      targets,
    };
  }

  /**
   * The targets that the first of some endpoints of one shard scraped when it was read last, and that the others had given up by then, see
   * {@link givenUp}; undefined where that is not known.
   * @param isWanted given the targets; all of them where it is left out.
   */
  async givenUp(
    endpoints: readonly Endpoint[],
    isWanted: ((targets: TargetTable) => (target: number) => boolean) | undefined,
    pace: Pace,
  ): Promise<GivenUp | undefined> {
    const group = this.#reads.groupOf(endpoints);
    if (group === undefined) return undefined;
    const { targets } = group;
    const untils = endpoints.map((endpoint) => this.standing(endpoint, 0).until);
    if (Math.min(...untils) === -Infinity) return undefined;
    const windows = endpoints.map((endpoint) =>
      this.#window(group, endpoint, untils[0]!, Math.max(...untils)),
    );
    const known = windows.filter((window) => window !== undefined);
    return known.length < windows.length
      ? undefined
      : givenUp(known, targets.size, isWanted?.(targets), pace);
  }

  /** The targets that the first of some endpoints of one shard scraped steadily; undefined where not all of the range is known. */
  async steadyOf(
    endpoints: readonly Endpoint[],
    range: TimeRange,
    pace: Pace,
  ): Promise<KnownSteady | undefined> {
    const group = this.#reads.groupOf(endpoints);
    if (group === undefined) return undefined;
    const { targets } = group;
    const windows = endpoints.map((endpoint) => this.#window(group, endpoint, range.minTime, range.maxTime));
    const known = windows.filter((window) => window !== undefined);
    if (known.length < windows.length) return undefined;
    return { steady: await steadyTargets(known, targets.size, range, pace), targets };
  }

  /** The times in a range in which none of some endpoints of one shard scraped anything; undefined where that is not known of all. */
  away(endpoints: readonly Endpoint[], { minTime, maxTime }: TimeRange): readonly AwayTime[] | undefined {
    const group = this.#reads.groupOf(endpoints);
    if (group === undefined) return undefined;
    const windows = endpoints.map((endpoint) => this.#window(group, endpoint, minTime, maxTime));
    const known = windows.filter((window) => window !== undefined);
    return known.length < windows.length ? undefined : awayTimes(known, minTime, maxTime);
  }

  /** What is known of an endpoint, looking back so far, ms. */
  standing({ backend }: Pick<Endpoint, 'backend'>, most: number): EndpointStanding {
    const entry = this.#reads.entryOf(backend);
    if (entry === undefined) return { since: Infinity, until: -Infinity, problem: 'it was not read yet' };
    const { coverage, problem } = entry;
    return { since: coverage.since(most), until: coverage.until, problem };
  }

  /** Forgets the endpoints that are not among these. */
  keep(endpoints: readonly Endpoint[]): void {
    this.#reads.keep(endpoints);
  }

  /** Takes other labels to tell replicas apart, and forgets what is known. */
  regroup(replicaLabels: readonly string[]): void {
    this.#reads.regroup(replicaLabels);
  }

  /** Forgets all. */
  close(): void {
    this.#reads.close();
  }

  #window(group: Group, { id, backend }: Endpoint, from: number, to: number): ReplicaWindow | undefined {
    const entry = this.#reads.entryOf(backend);
    return entry?.group === group ? entry.coverage.window(id, from, to) : undefined;
  }
}

/** How far back explanations and the status page look where nothing else is said, ms. */
export const USUAL_LOOK_BACK_MS: number = MOST_PIECES_ON_DEMAND * PIECE_MS;
