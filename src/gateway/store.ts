import type { NotedList } from '../backend/backend.ts';
import type { SelectHints } from '../engine/series-source.ts';
import type { AggregateName } from '../model/aggr-chunk.ts';
import { QueryError } from '../model/errors.ts';
import { compareLabels, labelsKey, withoutLabels, type Labels } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import { compileMatchers } from '../promql/match/compile.ts';
import { TRUNCATED } from '../select/backend-annotations.ts';
import type { ChunkSet } from '../select/chunk-set.ts';
import type { SelectionOptions } from '../select/selection.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import { withDeadline } from './deadline.ts';
import { askWithin } from './metadata.ts';
import type { GatewayParts } from './parts.ts';
import { selectionOptions } from './request-options.ts';

/**
 * What a querier above asks a store for: series of all endpoints, each replica for itself, so that it may deduplicate
 * them together with those of other stores. Replica labels are hidden, and their replicas one, where it names them.
 */
export interface StoreQuery {
  readonly matchers: readonly Matcher[];
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Labels to leave out; series that differ by them alone are replicas of each other. */
  readonly withoutLabels: readonly string[];
  /** The asker makes one series of the replicas that it wants to see: those that others replace are no loss. */
  readonly mergesReplicas: boolean;
  readonly partialResponse: boolean;
}

export interface StoreSelect extends StoreQuery {
  readonly hints: SelectHints;
  /** Downsampled data that are as good as raw samples to the asker; undefined where none are. */
  readonly downsampled?: DownsampledQuery | undefined;
}

export interface DownsampledQuery {
  /** Coarsest that may be answered, ms. */
  readonly maxResolution: number;
  readonly aggregates: readonly AggregateName[];
}

export interface StoreLookup extends StoreQuery {
  /** 0 means no limit. A list that was cut carries no remark, since the asker wanted it cut. */
  readonly limit: number;
}

/** Rejections are those of the gateway. */
export interface GatewayStore {
  select(query: StoreSelect, signal: AbortSignal): Promise<ChunkSet>;
  series(query: StoreLookup, signal: AbortSignal): Promise<NotedList<Labels>>;
  labelNames(query: StoreLookup, signal: AbortSignal): Promise<NotedList<string>>;
  labelValues(label: string, query: StoreLookup, signal: AbortSignal): Promise<NotedList<string>>;
}

export function createGatewayStore(parts: GatewayParts, gate: ConcurrencyGate): GatewayStore {
  return {
    select: (query, signal) => selectForStore(parts, gate, query, signal),
    series: (query, signal) => listSeries(parts, query, signal),
    labelNames: (query, signal) => listLabelNames(parts, query, signal),
    labelValues: (label, query, signal) => listLabelValues(parts, label, query, signal),
  };
}

/** Waits for its turn like a query. The limit on time does not count what comes after: the asker reads at its own pace. */
async function selectForStore(
  parts: GatewayParts,
  gate: ConcurrencyGate,
  query: StoreSelect,
  signal: AbortSignal,
): Promise<ChunkSet> {
  checkMatchers(query.matchers);
  const { matchers, minTime, maxTime, hints, downsampled } = query;
  if (maxTime < minTime) return { series: [], annotations: [] };
  const { aggregates, maxResolution } = downsampled ?? {};
  const request = { matchers, minTime, maxTime, hints, aggregates };
  const options = { ...optionsOf(parts, query), maxSourceResolution: maxResolution };
  const hidden = new Set(query.withoutLabels);
  const { limits, timers, selection } = parts;
  return withDeadline(
    limits.timeout,
    signal,
    timers,
    () => 'selection of series',
    (bounded) => gate.run(bounded, () => selection.chunks(request, hidden, options, bounded)),
  );
}

async function listSeries(
  parts: GatewayParts,
  query: StoreLookup,
  signal: AbortSignal,
): Promise<NotedList<Labels>> {
  checkMatchers(query.matchers);
  if (query.maxTime < query.minTime) return { items: [], annotations: [] };
  const hidden = new Set(query.withoutLabels);
  // How many series become one is only known when all of them are there.
  const limit = hidden.size === 0 ? query.limit : 0;
  const found = await askWithin(parts, signal, (bounded) =>
    parts.selection.series(requestOf(query, limit), optionsOf(parts, query), bounded),
  );
  if (hidden.size === 0) return cut(found, query.limit);
  const byKey = new Map<string, Labels>();
  for (const item of found.items) {
    const labels = withoutLabels(item, hidden);
    byKey.set(labelsKey(labels), labels);
  }
  return cut({ ...found, items: [...byKey.values()].sort(compareLabels) }, query.limit);
}

async function listLabelNames(
  parts: GatewayParts,
  query: StoreLookup,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  compileMatchers(query.matchers);
  if (query.maxTime < query.minTime) return { items: [], annotations: [] };
  const hidden = new Set(query.withoutLabels);
  const limit = query.limit > 0 ? query.limit + hidden.size : 0;
  const found = await askWithin(parts, signal, (bounded) =>
    parts.selection.labelNames(requestOf(query, limit), optionsOf(parts, query), bounded),
  );
  return cut({ ...found, items: found.items.filter((name) => !hidden.has(name)) }, query.limit);
}

async function listLabelValues(
  parts: GatewayParts,
  label: string,
  query: StoreLookup,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  if (label === '') throw new QueryError('bad_data', 'invalid label name: ""');
  compileMatchers(query.matchers);
  if (query.maxTime < query.minTime || query.withoutLabels.includes(label))
    return { items: [], annotations: [] };
  const found = await askWithin(parts, signal, (bounded) =>
    parts.selection.labelValues(label, requestOf(query, query.limit), optionsOf(parts, query), bounded),
  );
  return cut(found, query.limit);
}

/** Throws `bad_data` where there are none, which would select everything, or a pattern is malformed. */
function checkMatchers(matchers: readonly Matcher[]): void {
  if (matchers.length === 0)
    throw new QueryError('bad_data', 'no matchers: series are selected by one matcher or more');
  compileMatchers(matchers);
}

function requestOf(
  { matchers, minTime, maxTime }: StoreQuery,
  limit: number,
): Parameters<GatewayParts['selection']['series']>[0] {
  return { matcherSets: matchers.length === 0 ? [] : [matchers], minTime, maxTime, limit };
}

function optionsOf(
  { defaults }: GatewayParts,
  { partialResponse, withoutLabels, mergesReplicas }: StoreQuery,
): SelectionOptions {
  const options = selectionOptions({ dedup: false, partialResponse, mergesReplicas }, defaults);
  return { ...options, mergedAbove: [...withoutLabels, ...(options.mergedAbove ?? [])] };
}

function cut<T>({ items, annotations }: NotedList<T>, limit: number): NotedList<T> {
  return {
    items: limit > 0 ? items.slice(0, limit) : items,
    annotations: annotations.filter(({ message }) => message !== TRUNCATED),
  };
}
