import type { Answered, EndpointNote } from '../../backend/answered.ts';
import type {
  ExemplarsRequest,
  ListCalls,
  MetricMetadataRequest,
  TargetMetadataRequest,
  TargetsRequest,
  TsdbStatisticsRequest,
} from '../../backend/list-calls.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Alertmanagers } from '../../model/alertmanagers.ts';
import type { NotedList } from '../../model/annotations.ts';
import type { ExemplarSeries } from '../../model/exemplar.ts';
import { isRestricted } from '../../model/enforced-matchers.ts';
import { EMPTY_LABELS } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { ALWAYS } from '../../model/time-range.ts';
import type { RuleGroup } from '../../model/rules.ts';
import type { TargetDiscovery } from '../../model/targets.ts';
import type { TsdbStatistics } from '../../model/tsdb-statistics.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import { judgeUncounted } from '../completeness/judge-losses.ts';
import type { SelectionContext } from '../context.ts';
import { labelMerger } from '../reading/label-merger.ts';
import { requireEverything } from '../routing/enforce.ts';
import { recheck, type RouteRequest } from '../routing/route.ts';
import { askEndpoints, type Asked } from './ask-endpoints.ts';
import { relabelRules, relabelTargets, splitLabels } from './data-labels.ts';
import { filterRules, type RulesSelect } from './filter-rules.ts';
import { ownMetrics } from './own-metrics.ts';
import { seesOf, visibleRules, visibleTargets } from './visible.ts';
import { mergeAlertmanagers } from './merge-alertmanagers.ts';
import { mergeExemplars } from './merge-exemplars.ts';
import { mergeMetadata, mergeTargetMetadata } from './merge-metadata.ts';
import { mergeRuleGroups } from './merge-rules.ts';
import { mergeTargets } from './merge-targets.ts';
import { mergeTsdbStatistics } from './merge-tsdb-statistics.ts';
import { rulesByReplica, targetsByReplica } from './told-by-replicas.ts';

/**
 * What all endpoints tell beside samples, as one server: what replicas have in common appears once. Endpoints that fail
 * are treated as for series.
 */
export interface MergedLists {
  rules(scope: RequestScope, request: RulesSelect): Promise<NotedList<RuleGroup>>;
  targets(scope: RequestScope, request: TargetsSelect): Promise<NotedTargets>;
  alertmanagers(scope: RequestScope): Promise<NotedAlertmanagers>;
  metadata(scope: RequestScope, request: MetricMetadataRequest): Promise<NotedList<MetricMetadata>>;
  /** Matchers are on the labels of targets, external ones included. */
  targetMetadata(scope: RequestScope, request: TargetMetadataRequest): Promise<NotedList<TargetMetadata>>;
  exemplars(scope: RequestScope, request: ExemplarsRequest): Promise<NotedList<ExemplarSeries>>;
  /** Matchers are on external labels. Other than above, each endpoint counts, replica or not. */
  tsdbStatistics(scope: RequestScope, request: TsdbStatisticsRequest): Promise<MergedStatistics>;
}

export interface TargetsSelect extends TargetsRequest {
  /** Whether it is told what each replica says, where they differ. Undefined means false. */
  readonly showReplicas?: boolean | undefined;
}

export type NotedTargets = TargetDiscovery & Pick<NotedList<unknown>, 'annotations'>;

export type NotedAlertmanagers = Alertmanagers & Pick<NotedList<unknown>, 'annotations'>;

export interface MergedStatistics extends Pick<NotedList<unknown>, 'annotations'> {
  readonly byTenant: ReadonlyMap<string, TsdbStatistics>;
}

const EVERY_ENDPOINT: RouteRequest = { matcherSets: [], ...ALWAYS };

export function createMergedLists(context: SelectionContext): MergedLists {
  const pacerOf = (scope: RequestScope): Pacer => new Pacer(scope);
  return {
    rules: async (scope, request) => {
      const routed = { matcherSets: request.matcherSets, ...ALWAYS };
      const sees = seesOf(scope);
      // The state of a rule is that of the alerts which the caller may see.
      const asked = sees === undefined ? request : { ...request, excludeAlerts: false };
      const { answers, findings } = await askEndpoints(context, scope, routed, (inner, { endpoint }) =>
        endpoint.backend.lists.rules(inner, asked),
      );
      const { data, marks } = splitLabels(endpointsOf(answers), mergedHere(scope));
      const pacer = pacerOf(scope);
      const groups: (readonly RuleGroup[])[][] = [];
      for (const shard of answers) {
        const ofShard: (readonly RuleGroup[])[] = [];
        groups.push(ofShard);
        for (const { route, value } of shard) {
          const merged = labelMerger(route.endpoint, data);
          const ofServer = request.alertExternalLabels === true ? route.endpoint.externalLabels : undefined;
          const found: RuleGroup[] = [];
          ofShard.push(found);
          for (const group of value.items) {
            const seen = sees === undefined ? group : visibleRules(group, sees, request.onlyAlerts ?? false);
            for (const kept of filterRules([seen], request)) {
              // A restricted caller is not told who the servers are.
              const isTold = request.showReplicas === true && sees === undefined;
              const told = isTold
                ? await rulesByReplica(kept, route.endpoint, mergedHere(scope), pacer)
                : kept;
              found.push(await relabelRules(told, ofServer ?? EMPTY_LABELS, merged, pacer));
            }
            if (pacer.due()) await pacer.breathe();
          }
        }
      }
      return { items: await mergeRuleGroups(groups, marks, pacer), annotations: findings.list() };
    },
    targets: async (scope, request) => {
      const { answers, findings } = await askEndpoints(
        context,
        scope,
        EVERY_ENDPOINT,
        (inner, { endpoint }) => endpoint.backend.lists.targets(inner, request),
      );
      const { data, marks } = splitLabels(endpointsOf(answers), mergedHere(scope));
      const pacer = pacerOf(scope);
      const sees = seesOf(scope);
      const targets: TargetDiscovery[][] = [];
      for (const shard of answers) {
        const ofShard: TargetDiscovery[] = [];
        targets.push(ofShard);
        for (const { route, value } of shard) {
          const isTold = request.showReplicas === true && sees === undefined;
          const told = isTold
            ? await targetsByReplica(value, route.endpoint, mergedHere(scope), pacer)
            : value;
          const seen = sees === undefined ? told : visibleTargets(told, sees);
          ofShard.push(await relabelTargets(seen, labelMerger(route.endpoint, data), pacer));
        }
      }
      return { ...(await mergeTargets(targets, marks, pacer)), annotations: findings.list() };
    },
    alertmanagers: async (scope) => {
      requireEverything(scope.caller, 'the list of Alertmanagers');
      const { answers, findings } = await askEndpoints(
        context,
        scope,
        EVERY_ENDPOINT,
        (inner, { endpoint }) => endpoint.backend.lists.alertmanagers(inner),
      );
      const lists = answers.flat().map(({ value }) => value);
      const merged = await mergeAlertmanagers(lists, pacerOf(scope));
      return { ...merged, annotations: findings.list() };
    },
    metadata: async (scope, request) => {
      const { answers, findings } = await askEndpoints(
        context,
        scope,
        EVERY_ENDPOINT,
        (inner, { endpoint }) => endpoint.backend.lists.metadata(inner, request),
      );
      const all = itemsOf(answers);
      const pacer = pacerOf(scope);
      if (!isRestricted(scope.caller))
        return { items: await mergeMetadata(all, pacer), annotations: findings.list() };
      const { isOwn, annotations } = await ownMetrics(context, scope, request.metric);
      annotations.forEach((each) => findings.add(each));
      return { items: await mergeMetadata(all.filter(isOwn), pacer), annotations: findings.list() };
    },
    targetMetadata: async (scope, request) => {
      const { answers, findings } = await askMatching(context, scope, request, (inner, lists, own) =>
        lists.targetMetadata(inner, own),
      );
      const matches = compileMatchers([...request.matchers, ...scope.caller.enforced.matchers]);
      const pacer = pacerOf(scope);
      const items: TargetMetadata[] = [];
      await pacer.forEach(itemsOf(answers), (item) => {
        if (matches(item.target)) items.push(item);
      });
      const merged = await mergeTargetMetadata(items, mergedHere(scope), pacer);
      return { items: merged, annotations: findings.list() };
    },
    exemplars: async (scope, request) => {
      const { answers, findings } = await askEndpoints(
        context,
        scope,
        request,
        (inner, { endpoint, matcherSets }) =>
          endpoint.backend.lists.exemplars(inner, { ...request, matcherSets }),
      );
      const pacer = pacerOf(scope);
      const series: ExemplarSeries[] = [];
      for (const { route, value } of answers.flat()) {
        const accepts = recheck(route);
        const merged = labelMerger(route.endpoint, mergedHere(scope));
        await pacer.forEach(value.items, ({ labels, exemplars }) => {
          if (accepts(labels)) series.push({ labels: merged(labels), exemplars });
        });
      }
      return { items: await mergeExemplars(series, pacer), annotations: findings.list() };
    },
    tsdbStatistics: async (scope, request) => {
      requireEverything(scope.caller, 'what databases hold');
      const { answers, findings } = await askMatching(
        context,
        scope,
        request,
        (inner, lists, own) => lists.tsdbStatistics(inner, own),
        judgeUncounted,
      );
      const byTenant = [...Map.groupBy(itemsOf(answers), ({ tenant }) => tenant)].map(
        ([tenant, list]) => [tenant, mergeTsdbStatistics(list.map(({ statistics }) => statistics))] as const,
      );
      return { byTenant: new Map(byTenant), annotations: findings.list() };
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

/** Asks with one set of matchers, of which each endpoint gets those that are left for it. */
function askMatching<
  R extends { readonly matchers: readonly Matcher[] },
  T extends { readonly annotations: readonly EndpointNote[] },
>(
  context: SelectionContext,
  scope: RequestScope,
  request: R,
  call: (scope: RequestScope, lists: ListCalls, request: R) => Answered<T>,
  judge?: typeof judgeUncounted,
): Promise<Asked<T>> {
  return askEndpoints(
    context,
    scope,
    { matcherSets: [request.matchers], ...ALWAYS },
    (inner, { endpoint, matcherSets: [matchers = []] }) =>
      call(inner, endpoint.backend.lists, { ...request, matchers }),
    judge,
  );
}
