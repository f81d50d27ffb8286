import type { ItemList } from '../../../model/lazy-list.ts';
import { isStale } from '../../../model/stale.ts';
import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { VectorSelectNode } from '../../../plan/plan-node.ts';
import type { EvalScope } from '../../context.ts';
import { histogramSize } from '../../histogram-size.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { SelectedSeries } from '../../series-source.ts';
import { instantOf } from '../../step-grid.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { reduceToStats } from './histogram-stats.ts';
import type { Pace } from '../../../model/pacer.ts';
import { columnOf, eachPart } from '../../row-parts.ts';

const SMALL = 16;

/** What a row holds of the sample that a step finds. */
export type SelectorOutput = 'value' | 'timestamp' | 'start';

/**
 * An instant vector selector: at each step a series' newest sample that is at most the lookback delta old and no
 * stale marker. `timestamp` and `start` yield the sample's own time or its start time instead, in seconds; they serve
 * timestamp() and start_timestamp() directly around a selector, which drop the name.
 */
export class VectorSelector implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #node: VectorSelectNode;
  readonly #output: SelectorOutput;
  /** The time that each step looks from, ms; made at `open`. */
  #references: Float64Array = new Float64Array(0);
  /** Small at first: a query may have thousands of selectors, each with one of these. */
  readonly #buffer = new SampleBuffer(SMALL);
  #selected: ItemList<SelectedSeries> = [];
  #next = 0;
  /** How many samples of the buffer the steps so far have passed. */
  #after = 0;

  constructor(scope: EvalScope, node: VectorSelectNode, output: SelectorOutput) {
    this.#scope = scope;
    this.#node = node;
    this.#output = output;
  }

  async open(): Promise<void> {
    const { query, grid } = this.#scope;
    const { shift } = this.#node;
    this.#references = await columnOf(grid.count, query.pacer, (step) => instantOf(grid, shift, step));
    const set = await query.selected(this.#node.select);
    this.#selected = set.series;
    this.series = set.series;
  }

  next(row: StepRow): number {
    if (!this.#read()) return -1;
    row.clear();
    this.#scope.query.budget.take(this.#fill(row, 0, row.length));
    return this.#next++;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    if (!this.#read()) return -1;
    row.clear();
    const { budget } = this.#scope.query;
    await eachPart(row.length, pace, (from, to) => budget.take(this.#fill(row, from, to)));
    return this.#next++;
  }

  /** Reads the next series into the buffer; false where there is none. */
  #read(): boolean {
    const selected = this.#selected.at(this.#next);
    if (selected === undefined) return false;
    selected.read(this.#buffer);
    if (this.#node.statsOnly)
      reduceToStats(this.#buffer, this.#references, this.#scope.query.lookbackDelta - 1);
    this.#after = 0;
    return true;
  }

  /** Fills steps [from, to) and returns the number of samples that they now hold. */
  #fill(row: StepRow, from: number, to: number): number {
    const { counts, query } = this.#scope;
    const { t, v, h, length } = this.#buffer;
    let after = this.#after;
    let found = 0;
    for (let step = from; step < to; step++) {
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
    this.#after = after;
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
