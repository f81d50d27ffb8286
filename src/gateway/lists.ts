import type { NotedList } from '../model/annotations.ts';
import type { NotedAlertmanagers, NotedTargets, TargetsSelect } from '../select/lists/merged-lists.ts';
import type { SourceStatus } from '../cluster/topology.ts';
import type { TargetMetadata } from '../model/metric-metadata.ts';
import type { Alert } from '../model/rules.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { CoverageReport } from '../select/coverage/report-coverage.ts';
import { findAlertmanagers } from './alertmanagers.ts';
import { findCoverage } from './coverage.ts';
import { findExemplars, type ExemplarsQuery, type FoundExemplars } from './exemplars.ts';
import { findMetadata, type FoundMetadata, type MetricMetadataQuery } from './metric-metadata.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';
import { findAlerts, findRules, type AlertsQuery, type RulesPage, type RulesQuery } from './rules.ts';
import { listEndpoints, type EndpointStatus } from './endpoint-status.ts';
import { findScrapePools, findTargetMetadata, findTargets, type TargetMetadataQuery } from './targets.ts';
import { findTsdbStatistics, type FoundTsdbStatistics, type TsdbStatisticsQuery } from './tsdb-statistics.ts';

/** What servers tell beside samples, merged over all of them; rejections are those of the gateway. */
export interface GatewayLists {
  rules(scope: RequestScope, query: RulesQuery): Promise<RulesPage>;
  alerts(scope: RequestScope, query?: AlertsQuery): Promise<NotedList<Alert>>;
  targets(scope: RequestScope, query: TargetsSelect): Promise<NotedTargets>;
  alertmanagers(scope: RequestScope): Promise<NotedAlertmanagers>;
  scrapePools(scope: RequestScope): Promise<NotedList<string>>;
  targetMetadata(scope: RequestScope, query: TargetMetadataQuery): Promise<NotedList<TargetMetadata>>;
  metadata(scope: RequestScope, query: MetricMetadataQuery): Promise<FoundMetadata>;
  exemplars(scope: RequestScope, query: ExemplarsQuery): Promise<FoundExemplars>;
  tsdbStatistics(scope: RequestScope, query: TsdbStatisticsQuery): Promise<FoundTsdbStatistics>;
  /** Which replica was there when; of the last day, as far as it is known, where no range is given. */
  coverage(scope: RequestScope, range: TimeRange | undefined): Promise<CoverageReport>;
  /** Endpoints by kind of server. */
  stores(): ReadonlyMap<string, readonly EndpointStatus[]>;
  /** Where endpoints are looked for. */
  sources(): readonly SourceStatus[];
}

export function createGatewayLists(parts: GatewayContext): GatewayLists {
  return {
    rules: (scope, query) => findRules(parts, scope, query),
    alerts: (scope, query) => findAlerts(parts, scope, query),
    targets: (scope, query) => findTargets(parts, scope, query),
    alertmanagers: (scope) => findAlertmanagers(parts, scope),
    scrapePools: (scope) => findScrapePools(parts, scope),
    targetMetadata: (scope, query) => findTargetMetadata(parts, scope, query),
    metadata: (scope, query) => findMetadata(parts, scope, query),
    exemplars: (scope, query) => findExemplars(parts, scope, query),
    tsdbStatistics: (scope, query) => findTsdbStatistics(parts, scope, query),
    coverage: (scope, range) => findCoverage(parts, scope, range),
    stores: () => listEndpoints(parts.selection, parts.clock.now()),
    sources: () => parts.selection.status().sources,
  };
}
