import type { VectorMatching } from '../../../promql/ast.ts';
import type { QueryContext } from '../../context.ts';
import { nextRow, type Operator, type SeriesHead, type SeriesHeads } from '../../operator.ts';
import type { Pace, Pacer } from '../../../model/pacer.ts';
import type { StepRow } from '../../step-row.ts';
import { FirstGiver } from './first-giver.ts';
import { Signatures } from './signatures.ts';

/** One vector of a union. */
interface Operand {
  readonly operator: Operator;
  /** Of each of its series. */
  readonly groups: Int32Array;
  /** The index of its first series among those of all. */
  readonly first: number;
}

/**
 * `or`: all of the first vector, then of each that follows the values at the steps where none in front of it has a match. A series may
 * be in several of them, with values at different steps. A chain of `or` is one union, since what two of them give hides the same of a
 * third as both by themselves: each row then passes one operator, and not all those of the chain.
 */
export class SetUnion implements Operator {
  series: SeriesHeads = [];
  readonly #pacer: Pacer;
  readonly #operators: readonly Operator[];
  readonly #signatures: Signatures;
  readonly #givers: FirstGiver;
  readonly #operands: Operand[] = [];
  /** The operand whose rows come next. */
  #at = 0;

  constructor({ pacer, budget }: QueryContext, operators: readonly Operator[], matching: VectorMatching) {
    this.#pacer = pacer;
    this.#operators = operators;
    this.#givers = new FirstGiver(budget, operators.length);
    this.#signatures = new Signatures(matching);
  }

  async open(): Promise<void> {
    for (const operator of this.#operators) await operator.open();
    const heads: SeriesHead[] = [];
    for (const operator of this.#operators) {
      const first = heads.length;
      const groups = await this.#signatures.number(operator.series, this.#pacer);
      await this.#pacer.forEach(operator.series, (head) => void heads.push(head));
      this.#operands.push({ operator, groups, first });
    }
    this.series = heads;
  }

  next(row: StepRow): number {
    for (;;) {
      const { operator } = this.#operands[this.#at]!;
      const index = operator.next(row);
      if (index >= 0) return this.#pass(index, row);
      if (this.#isLast()) return -1;
    }
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    for (;;) {
      const { operator } = this.#operands[this.#at]!;
      const index = await nextRow(operator, row, pace);
      if (index >= 0) return this.#pass(index, row);
      if (this.#isLast()) return -1;
    }
  }

  #pass(index: number, row: StepRow): number {
    const { groups, first } = this.#operands[this.#at]!;
    this.#givers.hideGiven(groups[index]!, this.#at + 1, row);
    return first + index;
  }

  /** An operand has ended. Goes on to the next, unless it was the last. */
  #isLast(): boolean {
    if (this.#at + 1 === this.#operands.length) return true;
    this.#at++;
    return false;
  }
}
