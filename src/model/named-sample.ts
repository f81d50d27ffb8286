import type { FloatHistogram } from './histogram/float-histogram.ts';
import type { Labels } from './labels.ts';

/** One sample of a series that has a metric name, as a scraper reads it. */
export interface NamedSample {
  /** The metric name; not empty. */
  readonly name: string;
  /** The name included. */
  readonly labels: Labels;
  /** ms since the epoch. */
  readonly t: number;
  /** Without meaning where there is a histogram. */
  readonly v: number;
  readonly h: FloatHistogram | undefined;
}
