import type { QueryContext } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';
import { HeldOperator } from './held-operator.ts';

/**
 * Reads its child completely at `open`. Placed into very deep plans, it keeps the chain of nested calls short, both at
 * `open`, because it waits a turn, and at `next`.
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

  get series(): readonly SeriesHead[] {
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
