import { bug } from '../../../model/errors.ts';
import type { QueryContext } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';
import { HeldOperator } from './held-operator.ts';
import { holdRows } from './held-rows.ts';

/**
 * Reads its child completely at `open`. In very deep plans it cuts the chain of nested calls: at `open`, because it
 * waits a turn first, and at `next`, because the rows are there. So are the labels, which many operators pass on, or
 * make of their child's where somebody looks at them. The child is let go then, or all buffers below would keep their rows.
 */
export class Buffered implements Operator {
  series: SeriesHeads = [];
  readonly #query: QueryContext;
  #child: Operator | undefined;
  readonly #stepCount: number;
  #held: HeldOperator | undefined;

  constructor(query: QueryContext, child: Operator, stepCount: number) {
    this.#query = query;
    this.#child = child;
    this.#stepCount = stepCount;
  }

  async open(): Promise<void> {
    const { pacer } = this.#query;
    const child = this.#child ?? bug('a buffer was opened twice');
    this.#child = undefined;
    await pacer.breathe();
    await child.open();
    this.series = await pacer.map(child.series, ({ labels, dropName }) => ({ labels, dropName }));
    this.#held = new HeldOperator(this.series, await holdRows(child, this.#stepCount, this.#query));
  }

  next(row: StepRow): number {
    return this.#held?.next(row) ?? -1;
  }
}
