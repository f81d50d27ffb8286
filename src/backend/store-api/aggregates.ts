import { COUNTER_FUNCTIONS } from '../../promql/functions.ts';
import { Aggregate } from '../../wire/store-api/series-request.ts';
import type { BackendHints } from '../backend.ts';

/** What of downsampled data stands for the samples, where there are no raw ones. */
export type SampleKind = 'count' | 'sum' | 'min' | 'max' | 'counter' | 'average';

/** Thanos' engine knows two more functions of counters, which a querier above may ask for. */
const COUNTER_READERS: ReadonlySet<string> = new Set([...COUNTER_FUNCTIONS, 'xincrease', 'xrate']);

/** Functions that say nothing about one sample: coarse data must leave two to each range. */
const NEED_TWO_SAMPLES: ReadonlySet<string> = new Set([
  'rate',
  'irate',
  'increase',
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
  'holt_winters',
  'double_exponential_smoothing',
]);

/**
 * Which aggregate a function reads, decided as Thanos decides (pkg/query/querier.go, aggrsFromFunc): `sum` adds up
 * samples, which their average stands for, while `sum_over_time` wants the sum of each window.
 */
export function sampleKindFor(func: string): SampleKind {
  if (func === 'min' || func.startsWith('min_')) return 'min';
  if (func === 'max' || func.startsWith('max_')) return 'max';
  if (func === 'count' || func.startsWith('count_')) return 'count';
  if (func.startsWith('sum_')) return 'sum';
  return COUNTER_READERS.has(func) ? 'counter' : 'average';
}

/** The numbers of the aggregates to ask for; those of raw samples come always. */
export function aggregatesOf(kind: SampleKind): readonly number[] {
  return kind === 'average' ? [Aggregate.count, Aggregate.sum] : [Aggregate[kind]];
}

/** The coarsest resolution to ask for, whole ms, 0 for raw samples alone (Thanos, maxResolutionFromSelectHints). */
export function resolutionFor({ maxResolution = 0, range, func }: BackendHints): number {
  return range > 0 && NEED_TWO_SAMPLES.has(func)
    ? Math.min(maxResolution, Math.trunc(range / 2))
    : maxResolution;
}
