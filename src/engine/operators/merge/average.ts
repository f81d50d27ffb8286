import type { Pace } from '../../../model/pacer.ts';
import type { EvalScope } from '../../context.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';

/** An average: of all series where they are here, else the quotient of the merged sum and the merged count. */
export class Average implements Operator {
  readonly #scope: EvalScope;
  readonly #select: number;
  readonly #quotient: Operator;
  #chosen: Operator;

  /** @param select of the series, which says whether parts came. */
  constructor(scope: EvalScope, select: number, whole: Operator, quotient: Operator) {
    this.#scope = scope;
    this.#select = select;
    this.#chosen = whole;
    this.#quotient = quotient;
  }

  get series(): SeriesHeads {
    return this.#chosen.series;
  }

  async open(): Promise<void> {
    const { partials } = await this.#scope.query.selected(this.#select);
    if (partials !== undefined) this.#chosen = this.#quotient;
    await this.#chosen.open();
  }

  next(row: StepRow): number {
    return this.#chosen.next(row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    return nextRow(this.#chosen, row, pace);
  }
}
