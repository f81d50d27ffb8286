import { compareStrings } from '../../model/compare-strings.ts';
import type { HeadStatistics, Statistic, TsdbStatistics } from '../../model/tsdb-statistics.ts';

/**
 * Statistics of several databases as one, as Thanos adds them up (pkg/status, `TSDBStatisticsEntry.Merge`): counts are
 * sums, so series that replicas share count for each of them; but of the numbers of values of a label the greatest is
 * taken, since databases share values. What one database leaves out of its list is not counted.
 */
export function mergeTsdbStatistics(all: readonly TsdbStatistics[]): TsdbStatistics {
  return {
    headStatistics: mergeHeads(all.map(({ headStatistics }) => headStatistics)),
    seriesCountByMetricName: merge(
      all.map((one) => one.seriesCountByMetricName),
      add,
    ),
    labelValueCountByLabelName: merge(
      all.map((one) => one.labelValueCountByLabelName),
      Math.max,
    ),
    memoryInBytesByLabelName: merge(
      all.map((one) => one.memoryInBytesByLabelName),
      add,
    ),
    seriesCountByLabelValuePair: merge(
      all.map((one) => one.seriesCountByLabelValuePair),
      add,
    ),
  };
}

/** The first entries of each list. */
export function topOfStatistics(statistics: TsdbStatistics, limit: number): TsdbStatistics {
  return {
    headStatistics: statistics.headStatistics,
    seriesCountByMetricName: statistics.seriesCountByMetricName.slice(0, limit),
    labelValueCountByLabelName: statistics.labelValueCountByLabelName.slice(0, limit),
    memoryInBytesByLabelName: statistics.memoryInBytesByLabelName.slice(0, limit),
    seriesCountByLabelValuePair: statistics.seriesCountByLabelValuePair.slice(0, limit),
  };
}

function mergeHeads(heads: readonly HeadStatistics[]): HeadStatistics {
  const sum = (of: (head: HeadStatistics) => number): number => heads.map(of).reduce(add, 0);
  // A store that does not tell its times has 0 there.
  const timed = heads.filter(({ minTime, maxTime }) => minTime !== 0 || maxTime !== 0);
  return {
    numSeries: sum(({ numSeries }) => numSeries),
    numLabelPairs: sum(({ numLabelPairs }) => numLabelPairs),
    chunkCount: sum(({ chunkCount }) => chunkCount),
    minTime: timed.length === 0 ? 0 : Math.min(...timed.map(({ minTime }) => minTime)),
    maxTime: timed.length === 0 ? 0 : Math.max(...timed.map(({ maxTime }) => maxTime)),
  };
}

/** By name, the greatest first. */
function merge(
  lists: readonly (readonly Statistic[])[],
  combine: (a: number, b: number) => number,
): readonly Statistic[] {
  const byName = new Map<string, number>();
  for (const { name, value } of lists.flat()) {
    const known = byName.get(name);
    byName.set(name, known === undefined ? value : combine(known, value));
  }
  return [...byName]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value || compareStrings(a.name, b.name));
}

function add(a: number, b: number): number {
  return a + b;
}
