import type { Annotation, NotedList } from '../../model/annotations.ts';
import type { MetricMetadata } from '../../model/metric-metadata.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { askWithin, toLookupRequest, type LookupQuery } from '../lookup.ts';
import type { GatewayContext } from '../parts.ts';
import { bestNames, type BestNames, type NameOrder, type ScoredName } from './best-names.ts';
import { nameFilter, type NamePattern } from './name-filter.ts';

/** What is looked for. */
export interface NameSearch {
  /** The label whose values are searched; the names of labels are where it is left out. */
  readonly label: string | undefined;
  /** Which series must have it. */
  readonly among: Omit<LookupQuery, 'limit'>;
  readonly pattern: NamePattern;
  readonly order: NameOrder;
  /** Most results. */
  readonly limit: number;
  /** Whether results are metrics whose metadata are wanted. */
  readonly withMetadata: boolean;
}

export interface FoundNames extends BestNames {
  /** By metric; of each what most endpoints say. */
  readonly metadata: ReadonlyMap<string, MetricMetadata>;
  readonly annotations: readonly Annotation[];
}

/**
 * Searches the names or values of all endpoints. Endpoints are asked for all of them: what they would leave out might be among the
 * best, and few of them can search.
 */
export async function findNames(
  parts: GatewayContext,
  scope: RequestScope,
  { label, among, pattern, order, limit, withMetadata }: NameSearch,
): Promise<FoundNames> {
  const { selection } = parts;
  const request = toLookupRequest({ ...among, limit: 0 }, parts);
  const find = async (bounded: RequestScope): Promise<FoundNames> => {
    const { items, annotations } = await (label === undefined
      ? selection.labelNames(bounded, request)
      : selection.labelValues(bounded, label, request));
    const pacer = new Pacer(bounded);
    const best = await bestNames(items, nameFilter(pattern), order, limit, pacer);
    if (!withMetadata || best.names.length === 0) return { ...best, metadata: new Map(), annotations };
    const told = await metadataOf(parts, bounded, best.names);
    return {
      ...best,
      metadata: await ofMetrics(best.names, told.items, pacer),
      annotations: [...annotations, ...told.annotations],
    };
  };
  return askWithin(parts, scope, find, 'the search for names');
}

/** One call for all of them. Endpoints take one metric or none. */
function metadataOf(
  { selection }: GatewayContext,
  scope: RequestScope,
  names: readonly ScoredName[],
): Promise<NotedList<MetricMetadata>> {
  const [first, second] = names;
  return selection.lists.metadata(scope, { metric: second === undefined ? first!.value : '' });
}

/** What is said first of each metric. */
async function ofMetrics(
  names: readonly ScoredName[],
  items: readonly MetricMetadata[],
  pacer: Pacer,
): Promise<ReadonlyMap<string, MetricMetadata>> {
  const wanted = new Set(names.map(({ value }) => value));
  const found = new Map<string, MetricMetadata>();
  await pacer.forEach(items, (item) => {
    if (wanted.has(item.metric) && !found.has(item.metric)) found.set(item.metric, item);
  });
  return found;
}
