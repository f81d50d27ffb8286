import type { EvalScope } from '../../context.ts';
import { histogramSizeAt } from '../../histogram-size.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';

/** Repeats what its child computed for the first step at all the others. */
export class StepInvariant implements Operator {
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #childScope: EvalScope;
  readonly #once: StepRow;
  #counted = 0;

  /** @param childScope has a grid of one step, and counts of its own. */
  constructor(scope: EvalScope, child: Operator, childScope: EvalScope) {
    this.#scope = scope;
    this.#child = child;
    this.#childScope = childScope;
    this.#once = new StepRow(childScope.grid.count);
  }

  get series(): SeriesHeads {
    return this.#child.series;
  }

  async open(): Promise<void> {
    await this.#child.open();
    this.#count();
  }

  next(row: StepRow): number {
    const index = this.#child.next(this.#once);
    this.#count();
    if (index < 0) return -1;
    row.clear();
    const { kind, v, h } = this.#once;
    const { budget } = this.#scope.query;
    if (kind[0] === StepKind.float) {
      row.kind.fill(StepKind.float);
      row.v.fill(v[0]!);
      budget.take(row.length - 1);
    } else if (kind[0] === StepKind.histogram) {
      row.copyHistogram(0, h!, 0);
      for (let step = 1; step < row.length; step++) row.repeatHistogram(step);
      budget.take((row.length - 1) * histogramSizeAt(h!, 0));
    }
    return index;
  }

  /** Every step counts what the child read. */
  #count(): void {
    const total = this.#childScope.counts.total();
    const more = total - this.#counted;
    if (more === 0) return;
    this.#counted = total;
    const { counts, grid } = this.#scope;
    for (let step = 0; step < grid.count; step++) counts.add(step, more);
  }
}
