import type { NotedList } from '../model/annotations.ts';
import type { Annotation } from '../model/annotations.ts';
import type { MetricMetadata } from '../model/metric-metadata.ts';
import { Pacer } from '../model/pacer.ts';
import { groupPaced } from '../select/lists/grouped.ts';
import { bytesOfTexts } from './list-cache.ts';
import { askWithin } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';

export interface MetricMetadataQuery {
  /** Empty for all. */
  readonly metric: string;
  /** Most metrics; undefined means no limit. */
  readonly limit: number | undefined;
  /** Most items of one metric; undefined means no limit. */
  readonly limitPerMetric: number | undefined;
}

export interface FoundMetadata {
  /** By metric, sorted. */
  readonly metrics: ReadonlyMap<string, readonly MetricMetadata[]>;
  readonly annotations: readonly Annotation[];
}

/**
 * What targets of all endpoints say about their metrics. Endpoints are not asked for a part: each would choose other
 * metrics, and the same question would be answered differently every time.
 */
export async function findMetadata(
  parts: GatewayContext,
  scope: RequestScope,
  query: MetricMetadataQuery,
): Promise<FoundMetadata> {
  const { metric, limit, limitPerMetric } = query;
  const ask = (bounded: RequestScope): Promise<NotedList<MetricMetadata>> =>
    parts.selection.lists.metadata(bounded, { metric });
  const question = {
    list: 'metadata',
    asked: metric,
    bytesOf: ({ metric: name, type, unit, help }: MetricMetadata) => bytesOfTexts([name, type, unit, help]),
  } as const;
  const { items, annotations } = await parts.kept.answer(scope, question, () =>
    askWithin(parts, scope, ask, 'metadata lookup'),
  );
  const byMetric = await groupPaced(items, (item) => item.metric, new Pacer(scope));
  const metrics = [...byMetric]
    .slice(0, limit)
    .map(([name, list]) => [name, list.slice(0, limitPerMetric)] as const);
  return { metrics: new Map(metrics), annotations };
}
