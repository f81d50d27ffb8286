import { withLabel, withoutMetricIdentity } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { mixedClassicNativeHistograms } from '../../kernels/remarks.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { holdRows } from '../shape/held-rows.ts';
import { groupHistograms, readBuckets, type HistogramGroup } from './histogram-groups.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import type { HistogramMeasure } from './measures.ts';

export interface HistogramCallParts {
  readonly child: Operator;
  readonly args: readonly Operator[];
  /** Remarks on the histograms. */
  readonly notes: KernelNotes;
  /** What to compute, once the scalar arguments are known, one value a step each. */
  readonly measures: (args: readonly Float64Array[]) => readonly HistogramMeasure[];
}

/** Buckets at all steps of one histogram beyond which its row would keep others waiting. */
const HEAVY_BUCKETS = 200_000;

/**
 * Functions of histograms of both forms: histogram_quantile(), histogram_quantiles(), histogram_fraction(). Holds its
 * input, because the buckets of a classic histogram are series of their own.
 */
export class HistogramCall implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #scope: EvalScope;
  readonly #parts: HistogramCallParts;
  readonly #buckets = new ClassicBuckets();
  #results: readonly { readonly group: HistogramGroup; readonly measure: HistogramMeasure }[] = [];
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
    for (const arg of args) values.push(await readScalar(arg, grid.count));
    await child.open();
    const held = await holdRows(child, grid.count, query);
    const groups = await groupHistograms(child.series, held, query, notes);
    this.#results = measures(values).flatMap((measure) => groups.map((group) => ({ group, measure })));
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
      if (group.buckets.length * grid.count < HEAVY_BUCKETS) continue;
      query.budget.takeRow(grid.count, 0);
      const row = new StepRow(grid.count);
      for (let step = 0; step < grid.count; step++) {
        this.#computeStep(group, measure, row, step);
        if (query.pacer.due()) await query.pacer.breathe();
      }
      this.#computed.set(index, row);
    }
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
    if (measure.steps?.[step] === 0) return;
    readBuckets(group, step, this.#buckets);
    const isClassic = this.#buckets.length > 0;
    const isNative = native?.kind[step] === StepKind.histogram;
    if (isClassic && isNative) this.#parts.notes.warn(mixedClassicNativeHistograms(metricName));
    else if (isClassic) row.setFloat(step, measure.ofClassic(this.#buckets, step, metricName));
    else if (isNative) row.setFloat(step, measure.ofNative(native.h![step]!, step, metricName));
  }
}
