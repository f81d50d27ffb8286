import type { Labels } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { type Operator, eachRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { SeenSteps } from './seen-steps.ts';
import { eachPart } from '../../row-parts.ts';

/** absent(): 1 at the steps at which no series has a value. */
export class Absent implements Operator {
  readonly series: SeriesHeads;
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #seen: SeenSteps;

  constructor(scope: EvalScope, child: Operator, labels: Labels) {
    this.series = [{ labels, dropName: false }];
    this.#scope = scope;
    this.#child = child;
    this.#seen = new SeenSteps(scope.grid.count);
  }

  async open(): Promise<void> {
    const { pacer } = this.#scope.query;
    const seen = this.#seen.at;
    await this.#child.open();
    const row = new StepRow(this.#scope.grid.count);
    await eachRow(this.#child, row, pacer, () =>
      eachPart(row.length, pacer, (from, to) => {
        for (let step = from; step < to; step++) if (row.kind[step] !== StepKind.absent) seen[step] = 1;
      }),
    );
  }

  next(row: StepRow): number {
    return this.#seen.nextAbsent(row);
  }
}
