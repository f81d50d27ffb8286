import type { Annotation } from '../model/annotations.ts';
import type { Matcher } from '../model/matcher.ts';
import type { TsdbStatistics } from '../model/tsdb-statistics.ts';
import { PatternTotal } from '../promql/match/pattern-total.ts';
import { parseMetricSelector } from '../promql/parse.ts';
import { mergeTsdbStatistics, topOfStatistics } from '../select/lists/merge-tsdb-statistics.ts';
import type { MergedStatistics } from '../select/lists/merged-lists.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { askWithin } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { requireFewMatchers, requirePatterns } from './request-limits.ts';
import type { GatewayContext } from './parts.ts';

export interface TsdbStatisticsQuery {
  /** Most entries of a list; undefined leaves it to the servers. */
  readonly limit: number | undefined;
  /** On external labels: all of them must hold. */
  readonly selectors: readonly string[];
  /** In addition. */
  readonly matchers: readonly Matcher[];
}

export interface FoundTsdbStatistics {
  /** Lists may be longer than the limit: a caller that adds them to others needs all that is known. */
  readonly byTenant: ReadonlyMap<string, TsdbStatistics>;
  /** Of all tenants together; lists are cut to the limit. */
  readonly total: TsdbStatistics;
  readonly annotations: readonly Annotation[];
}

/** What the databases of all endpoints hold, as far as they tell. */
export async function findTsdbStatistics(
  parts: GatewayContext,
  scope: RequestScope,
  query: TsdbStatisticsQuery,
): Promise<FoundTsdbStatistics> {
  const { limit } = query;
  requireFewMatchers(query.selectors, 'selectors in match[]');
  requireFewMatchers(query.matchers, 'matchers');
  requirePatterns(query.matchers);
  const patterns = new PatternTotal();
  const matchers = [
    ...query.selectors.flatMap((text) => readSelector(text, parts.features, patterns)),
    ...query.matchers,
  ];
  const ask = (bounded: RequestScope): Promise<MergedStatistics> =>
    parts.selection.lists.tsdbStatistics(bounded, { limit, matchers });
  const { byTenant, annotations } = await askWithin(parts, scope, ask, 'statistics lookup');
  const total = mergeTsdbStatistics([...byTenant.values()]);
  return { byTenant, total: limit === undefined ? total : topOfStatistics(total, limit), annotations };
}

function readSelector(
  text: string,
  features: ReadonlySet<string>,
  patterns: PatternTotal,
): readonly Matcher[] {
  try {
    return parseMetricSelector(text, features, patterns);
  } catch (error) {
    throw invalidParameter('match[]', error);
  }
}
