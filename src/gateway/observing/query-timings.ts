import type { QueryStats } from '../../engine/answer.ts';

type Timing =
  | 'evalTotalTime'
  | 'resultSortTime'
  | 'queryPreparationTime'
  | 'innerEvalTime'
  | 'execQueueTime'
  | 'execTotalTime';

/** How long the parts of a query took, with the names of Prometheus (util/stats/query_stats.go), in seconds. */
export function queryTimings(
  { prepare, select, evaluate, total }: QueryStats['timings'],
  queuedMs: number,
): Readonly<Record<Timing, number>> {
  return {
    evalTotalTime: seconds(total),
    resultSortTime: 0,
    queryPreparationTime: seconds(prepare + select),
    innerEvalTime: seconds(evaluate),
    execQueueTime: seconds(queuedMs),
    execTotalTime: seconds(total + queuedMs),
  };
}

/** Nanoseconds are as fine as Prometheus prints. */
function seconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e9;
}
