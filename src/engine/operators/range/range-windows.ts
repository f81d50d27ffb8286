import type { Pace } from '../../../model/pacer.ts';
import type { SampleColumns, SampleBuffer } from '../../../model/sample-columns.ts';
import type { TimeShift } from '../../../plan/plan-node.ts';
import { instantOf, timeOfStep, type StepGrid } from '../../step-grid.ts';
import { histogramSizeAt } from '../../histogram-size.ts';
import { columnOf, eachPart } from '../../row-parts.ts';
import type { SampleCounts } from '../../sample-counts.ts';

/** How far beyond the window samples are needed, ms: `anchored` and `smoothed` look at neighbours. */
export interface WindowReach {
  readonly back: number;
  readonly ahead: number;
}

export const NO_REACH: WindowReach = { back: 0, ahead: 0 };

/** How far a selector with such an extension reaches. */
export function reachOf(extent: 'anchored' | 'smoothed' | undefined, lookbackDelta: number): WindowReach {
  if (extent === undefined) return NO_REACH;
  return { back: lookbackDelta, ahead: extent === 'smoothed' ? lookbackDelta : 0 };
}

const NO_STEPS = new Float64Array(0);

/** The windows (start, end] of a range function at every step, and where a series' samples lie in them. */
export class RangeWindows {
  stepTime: Float64Array = NO_STEPS;
  windowStart: Float64Array = NO_STEPS;
  windowEnd: Float64Array = NO_STEPS;
  /** Samples [lo, hi) of the series located last lie in the window; `hi` may be below `lo` + 1. */
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  readonly #grid: StepGrid;
  readonly #shift: TimeShift;
  readonly #range: number;
  readonly #reach: WindowReach;
  /** How many steps look for samples; the others see those of the first. */
  readonly #looking: number;
  /** How many samples are before the window, and how many before its end, at the step located last. */
  #first = 0;
  #end = 0;

  constructor(grid: StepGrid, shift: TimeShift, range: number, reach: WindowReach) {
    const { count } = grid;
    this.#grid = grid;
    this.#shift = shift;
    this.#range = range;
    this.#reach = reach;
    // In parameters of aggregations Prometheus lets the window move on, and leaves in it the samples of the first step.
    const staysFilled = range > 0 && shift.inParameter && shift.time !== undefined;
    this.#looking = staysFilled ? Math.min(count, 1) : count;
    this.lo = new Int32Array(count);
    this.hi = new Int32Array(count);
  }

  /** Lays the windows out; to be called before all others. */
  async open(pace: Pace): Promise<void> {
    const { count } = this.#grid;
    if (this.stepTime.length === count) return;
    this.stepTime = await columnOf(count, pace, (step) => timeOfStep(this.#grid, step));
    this.windowEnd = await columnOf(count, pace, (step) => instantOf(this.#grid, this.#shift, step));
    this.windowStart = await columnOf(count, pace, (step) => this.windowEnd[step]! - this.#range);
  }

  /** As {@link open}, for the steps of a short grid: all in one turn. */
  layOut(): void {
    const { count } = this.#grid;
    this.stepTime = new Float64Array(count);
    this.windowEnd = new Float64Array(count);
    this.windowStart = new Float64Array(count);
    for (let step = 0; step < count; step++) {
      const end = instantOf(this.#grid, this.#shift, step);
      this.stepTime[step] = timeOfStep(this.#grid, step);
      this.windowEnd[step] = end;
      this.windowStart[step] = end - this.#range;
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
  locate(columns: SampleColumns): void {
    this.#first = 0;
    this.#end = 0;
    this.#locate(columns, 0, this.lo.length);
  }

  /** As {@link locate}, giving way on the way. */
  async locatePaced(columns: SampleColumns, pace: Pace): Promise<void> {
    this.#first = 0;
    this.#end = 0;
    await eachPart(this.lo.length, pace, (from, to) => this.#locate(columns, from, to));
  }

  #locate({ t, length }: SampleColumns, from: number, to: number): void {
    const { lo, hi, windowStart, windowEnd } = this;
    const { back, ahead } = this.#reach;
    let first = this.#first;
    let end = this.#end;
    const looking = Math.min(to, this.#looking);
    for (let step = from; step < looking; step++) {
      const after = windowStart[step]! - back;
      const last = windowEnd[step]! + ahead;
      while (first < length && t[first]! <= after) first++;
      while (end < length && t[end]! <= last) end++;
      lo[step] = first;
      hi[step] = end;
    }
    this.#first = first;
    this.#end = end;
    const filled = Math.max(from, looking);
    lo.fill(first, filled, to);
    hi.fill(end, filled, to);
  }
}

/** Counts what each step's window holds as read; a histogram counts by its size. */
export function countWindows(windows: RangeWindows, buffer: SampleBuffer, counts: SampleCounts): void {
  const before = new Float64Array(buffer.h === undefined ? 0 : buffer.length + 1);
  sumSizes(buffer, before, 0, buffer.length);
  countSteps(windows, before, counts, 0, windows.lo.length);
}

/** As {@link countWindows}, giving way on the way. */
export async function countWindowsPaced(
  windows: RangeWindows,
  buffer: SampleBuffer,
  counts: SampleCounts,
  pace: Pace,
): Promise<void> {
  const before = new Float64Array(buffer.h === undefined ? 0 : buffer.length + 1);
  await eachPart(buffer.length, pace, (from, to) => sumSizes(buffer, before, from, to));
  await eachPart(windows.lo.length, pace, (from, to) => countSteps(windows, before, counts, from, to));
}

/** Writes how much is before each sample of [from, to), where there are histograms. */
function sumSizes({ h }: SampleBuffer, before: Float64Array, from: number, to: number): void {
  if (h === undefined) return;
  for (let i = from; i < to; i++) {
    before[i + 1] = before[i]! + (h.has(i) ? histogramSizeAt(h, i) : 1);
  }
}

/** @param before what {@link sumSizes} wrote; empty where each sample counts as one. */
function countSteps(
  { lo, hi }: RangeWindows,
  before: Float64Array,
  counts: SampleCounts,
  from: number,
  to: number,
): void {
  if (before.length === 0) for (let step = from; step < to; step++) counts.add(step, hi[step]! - lo[step]!);
  else for (let step = from; step < to; step++) counts.add(step, before[hi[step]!]! - before[lo[step]!]!);
}
