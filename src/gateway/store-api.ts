import type { LookupRequest } from '../backend/backend.ts';
import type { Annotation, NotedItems, NotedList } from '../model/annotations.ts';
import type { AggregateName } from '../model/aggr-chunk.ts';
import { QueryError } from '../model/errors.ts';
import type { ItemList } from '../model/lazy-list.ts';
import type { Labels } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { printMatcher } from '../promql/print/print-selector.ts';
import type { SelectHints } from '../engine/series-source.ts';
import type { ChunkSet } from '../select/series/chunk-set.ts';
import { lookUp } from './lookup.ts';
import { observed } from './observing/observed.ts';
import { requireFewMatchers, requirePatterns } from './request-limits.ts';
import type { GatewayContext } from './parts.ts';

/**
 * What a querier above asks a store for: series of all endpoints, each replica for itself, so that it may deduplicate
 * them together with those of other stores. What it wants of replicas is in the scope.
 */
export interface StoreQuery {
  readonly matchers: readonly Matcher[];
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
}

export interface StoreSelect extends StoreQuery {
  readonly hints: SelectHints;
  /** The downsampled data that are as good as raw samples to the caller; undefined where none are. */
  readonly aggregates?: readonly AggregateName[] | undefined;
}

export interface StoreLookup extends StoreQuery {
  /** 0 means no limit. A list that was cut carries no remark, since the caller wanted it cut. */
  readonly limit: number;
}

/** Rejections are those of the gateway. */
export interface GatewayStore {
  select(scope: RequestScope, query: StoreSelect): Promise<ChunkSet>;
  series(scope: RequestScope, query: StoreLookup): Promise<NotedItems<Labels>>;
  labelNames(scope: RequestScope, query: StoreLookup): Promise<NotedList<string>>;
  labelValues(scope: RequestScope, label: string, query: StoreLookup): Promise<NotedItems<string>>;
}

export function createGatewayStore(parts: GatewayContext): GatewayStore {
  return {
    select: (scope, query) => selectForStore(parts, scope, query),
    series: (scope, query) => listSeries(parts, scope, query),
    labelNames: (scope, query) => listLabelNames(parts, scope, query),
    labelValues: (scope, label, query) => listLabelValues(parts, scope, label, query),
  };
}

/** Waits for its turn like a query. The limit on time does not count what comes after: the caller reads at its own pace. */
async function selectForStore(
  parts: GatewayContext,
  scope: RequestScope,
  query: StoreSelect,
): Promise<ChunkSet> {
  requireMatchers(query.matchers);
  requireFewMatchers(query.matchers, 'matchers');
  requirePatterns(query.matchers);
  const { matchers, minTime, maxTime, hints, aggregates } = query;
  if (maxTime < minTime) return { series: [], annotations: [] };
  const request = { matchers, minTime, maxTime, hints, aggregates };
  const text = `{${matchers.map(printMatcher).join(',')}}`;
  const asked = { family: 'series', text, start: minTime, end: maxTime, step: 0 } as const;
  const { result } = await observed(parts, scope, asked, {
    timeout: parts.limits.timeout,
    during: 'selection of series',
    canonical: () => text,
    work: (bounded) => parts.selection.chunks(bounded, request),
    endOf: () => ({}),
  });
  return result;
}

async function listSeries(
  parts: GatewayContext,
  scope: RequestScope,
  query: StoreLookup,
): Promise<NotedItems<Labels>> {
  requireMatchers(query.matchers);
  return lookUpForStore(parts, scope, query, (bounded, request) => parts.selection.series(bounded, request));
}

async function listLabelNames(
  parts: GatewayContext,
  scope: RequestScope,
  query: StoreLookup,
): Promise<NotedList<string>> {
  return lookUpForStore(parts, scope, query, (bounded, request) =>
    parts.selection.labelNames(bounded, request),
  );
}

async function listLabelValues(
  parts: GatewayContext,
  scope: RequestScope,
  label: string,
  query: StoreLookup,
): Promise<NotedItems<string>> {
  if (label === '') throw new QueryError('bad_data', 'invalid label name: ""');
  return lookUpForStore(parts, scope, query, (bounded, request) =>
    parts.selection.labelValues(bounded, label, request),
  );
}

interface Listed<I> {
  readonly items: I;
  readonly annotations: readonly Annotation[];
}

/** Throws `bad_data` for too many matchers, and where a pattern is malformed. */
async function lookUpForStore<I extends ItemList<unknown>>(
  parts: GatewayContext,
  scope: RequestScope,
  { matchers, minTime, maxTime, limit }: StoreLookup,
  ask: (scope: RequestScope, request: LookupRequest) => Promise<Listed<I>>,
): Promise<Listed<I | readonly never[]>> {
  requireFewMatchers(matchers, 'matchers');
  requirePatterns(matchers);
  const request = { matcherSets: matchers.length === 0 ? [] : [matchers], minTime, maxTime, limit };
  const { items, annotations } = await lookUp(parts, scope, request, ask);
  return { items, annotations: annotations.filter(({ kind }) => kind !== 'truncated') };
}

/** Throws `bad_data` where there are none, which would select everything. */
function requireMatchers(matchers: readonly Matcher[]): void {
  if (matchers.length === 0)
    throw new QueryError('bad_data', 'no matchers: series are selected by one matcher or more');
}
