/** Schema number of native histograms with custom bucket boundaries (NHCB). Exponential schemas are -4 … 8. */
export const CUSTOM_BUCKETS_SCHEMA = -53;

/** What a histogram says about its predecessor, numbered as on the wire (prompb `Histogram.ResetHint`). */
export const ResetHint = { unknown: 0, reset: 1, notReset: 2, gauge: 3 } as const;
export type ResetHint = (typeof ResetHint)[keyof typeof ResetHint];

/**
 * The populated buckets of one sign: parallel columns, `index` strictly ascending, `count` absolute (not deltas, not
 * cumulative). An exponential bucket i of schema s covers (2^((i-1)·2^-s), 2^(i·2^-s)]; a custom bucket i covers
 * (customValues[i-1], customValues[i]] with open ends. Zero counts may occur and mean the same as absence.
 */
export interface Buckets {
  readonly index: Int32Array;
  readonly count: Float64Array;
}

export const NO_BUCKETS: Buckets = { index: new Int32Array(0), count: new Float64Array(0) };
export const NO_CUSTOM_VALUES: Float64Array = new Float64Array(0);

/**
 * A native histogram sample with float counts. Integer histograms become this when they are decoded (counts up to
 * 2^53 are exact). Immutable: arithmetic returns new ones, so samples may be shared between series and steps.
 */
export interface FloatHistogram {
  readonly schema: number;
  readonly resetHint: ResetHint;
  readonly count: number;
  readonly sum: number;
  /** Width of the zero bucket, which covers [-zeroThreshold, zeroThreshold]. 0 for custom buckets. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: Buckets;
  /** Always empty for custom buckets. */
  readonly negative: Buckets;
  /** Ascending upper boundaries, without +Inf; empty unless schema is {@link CUSTOM_BUCKETS_SCHEMA}. */
  readonly customValues: Float64Array;
}

export function usesCustomBuckets(h: FloatHistogram): boolean {
  return h.schema === CUSTOM_BUCKETS_SCHEMA;
}
