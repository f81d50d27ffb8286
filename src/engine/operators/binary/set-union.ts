import type { VectorMatching } from '../../../promql/ast.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { Pacer } from '../../../model/pacer.ts';
import type { StepRow } from '../../step-row.ts';
import { GroupPresence } from './group-presence.ts';
import { Signatures } from './signatures.ts';

/**
 * `or`: all of the left side, then the right side's values at the steps where the left has no match. A series may be
 * on both sides, with values at different steps.
 */
export class SetUnion implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #pacer: Pacer;
  readonly #left: Operator;
  readonly #right: Operator;
  readonly #signatures: Signatures;
  readonly #presence = new GroupPresence();
  #leftGroups: Int32Array = new Int32Array(0);
  #rightGroups: Int32Array = new Int32Array(0);
  #leftDone = false;

  constructor(pacer: Pacer, left: Operator, right: Operator, matching: VectorMatching) {
    this.#pacer = pacer;
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
      if (index >= 0) {
        this.#presence.add(this.#leftGroups[index]!, row);
        return index;
      }
      this.#leftDone = true;
    }
    const index = this.#right.next(row);
    if (index < 0) return -1;
    this.#presence.hideWherePresent(this.#rightGroups[index]!, row);
    return this.#left.series.length + index;
  }
}
