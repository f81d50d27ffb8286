/**
 * How the samples of several replicas become one series: `gap-aware` (default) selects windows by their gaps; `chain`
 * keeps every distinct timestamp; `penalty` is Thanos' classic pairwise iterator.
 */
export type DedupMode = (typeof DEDUP_MODES)[number];

export const DEDUP_MODES = ['gap-aware', 'chain', 'penalty'] as const;
