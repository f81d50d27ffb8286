import { ResetHint, CUSTOM_BUCKETS_SCHEMA } from '../../model/histogram/float-histogram.ts';
import type { HistogramColumn } from '../../model/histogram/histogram-column.ts';
import { type HistogramLayout, widthOf } from '../../model/histogram/layout.ts';
import { firstAbove } from '../../model/histogram/zero-bucket.ts';
import { StepKind, type StepRow } from '../step-row.ts';

/** Where the plain run that a sample belongs to begins, by sample; reused, because kernels are synchronous. */
let runStart = new Int32Array(256);

/**
 * Finds the plain runs of a series: neighbours of one layout and kind without resets between them. The rise over a part of
 * such a run is the difference of its ends.
 * @param resets 1 for every histogram that follows a reset; none where the length is 0.
 * @param isCounter gauges are not plain; else nothing but gauges is.
 * @returns where the run begins that a sample is in; behind the sample itself where it is in none. Valid until the next call.
 */
export function findPlainRuns(
  h: HistogramColumn,
  length: number,
  resets: Uint8Array,
  isCounter: boolean,
): Int32Array {
  if (runStart.length < length) runStart = new Int32Array(length * 2);
  let layout = -1;
  let isPlain = false;
  for (let i = 0; i < length; i++) {
    if (!h.has(i) || (h.hintAt(i) === ResetHint.gauge) === isCounter) {
      runStart[i] = i + 1;
      layout = -1;
      continue;
    }
    const continues = h.layoutAt[i] === layout && resets[i] !== 1;
    if (h.layoutAt[i] !== layout) {
      layout = h.layoutAt[i]!;
      isPlain = isPlainLayout(h.layouts[layout]!);
    }
    if (!isPlain) runStart[i] = i + 1;
    else runStart[i] = continues ? runStart[i - 1]! : i;
  }
  return runStart;
}

/**
 * Whether histograms of one such layout are added bucket by bucket: none lies inside of the zero bucket, in which it would
 * be counted twice.
 */
export function isPlainLayout(layout: HistogramLayout): boolean {
  const { schema, zeroThreshold, positiveIndex, negativeIndex } = layout;
  if (schema === CUSTOM_BUCKETS_SCHEMA) return true;
  return (
    firstAbove(positiveIndex, schema, zeroThreshold) === 0 &&
    firstAbove(negativeIndex, schema, zeroThreshold) === 0
  );
}

/**
 * Sets a step to `factor` times what histograms rose by from sample `first` to sample `last` of a plain run.
 * @returns false, and the step is as it was, where a bucket has so little that nothing is left of it: such a bucket is there
 *   nevertheless, which is for the caller to see to.
 */
export function setPlainRise(
  h: HistogramColumn,
  first: number,
  last: number,
  factor: number,
  out: StepRow,
  step: number,
): boolean {
  const target = out.histograms();
  const layout = h.layouts[h.layoutAt[last]!]!;
  const { used } = target;
  const width = widthOf(layout);
  const offset = target.place(step, target.layoutIndex(layout), ResetHint.gauge, true);
  const { buckets } = h;
  const { buckets: rises } = target;
  const before = h.offset[first]!;
  const after = h.offset[last]!;
  for (let b = 0; b < width; b++) {
    const rise = buckets[after + b]! - buckets[before + b]!;
    const scaled = rise * factor;
    rises[offset + b] = scaled;
    if (scaled === 0 && rise !== 0) {
      target.unset(step);
      target.used = used;
      return false;
    }
  }
  target.count[step] = (h.count[last]! - h.count[first]!) * factor;
  target.sum[step] = (h.sum[last]! - h.sum[first]!) * factor;
  const custom = layout.schema === CUSTOM_BUCKETS_SCHEMA;
  target.zeroCount[step] = custom ? 0 : (h.zeroCount[last]! - h.zeroCount[first]!) * factor;
  out.kind[step] = StepKind.histogram;
  return true;
}
