import type { Fleet } from '../fleet/fleet.ts';
import type { Figures } from '../load/figures.ts';

/** How long and how strictly rows are run; times in ms. */
export interface Scale {
  /** Without the fault, before it and behind it. */
  readonly calmMs: number;
  readonly calmAfterMs: number;
  readonly faultMs: number;
  /** Times below this one are the machine's, and not judged. */
  readonly leastMs: number;
}

export const FULL: Scale = { calmMs: 5000, calmAfterMs: 5000, faultMs: 12_000, leastMs: 50 };
/** A busy machine runs other tests meanwhile. */
export const SHORT: Scale = { calmMs: 700, calmAfterMs: 0, faultMs: 2500, leastMs: 1500 };

export interface RowResult {
  /** Undefined where a row is not about queries. */
  readonly figures: Figures | undefined;
  /** What had to hold, with what was seen of it beside the figures. */
  readonly bound: string;
  /** What did not hold, as sentences; empty where all did. */
  readonly problems: readonly string[];
}

/** One fault. A row leaves the fleet as it found it. */
export interface FaultRow {
  readonly name: string;
  run(fleet: Fleet, scale: Scale): Promise<RowResult>;
}
