import type { Backend } from '../backend/backend.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { Labels } from '../model/labels.ts';
import type { Replication } from '../model/replication.ts';

/** All endpoints as they are known at one moment. Immutable: a refresh makes a new one. */
export interface Topology {
  readonly endpoints: readonly Endpoint[];
  /** Where endpoints are looked for; absent where all are configured. */
  readonly sources?: readonly SourceStatus[] | undefined;
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
  readonly backend: Backend;
  readonly address: string;
  /** Undefined where they are not configured and the endpoint never answered. */
  readonly externalLabels: Labels | undefined;
  /**
   * All label sets of one that stands for several servers or databases; then `externalLabels` are what these have in
   * common. Absent where it has one.
   */
  readonly labelSets?: readonly Labels[] | undefined;
  /**
   * Names of external labels that some of its series carry themselves, with a value of their own; unknown until it said so.
   */
  readonly ownLabels: ReadonlySet<string> | 'unknown';
  readonly health: EndpointHealth;
  /** How samples are read; empty until it answered. */
  readonly protocol: string;
  readonly version: string;
  /** ms since the epoch, both inclusive; unbounded where the endpoint does not say. */
  readonly minTime: number;
  readonly maxTime: number;
  /** When it answered last, ms since the epoch; undefined where it never did. */
  readonly answeredAt: number | undefined;
  /** When it was asked last whether it is there, ms since the epoch; absent where it never was. */
  readonly checkedAt?: number | undefined;
  /** What it is: `prometheus`, or in Thanos' words `sidecar`, `store` …; absent until it said so. */
  readonly component?: string | undefined;
  /** One call may take this long, ms. */
  readonly timeoutMs: number;
  readonly replication: Replication;
  /**
   * By address of another endpoint: which part of this one's targets that one scrapes as well, 0 … 1, as of the last
   * time that both answered. Only for endpoints of the same shard.
   */
  readonly covered: ReadonlyMap<string, number>;
  /** A few of its `up` series, without external labels, that tell when it was running; absent where it has none. */
  readonly witnesses?: readonly Labels[] | undefined;
}

type EndpointHealth =
  | { readonly kind: 'pending' }
  /** Suspect where a request failed since it answered last, and it was not heard of since. */
  | { readonly kind: 'up'; readonly isSuspect?: boolean }
  | { readonly kind: 'down'; readonly failure: BackendFailure; readonly since: number };
