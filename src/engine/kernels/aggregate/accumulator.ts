import type { StepRow } from '../../step-row.ts';
import type { KernelNotes } from '../range-kernel.ts';

/**
 * The state of one group of an aggregation over all steps, in columns. Rows of the group's series are added one by
 * one; then the group's row is written.
 */
export interface Accumulator {
  /** Adds the row of one series; `metricName` is its name, for remarks, empty where it has none. */
  add(row: StepRow, metricName: string, notes: KernelNotes): void;
  /** Writes the result into `out`, which comes cleared. To be called once. */
  write(out: StepRow, notes: KernelNotes): void;
}

/**
 * Starts the state of one group.
 * @param parameter of the aggregation, one value a step (the quantile); empty where it takes none.
 */
export type StartAccumulator = (stepCount: number, parameter: Float64Array) => Accumulator;
