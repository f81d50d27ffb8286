import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';

/** What a function makes of a histogram at a step, be it classic or native. */
export interface HistogramMeasure {
  /** The label that tells the results of one call apart. */
  readonly label: readonly [name: string, value: string] | undefined;
  /** 1 at the steps where the measure applies; undefined where it always does. */
  readonly steps: Uint8Array | undefined;
  /** @param metricName for remarks; empty where they tell none. */
  ofNative(h: FloatHistogram, step: number, metricName: string): number;
  /** @param buckets at least one, of which the call may change the counts. */
  ofClassic(buckets: ClassicBuckets, step: number, metricName: string): number;
}
