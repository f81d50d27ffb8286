import type { NotedList } from '../backend/backend.ts';
import type { Labels } from '../model/labels.ts';
import { ConcurrencyGate } from './concurrency-gate.ts';
import { explainQuery, type ExplainQuery, type Explanation } from './explain.ts';
import { formatQuery, parseQueryTree } from './format-query.ts';
import { findLabelNames, findLabelValues } from './labels.ts';
import type { MetadataQuery } from './metadata.ts';
import type { Json } from '../promql/parse-tree.ts';
import { createGatewayOperations, type GatewayOperations } from './operations.ts';
import type { GatewayParts } from './parts.ts';
import { instantQuery, rangeQuery, type InstantQuery, type QueryOutcome, type RangeQuery } from './query.ts';
import { findSeries } from './series.ts';
import { createGatewayStore, type GatewayStore } from './store.ts';

/**
 * What promweave does, whatever asks for it. Every method rejects with QueryErrors: `bad_data` for mistakes of the
 * asker, `timeout` and `canceled` by deadline and signal, `unavailable` where missing data may not be left out.
 */
export interface Gateway {
  query(request: InstantQuery, signal: AbortSignal): Promise<QueryOutcome>;
  queryRange(request: RangeQuery, signal: AbortSignal): Promise<QueryOutcome>;
  /** What a query asks of whom, what came back and how replicas became one series. */
  explain(request: ExplainQuery, signal: AbortSignal): Promise<Explanation>;
  series(query: MetadataQuery, signal: AbortSignal): Promise<NotedList<Labels>>;
  labelNames(query: MetadataQuery, signal: AbortSignal): Promise<NotedList<string>>;
  labelValues(label: string, query: MetadataQuery, signal: AbortSignal): Promise<NotedList<string>>;
  /** Rules, targets, metadata, exemplars and endpoints. */
  readonly operations: GatewayOperations;
  /** Raw series for a querier above. */
  readonly store: GatewayStore;
  /** Throws where the text is no PromQL. */
  formatQuery(text: string): string;
  parseQuery(text: string): Json;
  /** Queries that run and that wait, for metrics. */
  load(): { readonly active: number; readonly waiting: number };
}

export function createGateway(parts: GatewayParts): Gateway {
  const gate = new ConcurrencyGate(parts.limits.maxConcurrent);
  return {
    query: (request, signal) => instantQuery(parts, gate, request, signal),
    queryRange: (request, signal) => rangeQuery(parts, gate, request, signal),
    explain: (request, signal) => explainQuery(parts, gate, request, signal),
    series: (query, signal) => findSeries(parts, query, signal),
    labelNames: (query, signal) => findLabelNames(parts, query, signal),
    labelValues: (label, query, signal) => findLabelValues(parts, label, query, signal),
    operations: createGatewayOperations(parts),
    store: createGatewayStore(parts, gate),
    formatQuery: (text) => formatQuery(text, parts.features),
    parseQuery: (text) => parseQueryTree(text, parts.features),
    load: () => ({ active: gate.active, waiting: gate.waiting }),
  };
}
