import type { Sampler } from '../../model/trace-context.ts';

/** Which traces are kept. */
export interface SamplingRule {
  /** Leaves it to the caller where that has decided. */
  readonly byParent: boolean;
  /** Part of the traces, 0 … 1. */
  readonly ratio: number;
}

/**
 * Keeps a part of the traces, by their ids: whoever sees a trace decides alike. The last 64 bits count, as in OpenTelemetry for Go,
 * which Thanos has; of these the first 52, which a number holds.
 */
export function createSampler({ byParent, ratio }: SamplingRule): Sampler {
  return ({ traceId, parentId, isSampled }) => {
    if (byParent && parentId !== undefined) return isSampled;
    return Number.parseInt(traceId.slice(16, 29), 16) < ratio * 2 ** 52;
  };
}
