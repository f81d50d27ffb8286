import type { Pace } from '../../../model/pacer.ts';
import type { EvalScope, QueryContext } from '../../context.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import type { SelectedSet } from '../../series-source.ts';
import { StepKind, type StepRow } from '../../step-row.ts';

/** A selector, or a function of one, whose series count at some steps alone where parts stand for them at the others. */
class OnlySteps implements Operator {
  readonly #query: QueryContext;
  readonly #select: number;
  readonly #child: Operator;
  #stepsOf: SelectedSet['stepsOf'];

  constructor(query: QueryContext, select: number, child: Operator) {
    this.#query = query;
    this.#select = select;
    this.#child = child;
  }

  get series(): SeriesHeads {
    return this.#child.series;
  }

  get isDistinct(): boolean | undefined {
    return this.#child.isDistinct;
  }

  async open(): Promise<void> {
    await this.#child.open();
    ({ stepsOf: this.#stepsOf } = await this.#query.selected(this.#select));
  }

  next(row: StepRow): number {
    return this.#cut(this.#child.next(row), row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    return this.#cut(await nextRow(this.#child, row, pace), row);
  }

  #cut(index: number, row: StepRow): number {
    const steps = index < 0 ? undefined : this.#stepsOf?.(index);
    if (steps !== undefined) {
      clearSteps(row, 0, steps.from);
      clearSteps(row, steps.to, row.length);
    }
    return index;
  }
}

function clearSteps(row: StepRow, from: number, to: number): void {
  row.kind.fill(StepKind.absent, from, to);
  if (row.h !== undefined) for (let step = from; step < to && step < row.h.length; step++) row.h.unset(step);
}

/** What reads a selector, which leaves out the steps for which parts stand. */
export function onlyItsSteps({ query }: EvalScope, select: number, reader: Operator): Operator {
  return query.mayHaveParts(select) ? new OnlySteps(query, select, reader) : reader;
}
