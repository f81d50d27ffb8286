import type { WatchedSeries } from './workload.ts';

const MINUTE = 60_000;

/** How far an answer may be from the reference's. */
export interface Bounds {
  /** Mean of the points' relative errors, per cent. */
  readonly meanPercent: number;
  /** Number of points that are off by more than one per cent. */
  readonly pointsOff: number;
  /** The worst point's relative error, per cent. */
  readonly worstPercent: number;
}

/** A query whose answer over the deduplicated replicas is compared with the one over the reference. */
export interface Figure {
  readonly query: string;
  readonly metric: WatchedSeries['metric'];
  /** Range function; the instant selector of `count(up)` is the presence of a sample within the lookback. */
  readonly func: 'rate' | 'count_over_time' | 'resets' | 'changes' | 'present_over_time';
  /** ms. */
  readonly range: number;
  readonly aggregate: 'sum' | 'count';
  /** Label to sum or count by. */
  readonly by?: 'job' | 'le';
  /** What `histogram_quantile` asks of the sums: of native histograms, or of classic ones by `le`. */
  readonly quantile?: number;
  /** Left out where nothing is demanded but to be no worse than the simplest method. */
  readonly bounds?: Bounds;
}

const EXACT: Bounds = { meanPercent: 0, pointsOff: 0, worstPercent: 0 };

/** The figures that the full workload must meet; 1401 points (times four where by job) at a step of 15 s. */
export const FIGURES: readonly Figure[] = [
  {
    query: 'sum by (job) (rate(http_requests_total[5m]))',
    metric: 'http_requests_total',
    func: 'rate',
    range: 5 * MINUTE,
    aggregate: 'sum',
    by: 'job',
    bounds: { meanPercent: 0.003, pointsOff: 0, worstPercent: 1 },
  },
  {
    query: 'sum by (job) (rate(http_requests_total[1m]))',
    metric: 'http_requests_total',
    func: 'rate',
    range: MINUTE,
    aggregate: 'sum',
    by: 'job',
    bounds: { meanPercent: 0.015, pointsOff: 20, worstPercent: 4 },
  },
  {
    query: 'count(rate(http_requests_total[45s]))',
    metric: 'http_requests_total',
    func: 'rate',
    range: 45_000,
    aggregate: 'count',
    bounds: EXACT,
  },
  {
    query: 'sum(count_over_time(up[5m]))',
    metric: 'up',
    func: 'count_over_time',
    range: 5 * MINUTE,
    aggregate: 'sum',
    bounds: { meanPercent: 0.05, pointsOff: 0, worstPercent: 1 },
  },
  {
    query: 'sum(resets(http_requests_total[10m]))',
    metric: 'http_requests_total',
    func: 'resets',
    range: 10 * MINUTE,
    aggregate: 'sum',
    bounds: { meanPercent: 0.07, pointsOff: 25, worstPercent: 4 },
  },
  {
    query: 'sum(changes(node_memory_usage_bytes[5m]))',
    metric: 'node_memory_usage_bytes',
    func: 'changes',
    range: 5 * MINUTE,
    aggregate: 'sum',
    bounds: { meanPercent: 0.06, pointsOff: 65, worstPercent: 1.5 },
  },
  {
    query: 'count(up)',
    metric: 'up',
    func: 'present_over_time',
    range: 5 * MINUTE,
    aggregate: 'count',
    bounds: EXACT,
  },
  {
    query: 'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
    metric: 'http_request_duration_seconds_bucket',
    func: 'rate',
    range: 5 * MINUTE,
    aggregate: 'sum',
    by: 'le',
    quantile: 0.9,
  },
  {
    query: 'histogram_quantile(0.9, sum(rate(http_request_duration_seconds[5m])))',
    metric: 'http_request_duration_seconds',
    func: 'rate',
    range: 5 * MINUTE,
    aggregate: 'sum',
    quantile: 0.9,
  },
];
