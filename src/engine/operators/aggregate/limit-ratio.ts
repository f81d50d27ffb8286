import type { EvalScope } from '../../context.ts';
import { checkRatio } from '../../kernels/aggregate/parameter.ts';
import { isSampled, ratioOffset } from '../../kernels/aggregate/ratio-sample.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { readScalar } from '../scalar/scalar-steps.ts';

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

  get series(): readonly SeriesHead[] {
    return this.#child.series;
  }

  async open(): Promise<void> {
    const { grid } = this.#scope;
    this.#ratios = await readScalar(this.#param, grid.count);
    await this.#child.open();
    checkRatio(this.#ratios, this.#paramNotes);
  }

  next(row: StepRow): number {
    const index = this.#child.next(row);
    if (index < 0) return -1;
    const offset = ratioOffset(this.series[index]!.labels);
    for (let step = 0; step < row.length; step++) {
      if (!isSampled(this.#ratios[step]!, offset)) row.kind[step] = StepKind.absent;
    }
    return index;
  }
}
