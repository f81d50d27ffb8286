import type { SampleBuffer } from '../../model/sample-columns.ts';
import type { TimeShift } from '../../plan/plan-node.ts';
import type { StepGrid } from '../step-grid.ts';
import type { StepRow } from '../step-row.ts';

/** What a row holds of the sample that a step of an instant selector finds. */
export type SelectorOutput = 'value' | 'timestamp' | 'start';

/**
 * The innermost part of a query as plain data: how the samples of one series become a row. It can be sent to another
 * thread. Times and durations in ms.
 */
export type Leaf = InstantLeaf | RangeLeaf;

interface LeafBasis {
  readonly grid: StepGrid;
  readonly shift: TimeShift;
  readonly lookbackDelta: number;
  /** Of histograms only count, sum and reset hint are wanted. */
  readonly statsOnly: boolean;
}

/** An instant selector: the newest sample at each step. */
export interface InstantLeaf extends LeafBasis {
  readonly kind: 'instant';
  readonly output: SelectorOutput;
}

/** A function of a range selector. */
export interface RangeLeaf extends LeafBasis {
  readonly kind: 'range';
  readonly func: string;
  readonly extent: 'anchored' | 'smoothed' | undefined;
  readonly range: number;
  /** The scalar arguments, a value a step each, in the order of the call. */
  readonly args: readonly Float64Array[];
  /** Whether the function reads start timestamps, and the query uses them. */
  readonly usesStart: boolean;
}

/** Makes rows of the samples of series. */
export interface LeafRows {
  /**
   * Fills a row, as long as the grid of the leaf, from the samples of a series, which it may change. Returns how many
   * float samples the row counts for. Throws a QueryError of kind `execution`.
   */
  fill(samples: SampleBuffer, metricName: string, row: StepRow): number;
}
