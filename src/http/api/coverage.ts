import type { LabelsJson } from './envelope.ts';

/** What `/api/v1/status/coverage` answers with. Times are seconds since the epoch. */
export type CoverageReportJson = { readonly shards: readonly ShardCoverageJson[] };

export type ShardCoverageJson = {
  readonly labels: LabelsJson;
  /** Absent where nothing is known of the shard. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly targets: number;
  readonly unprovenTargets: number;
  readonly endpoints: readonly EndpointCoverageJson[];
  readonly missingEverywhere: HolesJson;
};

export type EndpointCoverageJson = {
  readonly endpoint: string;
  readonly knownSince?: number | undefined;
  readonly knownUntil?: number | undefined;
  readonly problem?: string | undefined;
  readonly coverage: 'whole' | 'lacks' | 'unknown';
  readonly targets?: number;
  readonly wholeSince?: number | undefined;
  /** In which it has nothing of a target, though a sibling has, or none scraped it. */
  readonly holes?: HolesJson;
  /** The parts of them that a sibling has. */
  readonly lacks?: HolesJson;
  readonly lostWithIt?: HolesJson | 'all';
};

export type HolesJson = {
  readonly targets: number;
  readonly holes: readonly HoleJson[];
  readonly notShown: number;
};

export type HoleJson = {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly targets: number;
  readonly examples: readonly LabelsJson[];
  readonly heldBy?: readonly string[] | undefined;
};
