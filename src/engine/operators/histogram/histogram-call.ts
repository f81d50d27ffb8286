import { withLabel, withoutMetricIdentity } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { mixedClassicNativeHistograms } from '../../kernels/remarks.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { holdRows } from '../shape/held-rows.ts';
import { groupHistograms, readBuckets, type HistogramGroup } from './histogram-groups.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import type { HistogramMeasure } from './measures.ts';
import { isLong } from '../../row-parts.ts';
import type { Pace } from '../../../model/pacer.ts';

export interface HistogramCallParts {
  readonly child: Operator;
  readonly args: readonly Operator[];
  /** Remarks on the histograms. */
  readonly notes: KernelNotes;
  /** What to compute, once the scalar arguments are known, one value a step each. */
  readonly measures: (args: readonly Float64Array[]) => Promise<readonly HistogramMeasure[]>;
}

/** Buckets at all steps of one histogram beyond which its row would keep others waiting. */
const HEAVY_BUCKETS = 200_000;

/** Buckets that are looked at between two looks at the clock. */
const BUCKETS_AT_ONCE = 4096;

interface Result {
  readonly group: HistogramGroup;
  readonly measure: HistogramMeasure;
}

/**
 * Functions of histograms of both forms: histogram_quantile(), histogram_quantiles(), histogram_fraction(). Holds its
 * input, because the buckets of a classic histogram are series of their own.
 */
export class HistogramCall implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #parts: HistogramCallParts;
  readonly #buckets = new ClassicBuckets();
  readonly #results: Result[] = [];
  /** Heavy rows, by the index of their series. */
  readonly #computed = new Map<number, StepRow>();
  #next = 0;

  constructor(scope: EvalScope, parts: HistogramCallParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { child, args, notes, measures } = this.#parts;
    const { query, grid } = this.#scope;
    const values: Float64Array[] = [];
    for (const arg of args) values.push(await readScalar(arg, this.#scope));
    await child.open();
    const held = await holdRows(child, grid.count, query);
    const groups = await groupHistograms(child.series, held, query, notes);
    for (const measure of await measures(values)) {
      for (const group of groups) this.#results.push({ group, measure });
      if (query.pacer.due()) await query.pacer.breathe();
    }
    this.series = await query.pacer.map(this.#results, ({ group, measure: { label } }) => {
      const labels = query.delayNameRemoval ? group.labels : withoutMetricIdentity(group.labels);
      return { labels: label === undefined ? labels : withLabel(labels, ...label), dropName: true };
    });
    await this.#computeHeavy();
  }

  /** Rows of histograms with very many buckets are computed here, because `next` cannot give way. */
  async #computeHeavy(): Promise<void> {
    const { query, grid } = this.#scope;
    for (const [index, { group, measure }] of this.#results.entries()) {
      if (isLong(grid.count) || group.buckets.length * grid.count < HEAVY_BUCKETS) continue;
      query.budget.takeRow(grid.count, 0);
      const row = new StepRow(grid.count);
      await this.#computePaced({ group, measure }, row, query.pacer);
      this.#computed.set(index, row);
    }
  }

  async #computePaced({ group, measure }: Result, row: StepRow, pace: Pace): Promise<void> {
    const stepsAtOnce = Math.ceil(BUCKETS_AT_ONCE / (group.buckets.length + 1));
    for (let step = 0; step < row.length; step++) {
      this.#computeStep(group, measure, row, step);
      if (step % stepsAtOnce === 0 && pace.due()) await pace.breathe();
    }
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const result = this.#results[this.#next];
    if (result === undefined) return -1;
    row.clear();
    await this.#computePaced(result, row, pace);
    return this.#next++;
  }

  next(row: StepRow): number {
    const result = this.#results[this.#next];
    if (result === undefined) return -1;
    const computed = this.#computed.get(this.#next);
    if (computed !== undefined) {
      row.copyFrom(computed);
      return this.#next++;
    }
    row.clear();
    for (let step = 0; step < row.length; step++) {
      this.#computeStep(result.group, result.measure, row, step);
    }
    return this.#next++;
  }

  #computeStep(group: HistogramGroup, measure: HistogramMeasure, row: StepRow, step: number): void {
    const { native, metricName } = group;
    if (!measure.appliesAt(step)) return;
    readBuckets(group, step, this.#buckets);
    const isClassic = this.#buckets.length > 0;
    const isNative = native?.kind[step] === StepKind.histogram;
    if (isClassic && isNative) this.#parts.notes.warn(mixedClassicNativeHistograms(metricName));
    else if (isClassic) row.setFloat(step, measure.ofClassic(this.#buckets, step, metricName));
    else if (isNative) row.setFloat(step, measure.ofNative(native.h!.passing(step)!, step, metricName));
  }
}
