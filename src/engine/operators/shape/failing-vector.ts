import type { QueryError } from '../../../model/errors.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';

/** An expression that cannot be evaluated, which a query finds out only when it gets there. */
export class FailingVector implements Operator {
  readonly series: SeriesHeads = [];
  readonly #error: QueryError;

  constructor(error: QueryError) {
    this.#error = error;
  }

  async open(): Promise<void> {
    throw this.#error;
  }

  next(): number {
    return -1;
  }
}
