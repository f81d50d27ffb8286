import type { QueryContext } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { holdRows, type HeldRows } from './held-rows.ts';

/** The rest of an opened operator's rows, read into memory. */
export class HeldOperator implements Operator {
  readonly series: readonly SeriesHead[];
  readonly #held: HeldRows;
  #next = 0;

  constructor(series: readonly SeriesHead[], held: HeldRows) {
    this.series = series;
    this.#held = held;
  }

  static async of(opened: Operator, stepCount: number, query: QueryContext): Promise<HeldOperator> {
    return new HeldOperator(opened.series, await holdRows(opened, stepCount, query));
  }

  async open(): Promise<void> {}

  hasValueAt(step: number): boolean {
    return this.#held.rows.some((row) => row.kind[step] !== StepKind.absent);
  }

  next(row: StepRow): number {
    const held = this.#held.rows[this.#next];
    if (held === undefined) return -1;
    row.copyFrom(held);
    return this.#held.index[this.#next++]!;
  }
}
