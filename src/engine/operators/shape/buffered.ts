import type { QueryContext } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';
import { HeldOperator } from './held-operator.ts';

/**
 * Reads its child completely at `open`. In very deep plans it cuts the chain of nested calls: at `open`, because it
 * waits a turn first, and at `next`, because the rows are there. So are the labels, which many operators pass on, or
 * make of their child's where somebody looks at them.
 */
export class Buffered implements Operator {
  series: SeriesHeads = [];
  readonly #query: QueryContext;
  readonly #child: Operator;
  readonly #stepCount: number;
  #held: HeldOperator | undefined;

  constructor(query: QueryContext, child: Operator, stepCount: number) {
    this.#query = query;
    this.#child = child;
    this.#stepCount = stepCount;
  }

  async open(): Promise<void> {
    const { pacer } = this.#query;
    await pacer.breathe();
    await this.#child.open();
    this.series = await pacer.map(this.#child.series, ({ labels, dropName }) => ({ labels, dropName }));
    this.#held = await HeldOperator.of(this.#child, this.#stepCount, this.#query);
  }

  next(row: StepRow): number {
    return this.#held?.next(row) ?? -1;
  }
}
