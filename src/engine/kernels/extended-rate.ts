import { rangeSeconds } from './extrapolation.ts';
import { type ExtendedEdges, type Extent, findEdges } from './extended-edges.ts';
import { floatBetween } from './interpolation.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';
import type { RateKind } from './rate.ts';

/** Reused: kernels are synchronous. */
const edges: ExtendedEdges = { first: 0, last: 0 };

/**
 * rate, increase and delta of floats over an extended window (Prometheus `extendedRate`): the difference between the
 * values at the window's edges, which `anchored` takes from the sample before each and `smoothed` interpolates.
 */
export function extendedFloatRate(kind: RateKind, extent: Extent): RangeKernel {
  return (input, out) => {
    const { lo, hi, windowStart, windowEnd, stepCount } = input;
    for (let step = 0; step < stepCount; step++) {
      if (hi[step]! <= lo[step]! || !findEdges(input, step, extent, edges)) continue;
      const rise = riseBetweenEdges(input, step, kind.isCounter, extent);
      const seconds = kind.perSecond ? rangeSeconds(windowStart[step]!, windowEnd[step]!) : 1;
      out.setFloat(step, rise / seconds);
    }
  };
}

function riseBetweenEdges(input: RangeInput, step: number, isCounter: boolean, extent: Extent): number {
  const { t, v, lo, windowStart, windowEnd } = input;
  const start = windowStart[step]!;
  const end = windowEnd[step]!;
  let { first, last } = edges;
  const smoothed = extent === 'smoothed';
  const left = smoothed && t[first]! < start ? floatBetween(input, first, start, isCounter) : v[first]!;
  const right =
    smoothed && last > lo[step]! && t[last]! > end ? floatBetween(input, last - 1, end, isCounter) : v[last]!;
  if (!isCounter) return right - left;

  // Resets at the edges are in `left` and `right` already.
  if (t[first]! <= start) first++;
  if (t[last]! >= end) last--;
  let lost = 0;
  let previous = left;
  for (let i = first; i <= last; i++) {
    if (v[i]! < previous) lost += previous;
    previous = v[i]!;
  }
  if (right < previous) lost += previous;
  return right - left + lost;
}
