import type { HistogramColumn } from '../../model/histogram/histogram-column.ts';
import type { StepRow } from '../step-row.ts';

/**
 * One series' samples and the windows that a range function reads at each step: a window is a pair of indices into
 * the columns, computed once for all steps. Stale markers are already gone.
 */
export interface RangeInput {
  /** Name of the series' metric for remarks; empty where it has none. */
  readonly metricName: string;
  /** Number of samples; columns may be longer. */
  readonly length: number;
  /** ms since the epoch, strictly ascending. */
  readonly t: Float64Array;
  readonly v: Float64Array;
  /** Set where sample i is a histogram; absent for series of floats alone. */
  readonly h: HistogramColumn | undefined;
  /** Start timestamps in ms, 0 where unknown. Set them only where start timestamps are to be used. */
  readonly st: Float64Array | undefined;
  readonly stepCount: number;
  /** Evaluation time of each step in ms since the epoch, without offset and @. */
  readonly stepTime: Float64Array;
  /**
   * Samples [lo[s], hi[s]) lie in (windowStart[s], windowEnd[s]]; hi ≤ lo is an empty window. `lo` never falls from
   * step to step. For extended kernels the pair reaches further, see `extended-range-kernels.ts`.
   */
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  /** ms since the epoch; offset and @ are already in. */
  readonly windowStart: Float64Array;
  readonly windowEnd: Float64Array;
  /** Scalar arguments of the function, one value a step each, in the order of the call. */
  readonly args: readonly Float64Array[];
}

/** What a kernel may remark on; messages are complete but for the position, which the operator adds. */
export interface KernelNotes {
  warn(message: string): void;
  info(message: string): void;
  /**
   * A warning that says how often it occurred: counts of equal messages add up over the query, and where the sum is
   * more than one, ` (N occurrences)` goes behind the message.
   */
  warnCounted(message: string, count: number): void;
}

/** Computes one row from one series; steps that stay untouched are absent (the row comes cleared). */
export type RangeKernel = (input: RangeInput, out: StepRow, notes: KernelNotes) => void;
