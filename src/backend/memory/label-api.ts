import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, type Labels, labelsKey, labelValue, pairsOf } from '../../model/labels.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import type { LookupRequest } from '../backend.ts';
import type { RawSeries } from '../../model/raw-data.ts';
import { timeRangeOf } from './time-range.ts';

export function listSeries(series: readonly RawSeries[], request: LookupRequest): readonly Labels[] {
  const distinct = new Map<string, Labels>();
  for (const labels of matching(series, request)) distinct.set(labelsKey(labels), labels);
  return limited([...distinct.values()].sort(compareLabels), request);
}

export function listLabelNames(series: readonly RawSeries[], request: LookupRequest): readonly string[] {
  const names = new Set<string>();
  for (const labels of matching(series, request)) for (const [name] of pairsOf(labels)) names.add(name);
  return limited([...names].sort(compareStrings), request);
}

export function listLabelValues(
  series: readonly RawSeries[],
  label: string,
  request: LookupRequest,
): readonly string[] {
  const values = new Set<string>();
  for (const labels of matching(series, request)) values.add(labelValue(labels, label));
  values.delete('');
  return limited([...values].sort(compareStrings), request);
}

function* matching(series: readonly RawSeries[], request: LookupRequest): Generator<Labels> {
  const alternatives = request.matcherSets.map((matchers) => compileMatchers(matchers));
  for (const { labels, data } of series) {
    if (alternatives.length > 0 && !alternatives.some((matches) => matches(labels))) continue;
    const { minTime, maxTime } = timeRangeOf(data);
    if (maxTime >= request.minTime && minTime <= request.maxTime) yield labels;
  }
}

function limited<T>(items: readonly T[], { limit }: LookupRequest): readonly T[] {
  return limit === 0 ? items : items.slice(0, limit);
}
