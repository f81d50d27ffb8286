import type { Annotation } from '../../model/annotations.ts';
import { labelValue, METRIC_NAME } from '../../model/labels.ts';
import type { MetricMetadata } from '../../model/metric-metadata.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { quoteRegex } from '../../promql/match/quote-regex.ts';
import type { SelectionContext } from '../context.ts';
import { mergedSeries } from './label-calls.ts';

/** How far back a metric counts as one that is there, ms. */
const LATELY_MS = 3_600_000;

/** What the series of a metric have behind its name, by its type, beside nothing (Prometheus' and OpenMetrics' exposition formats). */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['_count', '_sum', '_created'],
  info: ['_info'],
};

const ANY_SUFFIX = [...new Set(Object.values(SUFFIXES).flat())].join('|');

/** Tells of which metrics a caller has series, for what servers list by the name of a metric alone. */
export interface OwnMetrics {
  readonly isOwn: (item: MetricMetadata) => boolean;
  readonly annotations: readonly Annotation[];
}

/**
 * Finds the metrics of which a caller may see a series that was there lately.
 * @param metric the only one that matters; empty for all.
 */
export async function ownMetrics(
  context: SelectionContext,
  scope: RequestScope,
  metric: string,
): Promise<OwnMetrics> {
  const maxTime = context.clock.now();
  const value = `${quoteRegex(metric)}(?:${ANY_SUFFIX})?`;
  const matcherSets = metric === '' ? [] : [[{ kind: '=~', name: METRIC_NAME, value } as const]];
  const range = { minTime: maxTime - LATELY_MS, maxTime };
  const { items, annotations } = await mergedSeries(context, scope, { matcherSets, ...range, limit: 0 });
  const names = new Set<string>();
  await new Pacer(scope).forEach(items, (labels) => names.add(labelValue(labels, METRIC_NAME)));
  const isOwn = ({ metric: name, type }: MetricMetadata): boolean =>
    names.has(name) || (SUFFIXES[type] ?? []).some((suffix) => names.has(name + suffix));
  return { isOwn, annotations };
}
