import type { LabelsJson } from './envelope.ts';
import type { ReplicaNameJson } from './replica-name.ts';

/** What `/api/v1/targets` answers with. Times are RFC 3339. */
export type TargetsJson = {
  readonly activeTargets: readonly ActiveTargetJson[];
  readonly droppedTargets: readonly DroppedTargetJson[];
  /** By scrape pool; null where they were not asked for. */
  readonly droppedTargetCounts: Readonly<Record<string, number>> | null;
};

export type ActiveTargetJson = {
  readonly discoveredLabels: LabelsJson;
  readonly labels: LabelsJson;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly globalUrl: string;
  readonly lastError: string;
  readonly lastScrape: string;
  /** s */
  readonly lastScrapeDuration: number;
  readonly health: string;
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
  /** Where replicas differ, and `show_replicas` asks for it. */
  readonly replicas?: readonly ReplicaTargetJson[];
};

export type ReplicaTargetJson = ReplicaNameJson & {
  readonly health: string;
  readonly lastError: string;
  readonly lastScrape: string;
};

export type DroppedTargetJson = {
  readonly discoveredLabels: LabelsJson;
  readonly scrapePool: string;
};
