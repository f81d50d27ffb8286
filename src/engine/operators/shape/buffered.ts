import type { QueryContext } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';
import { HeldOperator } from './held-operator.ts';

/**
 * Reads its child completely at `open`. In very deep plans it cuts the chain of nested calls: at `open`, because it
 * waits a turn first, and at `next`, because the rows are there.
 */
export class Buffered implements Operator {
  readonly #query: QueryContext;
  readonly #child: Operator;
  readonly #stepCount: number;
  #held: HeldOperator | undefined;

  constructor(query: QueryContext, child: Operator, stepCount: number) {
    this.#query = query;
    this.#child = child;
    this.#stepCount = stepCount;
  }

  get series(): SeriesHeads {
    return this.#child.series;
  }

  async open(): Promise<void> {
    await this.#query.pacer.breathe();
    await this.#child.open();
    this.#held = await HeldOperator.of(this.#child, this.#stepCount, this.#query);
  }

  next(row: StepRow): number {
    return this.#held?.next(row) ?? -1;
  }
}
