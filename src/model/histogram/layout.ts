import { sameLayout } from './combine.ts';
import { sameBounds } from './custom-bounds.ts';
import type { FloatHistogram } from './float-histogram.ts';

/** What the histograms of a series share for a while: all of them but the numbers. Immutable. */
export interface HistogramLayout {
  readonly schema: number;
  readonly zeroThreshold: number;
  /** Indices of the buckets, strictly ascending; see {@link FloatHistogram}. */
  readonly positiveIndex: Int32Array;
  readonly negativeIndex: Int32Array;
  readonly customValues: Float64Array;
}

/** The layout of one histogram. Shares its arrays. */
export function layoutOf(h: FloatHistogram): HistogramLayout {
  return {
    schema: h.schema,
    zeroThreshold: h.zeroThreshold,
    positiveIndex: h.positive.index,
    negativeIndex: h.negative.index,
    customValues: h.customValues,
  };
}

/** How many buckets a histogram of this layout has. */
export function widthOf({ positiveIndex, negativeIndex }: HistogramLayout): number {
  return positiveIndex.length + negativeIndex.length;
}

export function layoutsEqual(a: HistogramLayout, b: HistogramLayout): boolean {
  return (
    a === b ||
    (a.schema === b.schema &&
      Object.is(a.zeroThreshold, b.zeroThreshold) &&
      sameLayout(a.positiveIndex, b.positiveIndex) &&
      sameLayout(a.negativeIndex, b.negativeIndex) &&
      sameBounds(a.customValues, b.customValues))
  );
}
