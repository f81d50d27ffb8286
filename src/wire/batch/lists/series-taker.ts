import type { LabelTable } from '../label-table.ts';

/** Takes the series of a list one after the other, as ids of the labels of a table. */
export interface SeriesTaker {
  readonly table: LabelTable;
  /** Memory that whoever hands series over has to take from the budget; 0 where the taker does that itself. */
  readonly bytes: number;
  /**
   * Takes a series. What it keeps it copies.
   * @param ids of its labels, sorted by name, at [0, length).
   */
  take(ids: Int32Array, length: number): void;
  /** Hears that its table may have grown by labels of series that it does not take. */
  grew?(): void;
}
