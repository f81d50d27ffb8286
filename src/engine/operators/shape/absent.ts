import type { Labels } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';

/** absent(): 1 at the steps at which no series has a value. */
export class Absent implements Operator {
  readonly series: readonly SeriesHead[];
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #seen: Uint8Array;
  #done = false;

  constructor(scope: EvalScope, child: Operator, labels: Labels) {
    this.series = [{ labels, dropName: false }];
    this.#scope = scope;
    this.#child = child;
    this.#seen = new Uint8Array(scope.grid.count);
  }

  async open(): Promise<void> {
    const { pacer } = this.#scope.query;
    await this.#child.open();
    const row = new StepRow(this.#scope.grid.count);
    while (this.#child.next(row) >= 0) {
      for (let step = 0; step < row.length; step++) {
        if (row.kind[step] !== StepKind.absent) this.#seen[step] = 1;
      }
      if (pacer.due()) await pacer.breathe();
    }
  }

  next(row: StepRow): number {
    if (this.#done || !this.#seen.includes(0)) return -1;
    this.#done = true;
    row.clear();
    for (let step = 0; step < row.length; step++) if (this.#seen[step] === 0) row.setFloat(step, 1);
    return 0;
  }
}
