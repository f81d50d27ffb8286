import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { SampleCounts } from '../../sample-counts.ts';
import { nextSeries, type RangeSource } from '../range/range-source.ts';
import { readScalar } from '../scalar/scalar-steps.ts';

/**
 * A function that gets no samples. Its arguments are evaluated all the same, because they may fail or raise remarks.
 */
export class EmptyVector implements Operator {
  readonly series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #source: RangeSource;
  readonly #inner: SampleCounts | undefined;
  readonly #args: readonly Operator[];

  /** @param inner counts what the source reads to make its samples; each step reads all of that. */
  constructor(
    scope: EvalScope,
    source: RangeSource,
    inner: SampleCounts | undefined,
    args: readonly Operator[],
  ) {
    this.#scope = scope;
    this.#source = source;
    this.#inner = inner;
    this.#args = args;
  }

  async open(): Promise<void> {
    const { query, grid, counts } = this.#scope;
    await this.#source.open();
    const unused = new SampleBuffer();
    while ((await nextSeries(this.#source, unused, query.pacer)) >= 0) {
      if (query.pacer.due()) await query.pacer.breathe();
    }
    const read = this.#inner?.total() ?? 0;
    for (let step = 0; step < grid.count; step++) counts.add(step, read);
    for (const arg of this.#args) await readScalar(arg, this.#scope);
  }

  next(): number {
    return -1;
  }
}
