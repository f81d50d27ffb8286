import type { SampleBuffer } from '../../../model/sample-columns.ts';
import { histogramSize } from '../../histogram-size.ts';
import type { SampleCounts } from '../../sample-counts.ts';
import type { RangeWindows } from './range-windows.ts';

/** Counts what each step's window holds as read; a histogram counts by its size. */
export function countWindows(windows: RangeWindows, buffer: SampleBuffer, counts: SampleCounts): void {
  const { lo, hi } = windows;
  const { h, length } = buffer;
  if (h === undefined) {
    for (let step = 0; step < lo.length; step++) counts.add(step, hi[step]! - lo[step]!);
    return;
  }
  const before = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) {
    const histogram = h[i];
    before[i + 1] = before[i]! + (histogram === undefined ? 1 : histogramSize(histogram));
  }
  for (let step = 0; step < lo.length; step++) counts.add(step, before[hi[step]!]! - before[lo[step]!]!);
}
