import type { EvalScope } from '../../context.ts';
import type { StartAccumulator } from '../../kernels/aggregate/accumulator.ts';
import { checkQuantile, extentOf } from '../../kernels/aggregate/parameter.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { metricNameOf, type Operator, eachRow, type SeriesHeads } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';
import { countPresent, isEmpty } from '../row-contents.ts';
import { groupSeries, type Grouping } from './grouping.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import { GroupAccumulator } from './group-accumulator.ts';
import type { Pace } from '../../../model/pacer.ts';

export interface GroupAggregateParts {
  readonly start: StartAccumulator;
  readonly child: Operator;
  /** The parameter of quantile(). */
  readonly param: Operator | undefined;
  readonly grouping: Grouping;
  /** Remarks on the parameter, and on the aggregated expression. */
  readonly paramNotes: KernelNotes | undefined;
  readonly notes: KernelNotes;
}

/** An aggregation to one row a group: each row of the child goes into its group's accumulator and is forgotten. */
export class GroupAggregate implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #parts: GroupAggregateParts;
  readonly #accumulators: GroupAccumulator[] = [];
  #next = 0;

  constructor(scope: EvalScope, parts: GroupAggregateParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { query, grid } = this.#scope;
    const { child, param, paramNotes, grouping, start, notes } = this.#parts;
    const heldBefore = query.budget.held;
    const parameter = param === undefined ? new Float64Array(0) : await readScalar(param, this.#scope);
    if (paramNotes !== undefined) checkQuantile(await extentOf(parameter, query.pacer), paramNotes);
    await child.open();

    const { groupOf, labels } = await groupSeries(child.series, grouping, query.pacer);
    const row = new StepRow(grid.count);
    const started = new Map<number, { readonly accumulator: GroupAccumulator; dropName: boolean }>();
    await eachRow(child, row, query.pacer, (index) => {
      if (isEmpty(row)) return undefined;
      const head = child.series.at(index)!;
      let group = started.get(groupOf[index]!);
      if (group === undefined) {
        const accumulator = new GroupAccumulator(start, grid.count, parameter);
        group = { accumulator, dropName: false };
        query.budget.takeRow(grid.count, 1);
        started.set(groupOf[index]!, group);
      }
      group.dropName ||= head.dropName;
      return group.accumulator.add(row, metricNameOf(head), notes, query.pacer);
    });
    query.budget.settle(heldBefore, 0);
    this.series = await query.pacer.map(started, ([group, { accumulator, dropName }]) => {
      this.#accumulators.push(accumulator);
      return { labels: labels[group]!, dropName };
    });
  }

  next(row: StepRow): number {
    const accumulator = this.#accumulators[this.#next];
    if (accumulator === undefined) return -1;
    row.clear();
    accumulator.write(row, this.#parts.notes);
    return this.#taken(row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const accumulator = this.#accumulators[this.#next];
    if (accumulator === undefined) return -1;
    row.clear();
    await accumulator.writePaced(row, this.#parts.notes, pace);
    return this.#taken(row);
  }

  #taken(row: StepRow): number {
    this.#scope.query.budget.take(countPresent(row));
    return this.#next++;
  }
}
