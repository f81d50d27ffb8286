import type { VectorMatching } from '../../../promql/ast.ts';
import type { EvalScope } from '../../context.ts';
import { type Operator, eachRow, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';
import { GroupPresence } from './group-presence.ts';
import { Signatures } from './signatures.ts';
import type { Pace } from '../../../model/pacer.ts';

/** `and` and `unless`: the left side's values at the steps where the right side has a match, or has none. */
export class SetFilter implements Operator {
  readonly #scope: EvalScope;
  readonly #op: 'and' | 'unless';
  readonly #left: Operator;
  readonly #right: Operator;
  readonly #signatures: Signatures;
  readonly #presence: GroupPresence;
  #groups: Int32Array = new Int32Array(0);

  constructor(
    scope: EvalScope,
    op: 'and' | 'unless',
    left: Operator,
    right: Operator,
    matching: VectorMatching,
  ) {
    this.#scope = scope;
    this.#op = op;
    this.#left = left;
    this.#right = right;
    this.#signatures = new Signatures(matching);
    this.#presence = new GroupPresence(scope.query.budget);
  }

  get series(): SeriesHeads {
    return this.#left.series;
  }

  async open(): Promise<void> {
    const { pacer } = this.#scope.query;
    await this.#left.open();
    await this.#right.open();
    this.#groups = await this.#signatures.number(this.#left.series, pacer);
    const groups = await this.#signatures.number(this.#right.series, pacer);
    const row = new StepRow(this.#scope.grid.count);
    await eachRow(this.#right, row, pacer, (index) => this.#presence.add(groups[index]!, row));
  }

  next(row: StepRow): number {
    const index = this.#left.next(row);
    if (index >= 0) this.#hide(this.#groups[index]!, row);
    return index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const index = await nextRow(this.#left, row, pace);
    if (index >= 0) this.#hide(this.#groups[index]!, row);
    return index;
  }

  #hide(group: number, row: StepRow): void {
    if (this.#op === 'and') this.#presence.hideWhereAbsent(group, row);
    else this.#presence.hideWherePresent(group, row);
  }
}
