import type { LabelsJson } from './envelope.ts';

/** What `/api/v1/stores` answers with: endpoints by kind. Times are RFC 3339. */
export type StoresJson = Readonly<Record<string, readonly StoreJson[]>>;

export type StoreJson = {
  readonly name: string;
  readonly lastCheck: string;
  readonly lastError: string | null;
  readonly labelSets: readonly LabelsJson[];
  /** ms since the epoch; the ends of int64 where there is no bound, which JavaScript rounds. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly health: string;
  readonly protocol: string;
  readonly version: string;
  readonly breaker?: BreakerJson;
  /** When it came and went, as far as the gateway saw it: the newest 50 changes, the last one at the end. */
  readonly changes?: readonly HealthChangeJson[];
};

export type HealthChangeJson = {
  readonly health: string;
  readonly since: string;
};

export type BreakerJson = {
  readonly state: string;
  readonly since: string | null;
  readonly reason: string | null;
  /** How long small answers take. */
  readonly usualSeconds: number | null;
};
