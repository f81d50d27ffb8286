import { StepRow } from '../../step-row.ts';

/** The output of aggregations that pick series: rows made at `open`, under the labels of the series they come from. */
export class PickedRows {
  readonly #stepCount: number;
  readonly #rows = new Map<number, StepRow>();
  #handedOut: MapIterator<[number, StepRow]> | undefined;

  constructor(stepCount: number) {
    this.#stepCount = stepCount;
  }

  /** The row of a series, empty at first; series come out in the order of their first mention here. */
  rowOf(series: number): StepRow {
    let row = this.#rows.get(series);
    if (row === undefined) {
      row = new StepRow(this.#stepCount);
      this.#rows.set(series, row);
    }
    return row;
  }

  /** Hands the rows out one by one. */
  next(row: StepRow): number {
    this.#handedOut ??= this.#rows.entries();
    const next = this.#handedOut.next();
    if (next.done === true) return -1;
    const [series, picked] = next.value;
    row.copyFrom(picked);
    return series;
  }
}
