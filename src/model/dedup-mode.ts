/**
 * How the samples of several replicas become one series: `gap-aware` (default) selects windows by their gaps; `chain`
 * keeps every distinct timestamp; `penalty` is Thanos' classic pairwise iterator.
 */
export type DedupMode = 'gap-aware' | 'chain' | 'penalty';
