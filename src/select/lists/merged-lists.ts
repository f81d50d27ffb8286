import type { Answered, EndpointNote } from '../../backend/answered.ts';
import type {
  ExemplarsRequest,
  MetricMetadataRequest,
  TargetMetadataRequest,
  TargetsRequest,
  TsdbStatisticsRequest,
} from '../../backend/list-calls.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Annotation, NotedList } from '../../model/annotations.ts';
import type { ExemplarSeries } from '../../model/exemplar.ts';
import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { RuleGroup } from '../../model/rules.ts';
import type { TargetDiscovery } from '../../model/targets.ts';
import type { TsdbStatistics } from '../../model/tsdb-statistics.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import { Findings } from '../completeness/findings.ts';
import { judgeLosses, judgeUncounted } from '../completeness/judge-losses.ts';
import type { SelectionContext } from '../context.ts';
import { labelMerger } from '../reading/label-merger.ts';
import { fanOut } from '../routing/fan-out.ts';
import { planRoutes, recheck, type Route, type RouteRequest } from '../routing/route.ts';
import { relabelRules, relabelTargets, splitLabels } from './data-labels.ts';
import { filterRules, type RulesSelect } from './filter-rules.ts';
import { mergeExemplars } from './merge-exemplars.ts';
import { mergeMetadata, mergeTargetMetadata } from './merge-metadata.ts';
import { mergeRuleGroups } from './merge-rules.ts';
import { mergeTargets } from './merge-targets.ts';
import { mergeTsdbStatistics } from './merge-tsdb-statistics.ts';

/**
 * What all endpoints tell beside samples, as one server: what replicas have in common appears once. Endpoints that fail
 * are treated as for series.
 */
export interface MergedLists {
  rules(scope: RequestScope, request: RulesSelect): Promise<NotedList<RuleGroup>>;
  targets(scope: RequestScope, request: TargetsRequest): Promise<NotedTargets>;
  metadata(scope: RequestScope, request: MetricMetadataRequest): Promise<NotedList<MetricMetadata>>;
  /** Matchers are on the labels of targets, external ones included. */
  targetMetadata(scope: RequestScope, request: TargetMetadataRequest): Promise<NotedList<TargetMetadata>>;
  exemplars(scope: RequestScope, request: ExemplarsRequest): Promise<NotedList<ExemplarSeries>>;
  /** Matchers are on external labels. Other than above, each endpoint counts, replica or not. */
  tsdbStatistics(scope: RequestScope, request: TsdbStatisticsRequest): Promise<MergedStatistics>;
}

export type NotedTargets = TargetDiscovery & Pick<NotedList<unknown>, 'annotations'>;

export interface MergedStatistics extends Pick<NotedList<unknown>, 'annotations'> {
  readonly byTenant: ReadonlyMap<string, TsdbStatistics>;
}

const ALWAYS = { minTime: -Infinity, maxTime: Infinity };
const EVERY_ENDPOINT: RouteRequest = { matcherSets: [], ...ALWAYS };

export function createMergedLists(context: SelectionContext): MergedLists {
  return {
    rules: async (scope, request) => {
      const routed = { matcherSets: request.matcherSets, ...ALWAYS };
      const { answers, annotations } = await ask(context, scope, routed, (inner, { endpoint }) =>
        endpoint.backend.lists.rules(inner, request),
      );
      const { data, marks } = splitLabels(endpointsOf(answers), mergedHere(scope));
      const groups = answers.map((shard) =>
        shard.map(({ route, value }) => {
          const merged = labelMerger(route.endpoint, data);
          return filterRules(value.items, request).map((group) => relabelRules(group, merged));
        }),
      );
      return { items: mergeRuleGroups(groups, marks), annotations };
    },
    targets: async (scope, request) => {
      const { answers, annotations } = await ask(context, scope, EVERY_ENDPOINT, (inner, { endpoint }) =>
        endpoint.backend.lists.targets(inner, request),
      );
      const { data, marks } = splitLabels(endpointsOf(answers), mergedHere(scope));
      const targets = answers.map((shard) =>
        shard.map(({ route, value }) => relabelTargets(value, labelMerger(route.endpoint, data))),
      );
      return { ...mergeTargets(targets, marks), annotations };
    },
    metadata: async (scope, request) => {
      const { answers, annotations } = await ask(context, scope, EVERY_ENDPOINT, (inner, { endpoint }) =>
        endpoint.backend.lists.metadata(inner, request),
      );
      return { items: mergeMetadata(itemsOf(answers)), annotations };
    },
    targetMetadata: async (scope, request) => {
      const routed = { matcherSets: [request.matchers], ...ALWAYS };
      const { answers, annotations } = await ask(
        context,
        scope,
        routed,
        (inner, { endpoint, matcherSets: [matchers = []] }) =>
          endpoint.backend.lists.targetMetadata(inner, { ...request, matchers }),
      );
      const matches = compileMatchers(request.matchers);
      const items = itemsOf(answers).filter(({ target }) => matches(target));
      return { items: mergeTargetMetadata(items, mergedHere(scope)), annotations };
    },
    exemplars: async (scope, request) => {
      const { answers, annotations } = await ask(
        context,
        scope,
        request,
        (inner, { endpoint, matcherSets }) =>
          endpoint.backend.lists.exemplars(inner, { ...request, matcherSets }),
      );
      const series = answers.flat().flatMap(({ route, value }) => {
        const accepts = recheck(route);
        const merged = labelMerger(route.endpoint, mergedHere(scope));
        return value.items
          .filter(({ labels }) => accepts(labels))
          .map(({ labels, exemplars }) => ({ labels: merged(labels), exemplars }));
      });
      return { items: mergeExemplars(series), annotations };
    },
    tsdbStatistics: async (scope, request) => {
      const routed = { matcherSets: [request.matchers], ...ALWAYS };
      const { answers, annotations } = await ask(
        context,
        scope,
        routed,
        (inner, { endpoint, matcherSets: [matchers = []] }) =>
          endpoint.backend.lists.tsdbStatistics(inner, { ...request, matchers }),
        judgeUncounted,
      );
      const byTenant = [...Map.groupBy(itemsOf(answers), ({ tenant }) => tenant)].map(
        ([tenant, list]) => [tenant, mergeTsdbStatistics(list.map(({ statistics }) => statistics))] as const,
      );
      return { byTenant: new Map(byTenant), annotations };
    },
  };
}

function mergedHere({ options }: RequestScope): ReadonlySet<string> {
  return options.replicas.mergedHere;
}

function endpointsOf(answers: Asked<unknown>['answers']): readonly Endpoint[] {
  return answers.flat().map(({ route }) => route.endpoint);
}

function itemsOf<T>(answers: Asked<{ readonly items: readonly T[] }>['answers']): readonly T[] {
  return answers.flat().flatMap(({ value }) => value.items);
}

interface Asked<T> {
  /** By shard. */
  readonly answers: readonly (readonly { readonly route: Route; readonly value: T }[])[];
  readonly annotations: readonly Annotation[];
}

async function ask<T extends { readonly annotations: readonly EndpointNote[] }>(
  context: SelectionContext,
  scope: RequestScope,
  request: RouteRequest,
  call: (scope: RequestScope, route: Route) => Answered<T>,
  judge: typeof judgeUncounted = judgeLosses,
): Promise<Asked<T>> {
  const plan = planRoutes(scope, context.topology(), request);
  const shards = await fanOut<T>(context, scope, plan, { ask: call });
  const findings = new Findings(scope.options.partialResponse);
  findings.take(judge(shards, plan.unknown));
  findings.heard(shards);
  return {
    answers: shards.map(({ outcomes }) =>
      outcomes.flatMap(({ route, result }) => (result.ok ? [{ route, value: result.value }] : [])),
    ),
    annotations: findings.list(),
  };
}
