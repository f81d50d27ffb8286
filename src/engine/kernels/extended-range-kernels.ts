import type { Extent } from './extended-edges.ts';
import { extendedHistogramRate } from './extended-rate-histograms.ts';
import { extendedFloatRate } from './extended-rate.ts';
import { firstAfter } from './interpolation.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';
import { eitherKind } from './range-windows.ts';
import type { RateKind } from './rate.ts';
import { changeCount, resetCount } from './transitions.ts';

/**
 * The functions that know extended range selectors, by kind of extension and name. Their windows reach further than
 * the range: `anchored` takes samples from (windowStart - lookback delta, windowEnd], `smoothed` from
 * (windowStart - lookback delta, windowEnd + lookback delta]; windowStart and windowEnd stay those of the range.
 */
export const EXTENDED_RANGE_KERNELS: Readonly<Record<Extent, Readonly<Record<string, RangeKernel>>>> = {
  anchored: { ...rates('anchored'), changes: anchored(changeCount), resets: anchored(resetCount) },
  smoothed: rates('smoothed'),
};

function rates(extent: Extent): Record<string, RangeKernel> {
  const rate = (kind: RateKind): RangeKernel =>
    eitherKind(extendedFloatRate(kind, extent), extendedHistogramRate(kind, extent));
  return {
    delta: rate({ isCounter: false, perSecond: false }),
    increase: rate({ isCounter: true, perSecond: false }),
    rate: rate({ isCounter: true, perSecond: true }),
  };
}

/** A kernel over the range's samples and the last one at or before its start; nothing without samples in the range. */
function anchored(kernel: RangeKernel): RangeKernel {
  return (input, out, notes) => kernel(fromAnchor(input), out, notes);
}

function fromAnchor(input: RangeInput): RangeInput {
  const { t, stepCount, windowStart } = input;
  const lo = input.lo.slice(0, stepCount);
  const hi = input.hi.slice(0, stepCount);
  for (let step = 0; step < stepCount; step++) {
    const inside = firstAfter(t, lo[step]!, hi[step]!, windowStart[step]!, false);
    if (inside >= hi[step]!) hi[step] = lo[step]!;
    else lo[step] = Math.max(lo[step]!, inside - 1);
  }
  return { ...input, lo, hi };
}
