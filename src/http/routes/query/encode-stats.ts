import type { QueryStats } from '../../../engine/answer.ts';
import type { Fetched } from '../../../gateway/observing/fetched.ts';
import { queryTimings } from '../../../gateway/observing/query-timings.ts';
import type { Completeness } from '../../../gateway/remarks.ts';
import type { StatsJson } from '../../api/query.ts';
import { encodeJson } from '../../json/json-value.ts';

/** Where the steps of a query lie; `step` is 0 for instant queries. Milliseconds. */
export interface StepTimes {
  readonly start: number;
  readonly step: number;
}

/** What else is told of a query. */
interface Told {
  readonly times: StepTimes;
  /** How long it waited for its turn, ms. */
  readonly queuedMs: number;
  readonly completeness: Completeness;
  readonly fetched: Fetched;
}

/**
 * The `stats` object of a query's data, with the names of Prometheus (util/stats/query_stats.go). Times are in seconds.
 * `samplesRead` is left out: every replica is read, so no count would mean what it means in Prometheus. `completeness`,
 * `fetched` and `resultsCache` are of this server alone.
 */
export function encodeStats(stats: QueryStats, { times, queuedMs, completeness, fetched }: Told): string {
  const json: StatsJson = {
    timings: queryTimings(stats.timings, queuedMs),
    samples: {
      totalQueryableSamplesPerStep: stats.perStep === undefined ? undefined : perStep(stats.perStep, times),
      totalQueryableSamples: stats.totalQueryableSamples,
      peakSamples: stats.peakSamples,
    },
    completeness: { ...completeness },
    fetched,
    resultsCache: resultsCacheOf(stats),
  };
  return encodeJson(json);
}

function resultsCacheOf({ keptSteps, sharedSteps = 0 }: QueryStats): StatsJson['resultsCache'] {
  return keptSteps === undefined ? undefined : { keptSteps, sharedSteps };
}

type PerStepJson = StatsJson['samples']['totalQueryableSamplesPerStep'];

function perStep(counts: Float64Array, { start, step }: StepTimes): PerStepJson {
  return Array.from(counts, (count, i) => [(start + i * step) / 1000, count]);
}
