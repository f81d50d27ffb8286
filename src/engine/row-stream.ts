import type { Pacer } from '../model/pacer.ts';
import type { KernelNotes } from './kernels/range-kernel.ts';
import type { SampleCounts } from './sample-counts.ts';
import type { StepRow } from './step-row.ts';

/** Where the rows of a leaf take down what is to be said beside them. */
export interface RowSinks {
  readonly notes: KernelNotes;
  readonly counts: SampleCounts;
}

/** Rows of the series of a selection, made beside the thread that reads them. */
export interface RowStream {
  /**
   * Fills `row` with the next series and returns that series' index, or -1 when there are no more. While a row is still being
   * made it returns the index with an empty row: wait for {@link ready} then. Throws a QueryError where the row cannot be made.
   */
  next(row: StepRow): number;
  /** Samples that were read for the newest row; 0 where it is not there yet. */
  readonly samples: number;
  /** How many samples the newest row counts for. */
  readonly present: number;
  /** Whether `next` would find a row, or the end. */
  readonly isReady: boolean;
  /** Resolves once it would. Rejects as `next` throws. */
  ready(): Promise<void>;
}

/** Takes the next row as {@link RowStream.next} does, and has the work wait where that is not there yet. */
export function nextOf(rows: RowStream, row: StepRow, pacer: Pacer): number {
  if (!rows.isReady) pacer.waitFor(rows.ready());
  return rows.next(row);
}
