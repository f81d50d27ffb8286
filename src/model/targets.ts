import type { Instant } from './instant.ts';
import type { Labels } from './labels.ts';
import type { ReplicaName } from './replica-name.ts';

/** What servers scrape. */
export interface TargetDiscovery {
  readonly active: readonly ActiveTarget[];
  readonly dropped: readonly DroppedTarget[];
  /** Dropped targets by scrape pool, also of those that are not listed; undefined where it was not asked or told. */
  readonly droppedCounts: ReadonlyMap<string, number> | undefined;
}

export interface ActiveTarget {
  /** Before relabelling. */
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly globalUrl: string;
  /** Empty where there is none. */
  readonly lastError: string;
  readonly lastScrape: Instant;
  /** s. */
  readonly lastScrapeDuration: number;
  readonly health: TargetHealth;
  /** Durations as Prometheus writes them; empty where the server does not say. */
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
  /** What each replica says, where they differ and this was asked for. */
  readonly replicas?: readonly ReplicaTarget[] | undefined;
}

/** What one replica says of a target. */
export interface ReplicaTarget extends ReplicaName {
  readonly health: TargetHealth;
  readonly lastError: string;
  readonly lastScrape: Instant;
}

/** From the least to the most that is known to work. `unknown`: not scraped yet. */
export const TARGET_HEALTHS = ['unknown', 'down', 'up'] as const;

export type TargetHealth = (typeof TARGET_HEALTHS)[number];

export interface DroppedTarget {
  readonly discoveredLabels: Labels;
  readonly scrapePool: string;
}
