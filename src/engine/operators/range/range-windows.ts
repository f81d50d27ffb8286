import type { SampleColumns, SampleBuffer } from '../../../model/sample-columns.ts';
import type { TimeShift } from '../../../plan/plan-node.ts';
import { instantOf, timeOfStep, type StepGrid } from '../../step-grid.ts';
import { histogramSize } from '../../histogram-size.ts';
import type { SampleCounts } from '../../sample-counts.ts';

/** How far beyond the window samples are needed, ms: `anchored` and `smoothed` look at neighbours. */
export interface WindowReach {
  readonly back: number;
  readonly ahead: number;
}

export const NO_REACH: WindowReach = { back: 0, ahead: 0 };

/** The windows (start, end] of a range function at every step, and where a series' samples lie in them. */
export class RangeWindows {
  readonly stepTime: Float64Array;
  readonly windowStart: Float64Array;
  readonly windowEnd: Float64Array;
  /** Samples [lo, hi) of the series located last lie in the window; `hi` may be below `lo` + 1. */
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  readonly #reach: WindowReach;
  /** How many steps look for samples; the others see those of the first. */
  readonly #looking: number;

  constructor(grid: StepGrid, shift: TimeShift, range: number, reach: WindowReach) {
    const { count } = grid;
    this.#reach = reach;
    // In parameters of aggregations Prometheus lets the window move on, and leaves in it the samples of the first step.
    const staysFilled = range > 0 && shift.inParameter && shift.time !== undefined;
    this.#looking = staysFilled ? Math.min(count, 1) : count;
    this.stepTime = new Float64Array(count);
    this.windowStart = new Float64Array(count);
    this.windowEnd = new Float64Array(count);
    this.lo = new Int32Array(count);
    this.hi = new Int32Array(count);
    for (let step = 0; step < count; step++) {
      const end = instantOf(grid, shift, step);
      this.stepTime[step] = timeOfStep(grid, step);
      this.windowEnd[step] = end;
      this.windowStart[step] = end - range;
    }
  }

  /** Ends of what is read at each step, and how far back from there; ms, with what extended selectors read beyond. */
  get reads(): { readonly ends: Float64Array; readonly reach: number } {
    const { back, ahead } = this.#reach;
    const range = this.windowEnd.length === 0 ? 0 : this.windowEnd[0]! - this.windowStart[0]!;
    const looking = this.windowEnd.subarray(0, this.#looking);
    const ends = ahead === 0 ? looking : looking.map((end) => end + ahead);
    return { ends, reach: range + back + ahead };
  }

  /** Finds every window's samples in one pass over the series. */
  locate({ t, length }: SampleColumns): void {
    const { lo, hi, windowStart, windowEnd } = this;
    const { back, ahead } = this.#reach;
    let first = 0;
    let end = 0;
    for (let step = 0; step < this.#looking; step++) {
      const after = windowStart[step]! - back;
      const last = windowEnd[step]! + ahead;
      while (first < length && t[first]! <= after) first++;
      while (end < length && t[end]! <= last) end++;
      lo[step] = first;
      hi[step] = end;
    }
    lo.fill(first, this.#looking);
    hi.fill(end, this.#looking);
  }
}

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
