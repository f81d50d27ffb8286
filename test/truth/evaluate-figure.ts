import type { KernelNotes } from '../../src/engine/kernels/range-kernel.ts';
import { RANGE_KERNELS } from '../../src/engine/kernels/range-kernels.ts';
import { StepKind, StepRow } from '../../src/engine/step-row.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { HistogramSum } from '../../src/model/histogram/histogram-sum.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import type { Figure } from './figures.ts';
import { classicQuantiles, nativeQuantiles } from './quantiles.ts';
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
  /** Sums of native histograms, a step each; there once one was added. */
  #histograms: (HistogramSum | undefined)[] | undefined;
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
    if (this.#row.h === undefined) this.#addFloats(group);
    else this.#addHistograms(this.#row.h.toArray());
  }

  #addFloats(group: string): void {
    let total = this.#groups.get(group);
    if (total === undefined) this.#groups.set(group, (total = new Float64Array(this.#grid.count)));
    for (let step = 0; step < total.length; step++) {
      if (this.#row.kind[step] === StepKind.absent) continue;
      total[step]! += this.figure.aggregate === 'count' ? 1 : this.#row.v[step]!;
    }
  }

  #addHistograms(row: readonly (FloatHistogram | undefined)[]): void {
    this.#histograms ??= Array.from({ length: this.#grid.count }, () => undefined);
    for (const [step, histogram] of row.entries()) {
      if (histogram === undefined) continue;
      const sum = this.#histograms[step];
      if (sum === undefined) this.#histograms[step] = new HistogramSum(histogram);
      else sum.add(histogram);
    }
  }

  /** The answer over the series that were added; empty where there were none. */
  answer(): Answer {
    const { quantile, metric } = this.figure;
    if (quantile === undefined) return this.#groups;
    if (this.#histograms !== undefined)
      return new Map([['', nativeQuantiles(quantile, this.#histograms, metric, SILENT)]]);
    if (this.#groups.size === 0) return this.#groups;
    return new Map([['', classicQuantiles(quantile, this.#groups, this.#grid.count)]]);
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
