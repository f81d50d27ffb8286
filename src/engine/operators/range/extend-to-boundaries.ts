import { SampleBuffer, type SampleColumns } from '../../../model/sample-columns.ts';
import { firstAfter } from '../../kernels/interpolation.ts';

/**
 * What an `anchored` or `smoothed` range selector shows by itself: a sample exactly at each end of the window and those
 * between. Anchored ends take the value before them, smoothed ones lie on the line between their neighbours.
 * @param columns floats alone, at least one, reaching beyond the window as far as the lookback delta.
 */
export function extendToBoundaries(
  columns: SampleColumns,
  start: number,
  end: number,
  extent: 'anchored' | 'smoothed',
): SampleColumns {
  const { t, v, length } = columns;
  const smoothed = extent === 'smoothed';
  let first = Math.max(0, firstAfter(t, 0, length - 1, start, false) - 1);
  let last = smoothed ? firstAfter(t, 0, length - 1, end, true) : length - 1;
  const extended = new SampleBuffer();
  if (t[last]! <= start) return extended;
  const left = smoothed && t[first]! < start ? between(columns, first, start) : v[first]!;
  const right = smoothed && last > 0 && t[last]! > end ? between(columns, last - 1, end) : v[last]!;
  if (t[first]! <= start) first++;
  if (t[last]! >= end) last--;
  extended.push(start, left);
  for (let i = first; i <= last; i++) extended.push(t[i]!, v[i]!);
  extended.push(end, right);
  return extended;
}

/** The value at `time` on the line from sample i to the next. */
function between({ t, v }: SampleColumns, i: number, time: number): number {
  return v[i]! + ((v[i + 1]! - v[i]!) * (time - t[i]!)) / (t[i + 1]! - t[i]!);
}
