import type { Backend } from '../backend/backend.ts';
import type { Labels } from '../model/labels.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { TimeWindow } from '../model/time-bound.ts';
import type { Replication } from '../model/replication.ts';
import type { EndpointId } from './endpoint-id.ts';

/**
 * All endpoints as they are known at one moment. Immutable: what is learnt makes a new one, so a request that keeps the one
 * it began with sees no change. `shardsOf` groups the endpoints, once for each.
 */
export interface Topology {
  /** Greater with each change; a check that learnt nothing new makes none. */
  readonly generation: number;
  readonly endpoints: readonly Endpoint[];
}

/** How the endpoints and the search for them fare. Other than a topology it changes with each check. */
export interface ClusterStatus {
  /** When an endpoint was asked last whether it is there, ms since the epoch; it has none where it never was. */
  readonly checkedAt: ReadonlyMap<EndpointId, number>;
  /** When an endpoint came and went; absent where nobody notes it. */
  readonly changesOf?: (endpoint: Endpoint) => readonly HealthChange[];
  /** Where endpoints are looked for; empty where all are configured. */
  readonly sources: readonly SourceStatus[];
}

/** Since when an endpoint was how it was. */
export interface HealthChange {
  readonly health: Endpoint['health']['kind'];
  /** ms since the epoch. */
  readonly since: number;
}

/** How the search for endpoints at one place fares. */
export interface SourceStatus {
  /** A name in DNS or a file, as it was configured. */
  readonly name: string;
  /** Why the last look failed; what was found before still counts. */
  readonly problem: string | undefined;
  /** ms since the epoch. */
  readonly checkedAt: number | undefined;
  /** How many addresses it told. */
  readonly found: number;
}

/** What is known about one endpoint. What it said last stays when it goes away, so that its shard stays known. */
export interface Endpoint {
  readonly id: EndpointId;
  readonly backend: Backend;
  /** Equal where it is asked for the same in the same way, tenants and credentials included; a digest. Absent where that never changes. */
  readonly spec?: string | undefined;
  /** For people; several endpoints may have the same. */
  readonly address: string;
  /** Undefined where they are not configured and the endpoint never answered. */
  readonly externalLabels: Labels | undefined;
  /**
   * All label sets of one that stands for several servers or databases; then `externalLabels` are what these have in
   * common. Absent where it has one.
   */
  readonly labelSets?: readonly Labels[] | undefined;
  /**
   * Names of external labels that some of its series carry themselves, or may carry, with a value of their own. Unknown
   * until it answered, unless the labels are configured: these stand in the place of a series' own.
   */
  readonly ownLabels: ReadonlySet<string> | 'unknown';
  readonly health: EndpointHealth;
  /** How samples are read; empty until it answered. */
  readonly protocol: string;
  readonly version: string;
  /** ms since the epoch, both inclusive; unbounded where the endpoint does not say. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Of which times it is asked for samples, as configured; of all where it is absent. */
  readonly window?: TimeWindow | undefined;
  /** What it is: `prometheus`, or in Thanos' words `sidecar`, `store` …; absent until it said so. */
  readonly component?: string | undefined;
  /** By how much its clock is ahead, ms; 0 where that does not matter, undefined where it does not tell its time. */
  readonly clockOffsetMs?: number | undefined;
  /** One call may take this long, ms. */
  readonly timeoutMs: number;
  readonly replication: Replication;
  /** Whether its targets are too many to be compared with those of its siblings, as of its last answer. */
  readonly hasTooManyTargets: boolean;
  /**
   * For another endpoint: which part of this one's targets that one scrapes as well, 0 … 1, as of the last time that both
   * answered. Only for endpoints of the same shard whose targets could be compared.
   */
  readonly covered: ReadonlyMap<EndpointId, number>;
  /** A few of its `up` series, without external labels, that tell when it was running; absent where it has none. */
  readonly witnesses?: readonly Labels[] | undefined;
}

export type EndpointHealth =
  | { readonly kind: 'pending' }
  /** Suspect where a request failed since it answered last, and it was not heard of since. */
  | { readonly kind: 'up'; readonly isSuspect?: boolean }
  | { readonly kind: 'down'; readonly failure: BackendFailure; readonly since: number };
