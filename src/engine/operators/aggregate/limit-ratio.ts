import type { EvalScope } from '../../context.ts';
import { checkRatio, extentOf } from '../../kernels/aggregate/parameter.ts';
import { isSampled, ratioOffset } from '../../kernels/aggregate/ratio-sample.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { type Operator, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import type { Pace } from '../../../model/pacer.ts';
import { eachPart } from '../../row-parts.ts';

/** limit_ratio(): the series whose place in a hash of their labels lies within the ratio. */
export class LimitRatio implements Operator {
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #param: Operator;
  readonly #paramNotes: KernelNotes;
  #ratios: Float64Array = new Float64Array(0);

  constructor(scope: EvalScope, child: Operator, param: Operator, paramNotes: KernelNotes) {
    this.#scope = scope;
    this.#child = child;
    this.#param = param;
    this.#paramNotes = paramNotes;
  }

  get series(): SeriesHeads {
    return this.#child.series;
  }

  async open(): Promise<void> {
    this.#ratios = await readScalar(this.#param, this.#scope);
    await this.#child.open();
    checkRatio(await extentOf(this.#ratios, this.#scope.query.pacer), this.#paramNotes);
  }

  next(row: StepRow): number {
    const index = this.#child.next(row);
    if (index >= 0) this.#sample(index, row, 0, row.length);
    return index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const index = await nextRow(this.#child, row, pace);
    if (index >= 0) await eachPart(row.length, pace, (from, to) => this.#sample(index, row, from, to));
    return index;
  }

  #sample(index: number, row: StepRow, from: number, to: number): void {
    const offset = ratioOffset(this.series.at(index)!.labels);
    for (let step = from; step < to; step++) {
      if (!isSampled(this.#ratios[step]!, offset)) row.kind[step] = StepKind.absent;
    }
  }
}
