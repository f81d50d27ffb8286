import type { ItemList } from '../../../model/lazy-list.ts';
import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { Pace } from '../../../model/pacer.ts';
import type { VectorSelectNode } from '../../../plan/plan-node.ts';
import type { EvalScope } from '../../context.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { InstantRows } from '../../leaf/instant-rows.ts';
import type { InstantLeaf, SelectorOutput } from '../../leaf/leaf.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import { columnOf, eachPart } from '../../row-parts.ts';
import { nextOf, type RowStream } from '../../row-stream.ts';
import type { SelectedSeries } from '../../series-source.ts';
import { instantOf } from '../../step-grid.ts';
import type { StepRow } from '../../step-row.ts';

const SMALL = 16;

/** A selector has nothing to remark on. */
const NO_NOTES: KernelNotes = { warn: () => {}, info: () => {}, warnCounted: () => {} };

/**
 * An instant vector selector: at each step a series' newest sample that is at most the lookback delta old and no
 * stale marker. `timestamp` and `start` yield the sample's own time or its start time instead, in seconds; they serve
 * timestamp() and start_timestamp() directly around a selector, which drop the name.
 */
export class VectorSelector implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #select: number;
  readonly #leaf: InstantLeaf;
  /** Small at first: a query may have thousands of selectors, each with one of these. */
  readonly #buffer = new SampleBuffer(SMALL);
  #selected: ItemList<SelectedSeries> = [];
  #next = 0;
  /** Makes the rows; set by `open`. */
  #here: InstantRows | undefined;
  /** The rows, where other threads make them. */
  #rows: RowStream | undefined;

  constructor(scope: EvalScope, { select, shift, statsOnly }: VectorSelectNode, output: SelectorOutput) {
    const { grid, query } = scope;
    this.#scope = scope;
    this.#select = select;
    this.#leaf = { kind: 'instant', output, grid, shift, statsOnly, lookbackDelta: query.lookbackDelta };
  }

  async open(): Promise<void> {
    const { query, counts } = this.#scope;
    const { grid, shift } = this.#leaf;
    const references = await columnOf(grid.count, query.pacer, (step) => instantOf(grid, shift, step));
    this.#here = new InstantRows(this.#leaf, references, counts);
    const set = await query.selected(this.#select);
    this.#selected = set.series;
    this.series = set.series;
    this.#rows = set.rows?.(this.#leaf, { notes: NO_NOTES, counts });
  }

  next(row: StepRow): number {
    if (this.#rows !== undefined) return this.#nextOffloaded(this.#rows, row);
    const here = this.#read();
    if (here === undefined) return -1;
    this.#scope.query.budget.take(here.fill(this.#buffer, '', row));
    return this.#next++;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const here = this.#read();
    if (here === undefined) return -1;
    const { budget } = this.#scope.query;
    here.begin(this.#buffer, row);
    await eachPart(row.length, pace, (from, to) => budget.take(here.fillSteps(this.#buffer, row, from, to)));
    return this.#next++;
  }

  /** Reads the next series into the buffer and returns what makes its row; undefined where there is none. */
  #read(): InstantRows | undefined {
    const selected = this.#selected.at(this.#next);
    if (selected === undefined) return undefined;
    selected.read(this.#buffer);
    return this.#here;
  }

  #nextOffloaded(rows: RowStream, row: StepRow): number {
    const { budget, pacer } = this.#scope.query;
    const index = nextOf(rows, row, pacer);
    budget.take(rows.present);
    return index;
  }
}
