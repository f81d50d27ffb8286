import type { Labels } from './labels.ts';

/** What an exposition says about a metric. */
export interface MetricMetadata {
  /** The name as it is exposed: of a family, so without `_bucket`, `_sum` … */
  readonly metric: string;
  /** `counter`, `gauge`, `histogram` … */
  readonly type: string;
  readonly unit: string;
  readonly help: string;
}

/** The same, and which target says so. */
export interface TargetMetadata extends MetricMetadata {
  readonly target: Labels;
}
