import type { StepRow } from '../step-row.ts';

/**
 * An elementwise function of an instant vector: one row in, one row out, step by step. `args` are the scalar
 * arguments, one value a step each, in the order of the call without the vector. `out` comes cleared, is as long as
 * `input` and may not be `input`; steps that stay untouched are absent.
 */
export type RowKernel = (input: StepRow, args: readonly Float64Array[], out: StepRow) => void;
