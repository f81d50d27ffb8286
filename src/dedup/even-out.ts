import { SampleBuffer } from '../model/sample-columns.ts';
import type { SampleColumns } from '../model/sample-columns.ts';

/**
 * A counter as Thanos hands it to functions that take a fall for a reset (ApplyCounterResetsSeriesIterator in
 * pkg/compact/downsample, v0.42): each sample is the sum of all increases so far, so it never falls, and NaN and stale
 * markers are gone. `resets` sees none any more (thanos#3644). Native histograms stay as they are.
 */
export function evenOut(columns: SampleColumns): SampleColumns {
  const evened = new SampleBuffer(columns.length);
  let total = Number.NaN;
  let last = 0;
  for (let i = 0; i < columns.length; i++) {
    const histogram = columns.h?.[i];
    if (histogram !== undefined) {
      evened.pushHistogram(columns.t[i]!, histogram);
      continue;
    }
    const value = columns.v[i]!;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(total)) total = value;
    else total += value >= last ? value - last : value;
    last = value;
    evened.push(columns.t[i]!, total);
  }
  return evened;
}
