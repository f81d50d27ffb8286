import type { BackendFailure, NotedList } from '../backend/backend.ts';
import type {
  ExemplarsRequest,
  MetricMetadataRequest,
  NotedTargets,
  TargetMetadataRequest,
  TargetsRequest,
  TsdbStatisticsRequest,
} from '../backend/operations.ts';
import type { Topology } from '../cluster/topology.ts';
import { type Annotation, AnnotationSink } from '../model/annotations.ts';
import type { ExemplarSeries } from '../model/exemplar.ts';
import type { MetricMetadata, TargetMetadata } from '../model/metric-metadata.ts';
import type { Result } from '../model/result.ts';
import type { RuleGroup } from '../model/rules.ts';
import type { TsdbStatistics } from '../model/tsdb-statistics.ts';
import { compileMatchers } from '../promql/match/compile.ts';
import { backendAnnotations } from './backend-annotations.ts';
import type { SelectionContext } from './context.ts';
import { fanOut } from './fan-out.ts';
import { filterRules, type RulesSelect } from './filter-rules.ts';
import { reportLosses, reportUncounted } from './losses.ts';
import { mergeExemplars } from './merge-exemplars.ts';
import { mergeMetadata, mergeTargetMetadata } from './merge-metadata.ts';
import { mergeRuleGroups } from './merge-rules.ts';
import { mergeTargets } from './merge-targets.ts';
import { mergeTsdbStatistics } from './merge-tsdb-statistics.ts';
import { hiddenLabels, standInLabels } from './hidden-labels.ts';
import { planRoutes, type Route, type RouteRequest } from './route.ts';
import type { SelectionOptions } from './selection.ts';

/**
 * What all endpoints tell beside samples, as one server: what replicas have in common appears once. Endpoints that fail
 * are treated as for series.
 */
export interface MergedOperations {
  rules(request: RulesSelect, options: SelectionOptions, signal: AbortSignal): Promise<NotedList<RuleGroup>>;
  targets(request: TargetsRequest, options: SelectionOptions, signal: AbortSignal): Promise<NotedTargets>;
  metadata(
    request: MetricMetadataRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<NotedList<MetricMetadata>>;
  /** Matchers are on the labels of targets, external ones included. */
  targetMetadata(
    request: TargetMetadataRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<NotedList<TargetMetadata>>;
  exemplars(
    request: ExemplarsRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<NotedList<ExemplarSeries>>;
  /** Matchers are on external labels. Other than above, each endpoint counts, replica or not. */
  tsdbStatistics(
    request: TsdbStatisticsRequest,
    options: SelectionOptions,
    signal: AbortSignal,
  ): Promise<MergedStatistics>;
  /** The endpoints as they are known now. */
  topology(): Topology;
}

export interface MergedStatistics extends Pick<NotedList<unknown>, 'annotations'> {
  readonly byTenant: ReadonlyMap<string, TsdbStatistics>;
}

const ALWAYS = { minTime: -Infinity, maxTime: Infinity };
const EVERYBODY: RouteRequest = { matcherSets: [], ...ALWAYS };

export function createOperations(context: SelectionContext): MergedOperations {
  return {
    rules: async (request, options, signal) => {
      const routed = { matcherSets: request.matcherSets, ...ALWAYS };
      const asked = await ask(context, routed, options, signal, ({ endpoint }, inner) =>
        endpoint.backend.operations.rules(request, inner),
      );
      const groups = asked.answers.map((answers) => answers.map(({ items }) => filterRules(items, request)));
      return { items: mergeRuleGroups(groups, hiddenLabels(options)), annotations: asked.annotations };
    },
    targets: async (request, options, signal) => {
      const asked = await ask(context, EVERYBODY, options, signal, ({ endpoint }, inner) =>
        endpoint.backend.operations.targets(request, inner),
      );
      return { ...mergeTargets(asked.answers, hiddenLabels(options)), annotations: asked.annotations };
    },
    metadata: async (request, options, signal) => {
      const asked = await ask(context, EVERYBODY, options, signal, ({ endpoint }, inner) =>
        endpoint.backend.operations.metadata(request, inner),
      );
      const items = asked.answers.flat().flatMap((answer) => answer.items);
      return { items: mergeMetadata(items), annotations: asked.annotations };
    },
    targetMetadata: async (request, options, signal) => {
      const routed = { matcherSets: [request.matchers], ...ALWAYS };
      const asked = await ask(context, routed, options, signal, (route, inner) => {
        const matchers = route.matcherSets[0] ?? [];
        return route.endpoint.backend.operations.targetMetadata({ ...request, matchers }, inner);
      });
      const matches = compileMatchers(request.matchers);
      const items = asked.answers
        .flat()
        .flatMap((answer) => answer.items.filter(({ target }) => matches(target)));
      return { items: mergeTargetMetadata(items, hiddenLabels(options)), annotations: asked.annotations };
    },
    exemplars: async (request, options, signal) => {
      const asked = await ask(context, request, options, signal, ({ endpoint, matcherSets }, inner) =>
        endpoint.backend.operations.exemplars({ ...request, matcherSets }, inner),
      );
      const items = asked.answers.flat().flatMap((answer) => answer.items);
      return { items: mergeExemplars(items, hiddenLabels(options)), annotations: asked.annotations };
    },
    tsdbStatistics: async (request, options, signal) => {
      const routed = { matcherSets: [request.matchers], ...ALWAYS };
      const asked = await ask(
        context,
        routed,
        options,
        signal,
        ({ endpoint, matcherSets: [matchers = []] }, inner) =>
          endpoint.backend.operations.tsdbStatistics({ ...request, matchers }, inner),
        reportUncounted,
      );
      const items = asked.answers.flat().flatMap((answer) => answer.items);
      const byTenant = [...Map.groupBy(items, ({ tenant }) => tenant)].map(
        ([tenant, list]) => [tenant, mergeTsdbStatistics(list.map(({ statistics }) => statistics))] as const,
      );
      return { byTenant: new Map(byTenant), annotations: asked.annotations };
    },
    topology: () => context.topology(),
  };
}

interface Asked<T> {
  /** By shard. */
  readonly answers: readonly (readonly T[])[];
  readonly annotations: readonly Annotation[];
}

async function ask<T extends { readonly annotations: readonly Annotation[] }>(
  context: SelectionContext,
  request: RouteRequest,
  options: SelectionOptions,
  signal: AbortSignal,
  call: (route: Route, signal: AbortSignal) => Promise<Result<T, BackendFailure>>,
  report: typeof reportLosses = reportLosses,
): Promise<Asked<T>> {
  const { partialResponse } = options;
  const plan = planRoutes(context.topology(), request, standInLabels(options));
  const shards = await fanOut(plan, context, signal, call);
  const sink = new AnnotationSink();
  report(shards, plan.unknown, partialResponse, sink);
  sink.addAll(backendAnnotations(shards));
  return {
    answers: shards.map(({ outcomes }) =>
      outcomes.flatMap(({ result }) => (result.ok ? [result.value] : [])),
    ),
    annotations: sink.list(),
  };
}
