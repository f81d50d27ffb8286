import type { KernelNotes } from '../../src/engine/kernels/range-kernel.ts';
import { ClassicBuckets } from '../../src/engine/kernels/quantile/classic-buckets.ts';
import { classicQuantile } from '../../src/engine/kernels/quantile/classic-quantile.ts';
import { RANGE_KERNELS } from '../../src/engine/kernels/range-kernels.ts';
import { StepKind, StepRow } from '../../src/engine/step-row.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import type { Figure } from './figures.ts';
import type { WatchedSeries } from './workload.ts';

/** An answer: a value for each evaluation time, by the label's value the query sums by, or by '' where it has none. */
export type Answer = ReadonlyMap<string, Float64Array>;

/** Evaluation times, ms since the epoch. */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

const SILENT: KernelNotes = { warn: () => {}, info: () => {}, warnCounted: () => {} };

/** Sums or counts a figure over series, one series after the other, into a row of steps for each group. */
export class FigureSum {
  readonly figure: Figure;
  readonly #groups: Map<string, Float64Array> = new Map<string, Float64Array>();
  readonly #grid: Grid;
  readonly #row: StepRow;
  readonly #lo: Int32Array;
  readonly #hi: Int32Array;
  readonly #stepTime: Float64Array;
  readonly #windowStart: Float64Array;

  constructor(figure: Figure, grid: Grid) {
    this.figure = figure;
    this.#grid = grid;
    this.#row = new StepRow(grid.count);
    this.#lo = new Int32Array(grid.count);
    this.#hi = new Int32Array(grid.count);
    this.#stepTime = Float64Array.from({ length: grid.count }, (_, i) => grid.start + i * grid.step);
    this.#windowStart = this.#stepTime.map((t) => t - figure.range);
  }

  /** Adds one series; stale markers must not be in it. */
  add(labels: WatchedSeries['labels'], samples: SampleColumns): void {
    const { by } = this.figure;
    const group = by === undefined ? '' : labels[by]!;
    this.#findWindows(samples);
    this.#row.clear();
    RANGE_KERNELS[this.figure.func]!(
      {
        metricName: this.figure.metric,
        length: samples.length,
        t: samples.t,
        v: samples.v,
        h: samples.h,
        st: undefined,
        stepCount: this.#grid.count,
        stepTime: this.#stepTime,
        lo: this.#lo,
        hi: this.#hi,
        windowStart: this.#windowStart,
        windowEnd: this.#stepTime,
        args: [],
      },
      this.#row,
      SILENT,
    );
    let total = this.#groups.get(group);
    if (total === undefined) this.#groups.set(group, (total = new Float64Array(this.#grid.count)));
    for (let step = 0; step < total.length; step++) {
      if (this.#row.kind[step] === StepKind.absent) continue;
      total[step]! += this.figure.aggregate === 'count' ? 1 : this.#row.v[step]!;
    }
  }

  /** The answer over the series that were added. */
  answer(): Answer {
    const { quantile } = this.figure;
    return quantile === undefined ? this.#groups : new Map([['', this.#quantiles(quantile)]]);
  }

  #quantiles(q: number): Float64Array {
    const byBound = [...this.#groups]
      .map(([le, sums]) => ({ bound: le === '+Inf' ? Infinity : Number(le), sums }))
      .sort((x, y) => x.bound - y.bound);
    const buckets = new ClassicBuckets();
    const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
    return this.#stepTime.map((_, step) => {
      buckets.clear();
      for (const { bound, sums } of byBound) buckets.push(bound, sums[step]!);
      return classicQuantile(q, buckets, report);
    });
  }

  #findWindows({ t, length }: SampleColumns): void {
    let lo = 0;
    let hi = 0;
    for (let step = 0; step < this.#grid.count; step++) {
      while (lo < length && t[lo]! <= this.#windowStart[step]!) lo++;
      while (hi < length && t[hi]! <= this.#stepTime[step]!) hi++;
      this.#lo[step] = lo;
      this.#hi[step] = hi;
    }
  }
}
