import type { Alertmanagers } from '../model/alertmanagers.ts';
import type { ExemplarSeries } from '../model/exemplar.ts';
import type { Matcher } from '../model/matcher.ts';
import type { MetricMetadata, TargetMetadata } from '../model/metric-metadata.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { success } from '../model/result.ts';
import type { RuleGroup } from '../model/rules.ts';
import type { TargetDiscovery } from '../model/targets.ts';
import type { TenantStatistics } from '../model/tsdb-statistics.ts';
import type { Answered, EndpointList } from './answered.ts';

/**
 * What one endpoint tells beside its samples. An endpoint that has no such call answers an empty list: what a server
 * does not offer is not missing. What a request narrows down is a hint: an answer may hold more. The endpoint's external labels
 * are part of the labels that come back (of rules, targets and series; an alert has those that its server sees).
 */
export interface ListCalls {
  rules(scope: RequestScope, request: RulesRequest): Answered<EndpointList<RuleGroup>>;
  targets(scope: RequestScope, request: TargetsRequest): Answered<EndpointTargets>;
  alertmanagers(scope: RequestScope): Answered<EndpointAlertmanagers>;
  /** Metadata of all metrics or of one, without the targets that say so. */
  metadata(scope: RequestScope, request: MetricMetadataRequest): Answered<EndpointList<MetricMetadata>>;
  targetMetadata(scope: RequestScope, request: TargetMetadataRequest): Answered<EndpointList<TargetMetadata>>;
  exemplars(scope: RequestScope, request: ExemplarsRequest): Answered<EndpointList<ExemplarSeries>>;
  tsdbStatistics(
    scope: RequestScope,
    request: TsdbStatisticsRequest,
  ): Answered<EndpointList<TenantStatistics>>;
}

export interface RulesRequest {
  readonly type: 'all' | 'alerting' | 'recording';
  /** Empty lists mean no restriction. */
  readonly ruleNames: readonly string[];
  readonly groupNames: readonly string[];
  readonly files: readonly string[];
  /** Alerts of rules are not wanted. */
  readonly excludeAlerts: boolean;
}

export interface TargetsRequest {
  readonly state: 'any' | 'active' | 'dropped';
  /** Empty means all. */
  readonly scrapePool: string;
}

/** Targets, and what the endpoint says beside them. */
export type EndpointTargets = TargetDiscovery & Pick<EndpointList<unknown>, 'annotations'>;

/** Alertmanagers, and what the endpoint says beside them. */
export type EndpointAlertmanagers = Alertmanagers & Pick<EndpointList<unknown>, 'annotations'>;

export interface MetricMetadataRequest {
  /** Empty means all. */
  readonly metric: string;
}

export interface TargetMetadataRequest extends MetricMetadataRequest {
  /** On the labels of targets; those on external labels are taken out. */
  readonly matchers: readonly Matcher[];
}

export interface ExemplarsRequest {
  /** Alternatives: a series must match all matchers of one of them. Never empty. Without those on external labels. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
}

export interface TsdbStatisticsRequest {
  /** Most entries of a list; undefined leaves it to the server. */
  readonly limit: number | undefined;
  /** On external labels; without those that hold for the endpoint as a whole. */
  readonly matchers: readonly Matcher[];
}

export const NO_TARGETS: EndpointTargets = {
  active: [],
  dropped: [],
  droppedCounts: undefined,
  annotations: [],
};

export const NO_ALERTMANAGERS: EndpointAlertmanagers = { active: [], dropped: [], annotations: [] };

const nothing = <T>(): Answered<EndpointList<T>> => Promise.resolve(success({ items: [], annotations: [] }));

/** For endpoints that have samples alone. */
export const NO_LISTS: ListCalls = {
  rules: () => nothing(),
  targets: () => Promise.resolve(success(NO_TARGETS)),
  alertmanagers: () => Promise.resolve(success(NO_ALERTMANAGERS)),
  metadata: () => nothing(),
  targetMetadata: () => nothing(),
  exemplars: () => nothing(),
  tsdbStatistics: () => nothing(),
};
