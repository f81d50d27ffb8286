/**
 * What `/api/v1/explain` answers with. Times are seconds since the epoch, as everywhere in the API. These are types and not
 * interfaces, because the compiler takes only types for JSON values.
 */
export type ExplanationJson = {
  readonly query: string;
  readonly start: number;
  readonly end: number;
  /** s; 0 for instant queries. */
  readonly step: number;
  readonly dedup: boolean;
  readonly dedupFunc: string;
  readonly replicaLabels: readonly string[];
  readonly partialResponse: boolean;
  readonly plan: string;
  /** The nodes of the plan, each before its children. */
  readonly nodes: readonly NodeJson[];
  /** What the query would find of its results; absent for instant queries, and where no results are kept. */
  readonly resultsCache?: KeptJson | undefined;
  readonly selectors: readonly SelectorJson[];
};

export type KeptJson = {
  /** Steps of the query, and how many of them would not be evaluated; absent where nothing of the query is kept. */
  readonly steps?: number | undefined;
  readonly keptSteps?: number | undefined;
  /** How long ago the oldest of the kept steps was evaluated; absent where there is none. */
  readonly ageSeconds?: number | undefined;
  /** Why nothing of the query is kept. */
  readonly reason?: string | undefined;
};

export type NodeJson = {
  /** How far it is below the root, which has 0. */
  readonly level: number;
  readonly text: string;
  /** The part of the query that yields the same by itself, in UTF-16 units; absent where there is none. */
  readonly at?: { readonly start: number; readonly end: number } | undefined;
  readonly type: 'scalar' | 'vector' | 'matrix' | 'string';
  /** Which of the selectors it is; absent where it is none. */
  readonly selector?: number | undefined;
};

export type SelectorJson = {
  readonly selector: string;
  /** What the query needs, both inclusive. */
  readonly start: number;
  readonly end: number;
  /** The same with the margin that deduplication sees. */
  readonly fetched: { readonly start: number; readonly end: number };
  readonly margin: MarginJson;
  /** Who would compute parts of aggregations for which shard, or why the samples are read; left out where nothing is to be computed. */
  readonly pushdown?: readonly PushJson[] | undefined;
  /** Why the query fails with these parameters. */
  readonly refused?: string | undefined;
  readonly shards: readonly ShardJson[];
  readonly unknownEndpoints: readonly EndpointJson[];
  readonly summary: SummaryJson;
  readonly timeline: { readonly start: number; readonly cellSeconds: number; readonly cells: number };
  readonly seriesNotShown: number;
  readonly series: readonly SeriesJson[];
};

export type PushJson = {
  readonly shard: string;
  readonly endpoint?: string | undefined;
  readonly reason?: string | undefined;
  /** The first and the last step of which samples are read all the same, s since the epoch: its replica was away about then. */
  readonly readSteps?: { readonly start: number; readonly end: number } | undefined;
};

export type MarginJson = {
  /** How far beyond the range was read on each side, up to a window less at the ends. */
  readonly seconds: number;
  readonly reason: string;
  /** Series that were read again with a larger one. */
  readonly readAgain?: { readonly series: number; readonly seconds: number } | undefined;
};

export type ShardJson = {
  readonly labels: Readonly<Record<string, string>>;
  readonly endpoints: readonly EndpointJson[];
};

export type EndpointJson = {
  readonly address: string;
  readonly replica: string;
  readonly externalLabels?: Readonly<Record<string, string>> | undefined;
  readonly protocol: string;
  readonly health: 'pending' | 'up' | 'down';
  readonly outcome: 'pruned' | 'spared' | 'failed' | 'answered';
  /** Why it was not asked, or how it failed. */
  readonly reason?: string | undefined;
  /** Absent where it was not asked. */
  readonly durationMs?: number | undefined;
  readonly bytes?: number;
  readonly series?: number;
  readonly samples?: SamplesJson;
  /** Part of the shard's samples that are its own after deduplication, 0 … 1. */
  readonly share?: number;
  /** How its scrapes compare with those of its replicas; absent where it has none. */
  readonly coverage?: CoverageJson | undefined;
};

export type CoverageJson = {
  readonly state: 'whole' | 'lacks' | 'unproven';
  readonly reason?: string | undefined;
  /** That were compared, or of which it lacks something. */
  readonly targets?: number | undefined;
  /** What its replicas have and it does not: the first ones. */
  readonly holes?: readonly CoverageHoleJson[] | undefined;
  /** Holes of targets, each counted for itself, that are not among these. */
  readonly holesNotShown?: number | undefined;
  /** Seconds since the epoch, where nothing is known of the end of the range: so of an endpoint that is down. */
  readonly knownUntil?: number | undefined;
};

export type CoverageHoleJson = {
  readonly start: number;
  readonly end: number;
  readonly kind: 'away' | 'failed' | 'gone' | 'sparse';
  /** How many targets have it. */
  readonly targets: number;
  /** The replicas that have all of it. */
  readonly heldBy: readonly string[];
};

export type SamplesJson = {
  readonly delivered: number;
  readonly inRange: number;
  readonly survived: number;
};

export type SummaryJson = {
  readonly series: number;
  readonly samples: SamplesJson;
  readonly switches: number;
  readonly holesFilled: number;
  readonly reasons: readonly { readonly reason: string; readonly windows: number }[];
};

export type SeriesJson = {
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: readonly ReplicaJson[];
  readonly switches: number;
  readonly holesFilled: number;
  readonly windows: readonly WindowJson[];
  readonly windowsNotShown: number;
};

export type ReplicaJson = {
  readonly replica: string;
  readonly address: string;
  readonly samples: SamplesJson;
  /** A character a cell: `c` is chosen, `f` fills holes that are counted, `i` has samples that are not chosen, `-` is a hole, `x` failed. */
  readonly timeline: string;
};

export type WindowJson = {
  readonly start: number;
  readonly end: number;
  readonly replica: string;
  readonly reason: string;
  readonly penaltyMs?: number | undefined;
  readonly windows: number;
};
