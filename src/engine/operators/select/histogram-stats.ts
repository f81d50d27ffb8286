import { detectReset } from '../../../model/histogram/detect-reset.ts';
import {
  type FloatHistogram,
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
} from '../../../model/histogram/float-histogram.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import { isStale } from '../../../model/stale.ts';

/**
 * Reduces the histograms of a series to count, sum and reset hint, where nothing else of them is wanted. Without
 * buckets resets can no longer be seen. So hints are made explicit first: each histogram is compared with the one read
 * before it. Answers and remarks show these hints, hence they follow Prometheus (`HistogramStatsIterator`): reading
 * begins at the first window, and begins anew after every gap between windows.
 *
 * @param ends ascending ends of the windows, ms, one a step.
 * @param reach length of the windows, ms; samples exactly at their start count.
 */
export function reduceToStats(buffer: SampleBuffer, ends: Float64Array, reach: number): void {
  const { t, h, length } = buffer;
  if (h === undefined) return;
  let previous: FloatHistogram | undefined = undefined;
  let seen = -1;
  const visit = (i: number): void => {
    const histogram = i === seen ? undefined : h.at(i);
    if (histogram === undefined || isStale(histogram.sum)) return;
    seen = i;
    h.set(i, statsOf(histogram, previous));
    previous = histogram;
  };
  let at = 0;
  for (const [step, end] of ends.entries()) {
    const start = end - reach;
    if (step === 0 || (at < length && start > t[at]!)) {
      while (at < length && t[at]! < start) at++;
      previous = undefined;
    }
    for (; at < length && t[at]! < end; at++) visit(at);
    if (at < length && t[at] === end) visit(at);
  }
}

function statsOf(h: FloatHistogram, previous: FloatHistogram | undefined): FloatHistogram {
  return {
    schema: h.schema,
    resetHint: hintOf(h, previous),
    count: h.count,
    sum: h.sum,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    customValues: NO_CUSTOM_VALUES,
  };
}

function hintOf(h: FloatHistogram, previous: FloatHistogram | undefined): ResetHint {
  if (h.resetHint !== ResetHint.unknown || previous === undefined) return h.resetHint;
  return detectReset(h, previous) ? ResetHint.reset : ResetHint.notReset;
}
