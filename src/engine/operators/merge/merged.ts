import type { Pace } from '../../../model/pacer.ts';
import type { MergeNode } from '../../../plan/plan-node.ts';
import type { EvalScope } from '../../context.ts';
import { ACCUMULATORS, type AccumulatedOp } from '../../kernels/aggregate/accumulators.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';
import { GroupAggregate } from '../aggregate/group-aggregate.ts';
import { WithParts } from './with-parts.ts';

/**
 * An aggregation of which servers may have computed parts: what was aggregated here is one part more, and all are aggregated once again.
 * Where no part came, it is the aggregation itself, to the last bit.
 */
export class Merged implements Operator {
  readonly #scope: EvalScope;
  readonly #node: MergeNode;
  readonly #notes: KernelNotes;
  /** The aggregation, until parts came. */
  #inner: Operator;

  constructor(scope: EvalScope, node: MergeNode, own: Operator, notes: KernelNotes) {
    this.#scope = scope;
    this.#node = node;
    this.#inner = own;
    this.#notes = notes;
  }

  get series(): SeriesHeads {
    return this.#inner.series;
  }

  async open(): Promise<void> {
    const { select, partial, child } = this.#node;
    const { query, grid } = this.#scope;
    const { partials } = await query.selected(select);
    if (partials !== undefined)
      this.#inner = new GroupAggregate(this.#scope, {
        start: ACCUMULATORS[mergedBy(child.op as AccumulatedOp)],
        child: new WithParts(grid, this.#inner, partials[partial] ?? []),
        param: undefined,
        grouping: { labels: child.grouping, without: child.without },
        paramNotes: undefined,
        notes: this.#notes,
      });
    await this.#inner.open();
  }

  next(row: StepRow): number {
    return this.#inner.next(row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    return nextRow(this.#inner, row, pace);
  }
}

/** Counts of parts are added; each other aggregation is that of its own parts. */
function mergedBy(op: AccumulatedOp): AccumulatedOp {
  return op === 'count' ? 'sum' : op;
}
