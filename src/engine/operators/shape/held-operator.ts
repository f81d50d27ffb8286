import type { QueryContext } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { holdRows, type HeldRows } from './held-rows.ts';

/** The rest of an opened operator's rows, read into memory. */
export class HeldOperator implements Operator {
  readonly series: SeriesHeads;
  readonly #held: HeldRows;
  #next = 0;

  constructor(series: SeriesHeads, held: HeldRows) {
    this.series = series;
    this.#held = held;
  }

  static async of(opened: Operator, stepCount: number, query: QueryContext): Promise<HeldOperator> {
    return new HeldOperator(opened.series, await holdRows(opened, stepCount, query));
  }

  async open(): Promise<void> {}

  /** 1 at the steps at which any row has a value. */
  async stepsWithValue({ pacer }: QueryContext): Promise<Uint8Array> {
    const seen = new Uint8Array(this.#held.rows[0]?.length ?? 0);
    for (const { kind } of this.#held.rows) {
      for (let step = 0; step < kind.length; step++) if (kind[step] !== StepKind.absent) seen[step] = 1;
      if (pacer.due()) await pacer.breathe();
    }
    return seen;
  }

  next(row: StepRow): number {
    const held = this.#held.rows[this.#next];
    if (held === undefined) return -1;
    row.copyFrom(held);
    return this.#held.index[this.#next++]!;
  }
}
