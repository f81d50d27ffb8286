import { METRIC_NAME, pairsOf } from '../model/labels.ts';
import type { Statistic, TsdbStatistics } from '../model/tsdb-statistics.ts';
import type { LiveSeries } from './replica.ts';

/** Samples of a chunk, as Prometheus fills its. */
const CHUNK_SAMPLES = 120;

/** What a simulated server holds, each list from the top. */
export function statisticsOf(series: Iterable<LiveSeries>): TsdbStatistics {
  const byMetric = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  const byPair = new Map<string, number>();
  let [numSeries, chunkCount, minTime, maxTime] = [0, 0, Infinity, -Infinity];
  for (const { labels, columns } of series) {
    if (columns.length === 0) continue;
    numSeries++;
    chunkCount += Math.ceil(columns.length / CHUNK_SAMPLES);
    minTime = Math.min(minTime, columns.t[0]!);
    maxTime = Math.max(maxTime, columns.t[columns.length - 1]!);
    for (const [name, value] of pairsOf(labels)) {
      count(byPair, `${name}=${value}`);
      if (name === METRIC_NAME) count(byMetric, value);
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  const lengths = [...values].map(([name, all]) => [name, all] as const);
  return {
    headStatistics: {
      numSeries,
      numLabelPairs: byPair.size,
      chunkCount,
      minTime: numSeries === 0 ? 0 : minTime,
      maxTime: numSeries === 0 ? 0 : maxTime,
    },
    seriesCountByMetricName: fromTheTop(byMetric),
    labelValueCountByLabelName: fromTheTop(lengths.map(([name, all]) => [name, all.size])),
    memoryInBytesByLabelName: fromTheTop(lengths.map(([name, all]) => [name, bytesOf(all)])),
    seriesCountByLabelValuePair: fromTheTop(byPair),
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function bytesOf(texts: ReadonlySet<string>): number {
  return [...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function fromTheTop(counts: Iterable<readonly [string, number]>): readonly Statistic[] {
  return Array.from(counts, ([name, value]) => ({ name, value })).toSorted((a, b) => b.value - a.value);
}
