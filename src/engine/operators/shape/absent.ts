import type { Labels } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { SeenSteps } from './seen-steps.ts';

/** absent(): 1 at the steps at which no series has a value. */
export class Absent implements Operator {
  readonly series: readonly SeriesHead[];
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
    while (this.#child.next(row) >= 0) {
      for (let step = 0; step < row.length; step++) {
        if (row.kind[step] !== StepKind.absent) seen[step] = 1;
      }
      if (pacer.due()) await pacer.breathe();
    }
  }

  next(row: StepRow): number {
    return this.#seen.nextAbsent(row);
  }
}
