import { withoutName, withoutMetricIdentity } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import type { RowKernel } from '../../kernels/row-kernel.ts';
import { type Operator, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import type { Pace } from '../../../model/pacer.ts';
import { computeInParts } from '../../row-parts.ts';

/** A function that maps the samples of an instant vector one by one. Two series may end up with the same labels. */
export class RowCall implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #func: string;
  readonly #kernel: RowKernel;
  readonly #child: Operator;
  readonly #args: readonly Operator[];
  readonly #input: StepRow;
  #values: readonly Float64Array[] = [];

  constructor(scope: EvalScope, func: string, kernel: RowKernel, child: Operator, args: readonly Operator[]) {
    this.#scope = scope;
    this.#func = func;
    this.#kernel = kernel;
    this.#child = child;
    this.#args = args;
    this.#input = new StepRow(scope.grid.count);
  }

  async open(): Promise<void> {
    await this.#child.open();
    const values: Float64Array[] = [];
    for (const arg of this.#args) values.push(await readScalar(arg, this.#scope));
    this.#values = values;
    const { delayNameRemoval: delayed, pacer } = this.#scope.query;
    // Prometheus leaves type and unit on the results of the histogram_* functions.
    const renamed = this.#func.startsWith('histogram_') ? withoutName : withoutMetricIdentity;
    this.series = await pacer.map(this.#child.series, ({ labels }) => ({
      labels: delayed ? labels : renamed(labels),
      dropName: true,
    }));
  }

  next(row: StepRow): number {
    const index = this.#child.next(this.#input);
    if (index < 0) return -1;
    row.clear();
    this.#kernel(this.#input, this.#values, row);
    return index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const index = await nextRow(this.#child, this.#input, pace);
    if (index < 0) return -1;
    row.clear();
    await computeInParts([this.#input], row, pace, ([input], out, from, to) => {
      const values = this.#values.map((column) => column.subarray(from, to));
      this.#kernel(input!, values, out);
    });
    return index;
  }
}
