import type { VectorMatching } from '../../../promql/ast.ts';
import type { QueryContext } from '../../context.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import type { Pace, Pacer } from '../../../model/pacer.ts';
import type { StepRow } from '../../step-row.ts';
import { GroupPresence } from './group-presence.ts';
import { Signatures } from './signatures.ts';

/**
 * `or`: all of the left side, then the right side's values at the steps where the left has no match. A series may be
 * on both sides, with values at different steps.
 */
export class SetUnion implements Operator {
  series: SeriesHeads = [];
  readonly #pacer: Pacer;
  readonly #left: Operator;
  readonly #right: Operator;
  readonly #signatures: Signatures;
  readonly #presence: GroupPresence;
  #leftGroups: Int32Array = new Int32Array(0);
  #rightGroups: Int32Array = new Int32Array(0);
  #leftDone = false;

  constructor({ pacer, budget }: QueryContext, left: Operator, right: Operator, matching: VectorMatching) {
    this.#pacer = pacer;
    this.#presence = new GroupPresence(budget);
    this.#left = left;
    this.#right = right;
    this.#signatures = new Signatures(matching);
  }

  async open(): Promise<void> {
    await this.#left.open();
    await this.#right.open();
    this.#leftGroups = await this.#signatures.number(this.#left.series, this.#pacer);
    this.#rightGroups = await this.#signatures.number(this.#right.series, this.#pacer);
    this.series = [...this.#left.series, ...this.#right.series];
  }

  next(row: StepRow): number {
    if (!this.#leftDone) {
      const index = this.#left.next(row);
      if (index >= 0) return this.#ofLeft(index, row);
      this.#leftDone = true;
    }
    return this.#ofRight(this.#right.next(row), row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    if (!this.#leftDone) {
      const index = await nextRow(this.#left, row, pace);
      if (index >= 0) return this.#ofLeft(index, row);
      this.#leftDone = true;
    }
    return this.#ofRight(await nextRow(this.#right, row, pace), row);
  }

  #ofLeft(index: number, row: StepRow): number {
    this.#presence.add(this.#leftGroups[index]!, row);
    return index;
  }

  #ofRight(index: number, row: StepRow): number {
    if (index < 0) return -1;
    this.#presence.hideWherePresent(this.#rightGroups[index]!, row);
    return this.#left.series.length + index;
  }
}
