import type { Labels } from './labels.ts';

/** The exemplars of one series. */
export interface ExemplarSeries {
  readonly labels: Labels;
  readonly exemplars: readonly Exemplar[];
}

export interface Exemplar {
  /** Those of the exemplar itself, such as `trace_id`. */
  readonly labels: Labels;
  readonly value: number;
  /** ms since the epoch. */
  readonly t: number;
}
