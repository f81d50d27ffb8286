import { isStale } from '../../../model/stale.ts';
import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { VectorSelectNode } from '../../../plan/plan-node.ts';
import type { EvalScope } from '../../context.ts';
import { histogramSize } from '../../histogram-size.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { SelectedSeries } from '../../series-source.ts';
import { instantOf } from '../../step-grid.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { reduceToStats } from './histogram-stats.ts';

const SMALL = 16;

/** What a row holds of the sample that a step finds. */
export type SelectorOutput = 'value' | 'timestamp' | 'start';

/**
 * An instant vector selector: at each step a series' newest sample that is at most the lookback delta old and no
 * stale marker. `timestamp` and `start` yield the sample's own time or its start time instead, in seconds; they serve
 * timestamp() and start_timestamp() directly around a selector, which drop the name.
 */
export class VectorSelector implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #scope: EvalScope;
  readonly #node: VectorSelectNode;
  readonly #output: SelectorOutput;
  /** Small at first: a query may have thousands of selectors, each with one of these. */
  readonly #buffer = new SampleBuffer(SMALL);
  /** The time that each step looks from, and how far back samples count; ms. */
  readonly #references: Float64Array;
  readonly #reach: number;
  #selected: readonly SelectedSeries[] = [];
  #next = 0;

  constructor(scope: EvalScope, node: VectorSelectNode, output: SelectorOutput) {
    this.#scope = scope;
    this.#node = node;
    this.#output = output;
    const { grid, query } = scope;
    this.#references = new Float64Array(grid.count);
    for (let step = 0; step < grid.count; step++) {
      this.#references[step] = instantOf(grid, node.shift, step);
    }
    this.#reach = query.lookbackDelta - 1;
  }

  async open(): Promise<void> {
    const { query } = this.#scope;
    const set = await query.selected(this.#node.select);
    this.#selected = set.series;
    this.series = set.series;
  }

  next(row: StepRow): number {
    const selected = this.#selected[this.#next];
    if (selected === undefined) return -1;
    selected.read(this.#buffer);
    if (this.#node.statsOnly) reduceToStats(this.#buffer, this.#references, this.#reach);
    this.#scope.query.budget.take(this.#fill(row));
    return this.#next++;
  }

  /** Returns the number of samples that the row now holds. */
  #fill(row: StepRow): number {
    row.clear();
    const { grid, counts, query } = this.#scope;
    const { t, v, h, length } = this.#buffer;
    let after = 0;
    let found = 0;
    for (let step = 0; step < grid.count; step++) {
      const reference = this.#references[step]!;
      while (after < length && t[after]! <= reference) after++;
      const newest = after - 1;
      if (newest < 0 || t[newest]! <= reference - query.lookbackDelta) continue;
      const histogram = h?.[newest];
      if (isStale(histogram === undefined ? v[newest]! : histogram.sum)) continue;
      const size = this.#set(row, step, newest);
      counts.add(step, size);
      found += size;
    }
    return found;
  }

  #set(row: StepRow, step: number, newest: number): number {
    const { t, v, h, st } = this.#buffer;
    if (this.#output !== 'value') {
      row.setFloat(step, (this.#output === 'timestamp' ? t[newest]! : (st?.[newest] ?? 0)) / 1000);
      return 1;
    }
    const histogram = h?.[newest];
    if (histogram === undefined) {
      row.kind[step] = StepKind.float;
      row.v[step] = v[newest]!;
      return 1;
    }
    row.setHistogram(step, histogram);
    return histogramSize(histogram);
  }
}
