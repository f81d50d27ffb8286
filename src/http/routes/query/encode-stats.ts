import type { QueryStats } from '../../../engine/answer.ts';
import { encodeJson, type JsonValue } from '../../json/json-value.ts';

/** Where the steps of a query lie; `step` is 0 for instant queries. Milliseconds. */
export interface StepTimes {
  readonly start: number;
  readonly step: number;
}

/**
 * The `stats` object of a query's data, with the names of Prometheus (util/stats/query_stats.go). Times are in seconds.
 * `samplesRead` is left out: every replica is read, so no count would mean what it means in Prometheus.
 */
export function encodeStats(stats: QueryStats, times: StepTimes, queuedMs: number): string {
  const { prepare, select, evaluate, total } = stats.timings;
  return encodeJson({
    timings: {
      evalTotalTime: seconds(total),
      resultSortTime: 0,
      queryPreparationTime: seconds(prepare + select),
      innerEvalTime: seconds(evaluate),
      execQueueTime: seconds(queuedMs),
      execTotalTime: seconds(total + queuedMs),
    },
    samples: {
      totalQueryableSamplesPerStep: stats.perStep === undefined ? undefined : perStep(stats.perStep, times),
      totalQueryableSamples: stats.totalQueryableSamples,
      peakSamples: stats.peakSamples,
    },
  });
}

/** Nanoseconds are as fine as Prometheus prints. */
function seconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e9;
}

function perStep(counts: Float64Array, { start, step }: StepTimes): JsonValue {
  return Array.from(counts, (count, i) => [(start + i * step) / 1000, count]);
}
