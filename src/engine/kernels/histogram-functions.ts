import { StepKind } from '../step-row.ts';
import { allBuckets } from '../../model/histogram/buckets.ts';
import { type FloatHistogram, usesCustomBuckets } from '../../model/histogram/float-histogram.ts';
import { kahanLost } from '../../model/kahan.ts';
import type { RowKernel } from './row-kernel.ts';

/** A kernel that maps histograms to floats and leaves floats out. */
export function mapHistograms(f: (h: FloatHistogram) => number): RowKernel {
  return (input, _args, out) => {
    for (let step = 0; step < input.length; step++) {
      if (input.kind[step] === StepKind.histogram) out.setFloat(step, f(input.h!.passing(step)!));
    }
  };
}

/**
 * Variance of the observations, each taken to be at the middle of its bucket: the arithmetic one for custom buckets,
 * zero for those around zero, else the geometric one (Prometheus `histogramVariance`).
 */
export function histogramVariance(h: FloatHistogram): number {
  const mean = h.sum / h.count;
  const isCustom = usesCustomBuckets(h);
  const { length, lower, upper, count } = allBuckets(h);
  let squares = 0;
  let lost = 0;
  for (let i = 0; i < length; i++) {
    if (count[i] === 0) continue;
    const delta = middleOf(lower[i]!, upper[i]!, isCustom) - mean;
    const square = count[i]! * delta * delta;
    const next = squares + square;
    lost = kahanLost(lost, squares, square, next);
    squares = next;
  }
  return (squares + lost) / h.count;
}

function middleOf(lower: number, upper: number, isCustom: boolean): number {
  if (isCustom) return (upper + lower) / 2;
  if (lower <= 0 && upper >= 0) return 0;
  const middle = Math.sqrt(upper * lower);
  return upper < 0 ? -middle : middle;
}
