import { RANGE_KERNELS } from '../../../src/engine/kernels/range-kernels.ts';
import type { KernelNotes, RangeInput, RangeKernel } from '../../../src/engine/kernels/range-kernel.ts';
import { StepKind, StepRow } from '../../../src/engine/step-row.ts';
import { type FloatHistogram, usesCustomBuckets } from '../../../src/model/histogram/float-histogram.ts';
import { HistogramColumn } from '../../../src/model/histogram/histogram-column.ts';

/** One sample of a test series; a number is a float. */
export type Point = readonly [seconds: number, value: number | FloatHistogram, start?: number];

export interface Windows {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly steps: number;
  readonly rangeSeconds: number;
  readonly args?: readonly number[];
  /** How far extended windows reach beyond the range on either side. */
  readonly before?: number;
  readonly after?: number;
}

/** Notes that remember what was said, each message once. */
export class RecordedNotes implements KernelNotes {
  readonly messages: Set<string> = new Set();
  readonly counts: Map<string, number> = new Map();

  warn(message: string): void {
    this.messages.add(message);
  }

  info(message: string): void {
    this.messages.add(message);
  }

  warnCounted(message: string, count: number): void {
    this.messages.add(message);
    this.counts.set(message, (this.counts.get(message) ?? 0) + count);
  }
}

export function rangeInput(points: readonly Point[], windows: Windows): RangeInput {
  const { startSeconds, stepSeconds, steps, rangeSeconds, args = [], before = 0, after = 0 } = windows;
  const t = Float64Array.from(points, ([seconds]) => Math.round(seconds * 1000));
  const stepTime = Float64Array.from({ length: steps }, (_, s) => (startSeconds + s * stepSeconds) * 1000);
  const windowStart = stepTime.map((end) => end - rangeSeconds * 1000);
  const h = points.map(([, value]) => (typeof value === 'number' ? undefined : value));
  const st = points.map(([, , start]) => (start ?? 0) * 1000);
  const countUpTo = (ms: number): number => t.filter((at) => at <= ms).length;
  return {
    metricName: 'm_total',
    length: points.length,
    t,
    v: Float64Array.from(points, ([, value]) => (typeof value === 'number' ? value : value.sum)),
    h: h.some((value) => value !== undefined) ? HistogramColumn.of(h) : undefined,
    st: st.some((start) => start !== 0) ? Float64Array.from(st) : undefined,
    stepCount: steps,
    stepTime,
    lo: Int32Array.from(windowStart, (start) => countUpTo(start - before * 1000)),
    hi: Int32Array.from(stepTime, (end) => countUpTo(end + after * 1000)),
    windowStart,
    windowEnd: stepTime,
    args: args.map((value) => new Float64Array(steps).fill(value)),
  };
}

export function runKernel(kernel: RangeKernel, input: RangeInput): { row: StepRow; notes: RecordedNotes } {
  const row = new StepRow(input.stepCount);
  const notes = new RecordedNotes();
  kernel(input, row, notes);
  return { row, notes };
}

export function runRange(name: string, points: readonly Point[], windows: Windows): (number | null)[] {
  return rowValues(runKernel(RANGE_KERNELS[name]!, rangeInput(points, windows)).row);
}

/** What the row says, histograms as their count; null where absent. */
export function rowValues(row: StepRow): (number | null)[] {
  return Array.from(row.kind, (kind, step) => {
    if (kind === StepKind.absent) return null;
    return kind === StepKind.float ? row.v[step]! : row.h!.at(step)!.count;
  });
}

/** A histogram of exponential or, with bounds, custom buckets; counts[i] is in bucket i + 1 (custom: bucket i). */
export function histogram(counts: readonly number[], fields: Partial<FloatHistogram> = {}): FloatHistogram {
  const base: FloatHistogram = {
    schema: 0,
    resetHint: 0,
    count: counts.reduce((a, b) => a + b, 0),
    sum: counts.reduce((a, b, i) => a + b * (i + 1), 0),
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { index: new Int32Array(0), count: new Float64Array(0) },
    negative: { index: new Int32Array(0), count: new Float64Array(0) },
    customValues: new Float64Array(0),
    ...fields,
  };
  const shift = usesCustomBuckets(base) ? 0 : 1;
  const index = Int32Array.from(counts, (_, i) => i + shift);
  return { ...base, positive: { index, count: Float64Array.from(counts) } };
}
