import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { RangeSource } from '../range/range-source.ts';
import { readScalar } from '../scalar/read-scalar.ts';

/** A function that gets no samples. Its arguments are evaluated all the same, for what they have to say. */
export class EmptyVector implements Operator {
  readonly series: readonly SeriesHead[] = [];
  readonly #scope: EvalScope;
  readonly #source: RangeSource;
  readonly #args: readonly Operator[];

  constructor(scope: EvalScope, source: RangeSource, args: readonly Operator[]) {
    this.#scope = scope;
    this.#source = source;
    this.#args = args;
  }

  async open(): Promise<void> {
    const { query, grid } = this.#scope;
    await this.#source.open();
    const unused = new SampleBuffer();
    while (this.#source.next(unused) >= 0) {
      if (query.pacer.due()) await query.pacer.breathe();
    }
    for (const arg of this.#args) await readScalar(arg, grid.count);
  }

  next(): number {
    return -1;
  }
}
