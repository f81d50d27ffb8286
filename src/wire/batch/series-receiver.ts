import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { LabelTable } from './label-table.ts';

/** Takes the series of an answer that is being read, label by label and chunk by chunk. */
export interface SeriesReceiver {
  readonly table: LabelTable;
  /** An id that the next label of the open series may have; -1 where nobody knows. */
  readonly guess: number;
  /** Adds a label of the table to the open series. */
  addLabel(id: number): void;
  /** Adds a chunk to the open series. Times in ms. */
  addChunk(
    encoding: number,
    minTime: number,
    maxTime: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void;
  /**
   * Ends the open series.
   * @param aggregated chunks with aggregates that it has beside the others.
   * @throws MessageFormatError where a label name occurs twice.
   */
  endSeries(aggregated?: readonly AggrChunk[]): unknown;
}
