import type { Annotation } from '../model/annotations.ts';
import type { Matcher } from '../model/matcher.ts';
import type { TsdbStatistics } from '../model/tsdb-statistics.ts';
import { parseMetricSelector } from '../promql/parse.ts';
import { mergeTsdbStatistics, topOfStatistics } from '../select/lists/merge-tsdb-statistics.ts';
import type { MergedStatistics } from '../select/lists/operations.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { askWithin } from './metadata.ts';
import type { GatewayParts } from './parts.ts';
import { selectionOptions, type RequestOptions } from './request-options.ts';

export interface TsdbStatisticsQuery extends RequestOptions {
  /** Most entries of a list; undefined leaves it to the servers. */
  readonly limit: number | undefined;
  /** On external labels: all of them must hold. */
  readonly selectors: readonly string[];
  /** In addition. */
  readonly matchers: readonly Matcher[];
}

export interface FoundTsdbStatistics {
  /** Lists may be longer than the limit: whoever adds them to others needs all that is known. */
  readonly byTenant: ReadonlyMap<string, TsdbStatistics>;
  /** Of all tenants together; lists are cut to the limit. */
  readonly total: TsdbStatistics;
  readonly annotations: readonly Annotation[];
}

/** What the databases of all endpoints hold, as far as they tell. */
export async function findTsdbStatistics(
  parts: GatewayParts,
  query: TsdbStatisticsQuery,
  signal: AbortSignal,
): Promise<FoundTsdbStatistics> {
  const { limit } = query;
  const matchers = [
    ...query.selectors.flatMap((text) => readSelector(text, parts.features)),
    ...query.matchers,
  ];
  const options = selectionOptions(query, parts.defaults);
  const ask = (bounded: AbortSignal): Promise<MergedStatistics> =>
    parts.selection.operations.tsdbStatistics({ limit, matchers }, options, bounded);
  const { byTenant, annotations } = await askWithin(parts, signal, ask, 'statistics lookup');
  const total = mergeTsdbStatistics([...byTenant.values()]);
  return { byTenant, total: limit === undefined ? total : topOfStatistics(total, limit), annotations };
}

function readSelector(text: string, features: ReadonlySet<string>): readonly Matcher[] {
  try {
    return parseMetricSelector(text, features);
  } catch (error) {
    throw invalidParameter('match[]', error);
  }
}
