import type { QueryError } from '../../../model/errors.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { StepGrid } from '../../step-grid.ts';

/** An expression that can not be evaluated, which a query finds out only when it gets there: without steps it does not. */
export class FailingVector implements Operator {
  readonly series: readonly SeriesHead[] = [];
  readonly #grid: StepGrid;
  readonly #error: QueryError;

  constructor({ grid }: EvalScope, error: QueryError) {
    this.#grid = grid;
    this.#error = error;
  }

  async open(): Promise<void> {
    if (this.#grid.count > 0) throw this.#error;
  }

  next(): number {
    return -1;
  }
}
