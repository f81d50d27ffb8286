import type { NotedList } from '../backend/backend.ts';
import type { NotedTargets } from '../backend/operations.ts';
import type { SourceStatus } from '../cluster/topology.ts';
import type { TargetMetadata } from '../model/metric-metadata.ts';
import type { Alert } from '../model/rules.ts';
import { findExemplars, type ExemplarsQuery, type FoundExemplars } from './exemplars.ts';
import { findMetadata, type FoundMetadata, type MetricMetadataQuery } from './metric-metadata.ts';
import type { GatewayParts } from './parts.ts';
import type { RequestOptions } from './request-options.ts';
import { findAlerts, findRules, type RulesPage, type RulesQuery } from './rules.ts';
import { listStores, type StoreStatus } from './stores.ts';
import {
  findScrapePools,
  findTargetMetadata,
  findTargets,
  type TargetMetadataQuery,
  type TargetsQuery,
} from './targets.ts';
import { findTsdbStatistics, type FoundTsdbStatistics, type TsdbStatisticsQuery } from './tsdb-statistics.ts';

/** What servers tell beside samples, merged over all of them; rejections are those of the gateway. */
export interface GatewayOperations {
  rules(query: RulesQuery, signal: AbortSignal): Promise<RulesPage>;
  alerts(query: RequestOptions, signal: AbortSignal): Promise<NotedList<Alert>>;
  targets(query: TargetsQuery, signal: AbortSignal): Promise<NotedTargets>;
  scrapePools(query: RequestOptions, signal: AbortSignal): Promise<NotedList<string>>;
  targetMetadata(query: TargetMetadataQuery, signal: AbortSignal): Promise<NotedList<TargetMetadata>>;
  metadata(query: MetricMetadataQuery, signal: AbortSignal): Promise<FoundMetadata>;
  exemplars(query: ExemplarsQuery, signal: AbortSignal): Promise<FoundExemplars>;
  tsdbStatistics(query: TsdbStatisticsQuery, signal: AbortSignal): Promise<FoundTsdbStatistics>;
  /** Endpoints by kind of server. */
  stores(): ReadonlyMap<string, readonly StoreStatus[]>;
  /** Where endpoints are looked for. */
  sources(): readonly SourceStatus[];
}

export function createGatewayOperations(parts: GatewayParts): GatewayOperations {
  return {
    rules: (query, signal) => findRules(parts, query, signal),
    alerts: (query, signal) => findAlerts(parts, query, signal),
    targets: (query, signal) => findTargets(parts, query, signal),
    scrapePools: (query, signal) => findScrapePools(parts, query, signal),
    targetMetadata: (query, signal) => findTargetMetadata(parts, query, signal),
    metadata: (query, signal) => findMetadata(parts, query, signal),
    exemplars: (query, signal) => findExemplars(parts, query, signal),
    tsdbStatistics: (query, signal) => findTsdbStatistics(parts, query, signal),
    stores: () => listStores(parts.selection.operations),
    sources: () => parts.selection.operations.status().sources,
  };
}
