import type { TextRange } from '../../../model/annotations.ts';
import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { Labels } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';
import { withoutMetadata } from '../../metadata-labels.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { holdRows } from '../shape/held-rows.ts';
import { readScalar } from '../scalar/read-scalar.ts';
import { groupHistograms, readBuckets, warnOfBothForms, type HistogramGroup } from './histogram-groups.ts';

/** One series of the result for each histogram. */
export interface HistogramOutput {
  readonly labels: (histogram: Labels) => Labels;
  /** At which steps there is a value. */
  readonly covers: (step: number) => boolean;
  readonly classic: (buckets: ClassicBuckets, step: number, group: HistogramGroup) => number;
  readonly native: (h: FloatHistogram, step: number, metricName: string) => number;
}

export interface HistogramCallParts {
  readonly child: Operator;
  readonly args: readonly Operator[];
  /** Where the histograms stand in the query. */
  readonly at: TextRange;
  /** Makes the outputs once the scalar arguments are known, one value a step each. */
  readonly outputs: (args: readonly Float64Array[]) => readonly HistogramOutput[];
}

/**
 * Functions of histograms of both forms: histogram_quantile(), histogram_quantiles(), histogram_fraction(). Holds its
 * input, because the buckets of a classic histogram are series of their own.
 */
export class HistogramCall implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #scope: EvalScope;
  readonly #parts: HistogramCallParts;
  readonly #buckets = new ClassicBuckets();
  #results: readonly { readonly group: HistogramGroup; readonly output: HistogramOutput }[] = [];
  #next = 0;

  constructor(scope: EvalScope, parts: HistogramCallParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { child, args, at, outputs } = this.#parts;
    const { query, grid } = this.#scope;
    const values: Float64Array[] = [];
    for (const arg of args) values.push(await readScalar(arg, grid.count));
    await child.open();
    const held = await holdRows(child, grid.count, query);
    const groups = groupHistograms(child.series, held, query, at);
    this.#results = outputs(values).flatMap((output) => groups.map((group) => ({ group, output })));
    this.series = this.#results.map(({ group, output }) => {
      const labels = query.delayNameRemoval ? group.labels : withoutMetadata(group.labels);
      return { labels: output.labels(labels), dropName: true };
    });
  }

  next(row: StepRow): number {
    const result = this.#results[this.#next];
    if (result === undefined) return -1;
    row.clear();
    this.#compute(result.group, result.output, row);
    return this.#next++;
  }

  #compute(group: HistogramGroup, output: HistogramOutput, row: StepRow): void {
    const { native } = group;
    for (let step = 0; step < row.length; step++) {
      if (!output.covers(step)) continue;
      readBuckets(group, step, this.#buckets);
      const isClassic = this.#buckets.length > 0;
      const isNative = native?.kind[step] === StepKind.histogram;
      if (isClassic && isNative) warnOfBothForms(group, this.#scope.query, this.#parts.at);
      else if (isClassic) row.setFloat(step, output.classic(this.#buckets, step, group));
      else if (isNative) row.setFloat(step, output.native(native.h![step]!, step, group.metricName));
    }
  }
}
