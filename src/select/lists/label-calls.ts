import type { BackendFailure, MetadataRequest, NotedList } from '../../backend/backend.ts';
import { labelSetsOf } from '../../cluster/shard.ts';
import { AnnotationSink } from '../../model/annotations.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { Result } from '../../model/result.ts';
import { TRUNCATED, backendAnnotations } from '../completeness/backend-annotations.ts';
import type { SelectionContext } from '../context.ts';
import { fanOut } from '../routing/fan-out.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import { recheck } from '../reading/group.ts';
import { reportLosses } from '../completeness/losses.ts';
import { hiddenLabels, standInLabels } from '../hidden-labels.ts';
import { planRoutes } from '../routing/route.ts';
import type { Route } from '../routing/route.ts';
import type { SelectionOptions } from '../selection.ts';

/** The series of all endpoints, replica labels taken away where replicas are hidden, sorted, each once. */
export async function mergedSeries(
  context: SelectionContext,
  request: MetadataRequest,
  options: SelectionOptions,
  signal: AbortSignal,
): Promise<NotedList<Labels>> {
  const hidden = hiddenLabels(options);
  const { shards, sink } = await askAll(context, request, options, signal, (route, own, inner) =>
    route.endpoint.backend.series(own, inner),
  );
  const byKey = new Map<string, Labels>();
  for (const { route, items } of answers(shards)) {
    const accepts = recheck(route);
    for (const item of items) {
      if (!accepts(item)) continue;
      const labels = withoutLabels(item, hidden);
      byKey.set(labelsKey(labels), labels);
    }
  }
  return cut([...byKey.values()].sort(compareLabels), request.limit, sink);
}

/** The label names of all endpoints, sorted, each once. */
export async function mergedLabelNames(
  context: SelectionContext,
  request: MetadataRequest,
  options: SelectionOptions,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  const hidden = hiddenLabels(options);
  const { shards, sink } = await askAll(context, request, options, signal, (route, own, inner) =>
    route.endpoint.backend.labelNames(own, inner),
  );
  const names = new Set(answers(shards).flatMap(({ items }) => items.filter((name) => !hidden.has(name))));
  return cut([...names].sort(compareStrings), request.limit, sink);
}

/** The values of a label at all endpoints, sorted, each once; none for a replica label where replicas are hidden. */
export async function mergedLabelValues(
  context: SelectionContext,
  label: string,
  request: MetadataRequest,
  options: SelectionOptions,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  if (hiddenLabels(options).has(label)) return { items: [], annotations: [] };
  const { shards, sink } = await askAll(context, request, options, signal, (route, own, inner) =>
    route.endpoint.backend.labelValues(label, own, inner),
  );
  const values = new Set(answers(shards).flatMap(({ items }) => items));
  return cut([...values].sort(compareStrings), request.limit, sink);
}

type Answers<T> = readonly ShardOutcome<NotedList<T>>[];

async function askAll<T>(
  context: SelectionContext,
  request: MetadataRequest,
  options: SelectionOptions,
  signal: AbortSignal,
  call: (
    route: Route,
    request: MetadataRequest,
    signal: AbortSignal,
  ) => Promise<Result<NotedList<T>, BackendFailure>>,
): Promise<{ readonly shards: Answers<T>; readonly sink: AnnotationSink }> {
  const { replicaLabels, partialResponse } = options;
  const standIns = standInLabels(options);
  const plan = planRoutes(context.topology(), request, standIns);
  // Each endpoint may spend a part of its limit on names that are hidden afterwards, and one that stands for several
  // replicas on series that become one; one more shows that there is more.
  const limitOf = ({ endpoint }: Route): number =>
    request.limit > 0 ? request.limit * labelSetsOf(endpoint).length + replicaLabels.length + 1 : 0;
  const common = { ...request, partialResponse, mergesReplicas: standIns.size > 0 };
  const shards = await fanOut(plan, context, signal, async (route, inner) =>
    call(route, { ...common, limit: limitOf(route), matcherSets: route.matcherSets }, inner),
  );
  const sink = new AnnotationSink();
  reportLosses(shards, plan.unknown, partialResponse, sink);
  sink.addAll(backendAnnotations(shards));
  // Who stands for replicas that it does not tell of may have more, and fewer may become of them than were wanted.
  if (request.limit > 0 && answers(shards).some(({ route, items }) => items.length >= limitOf(route)))
    sink.warn(TRUNCATED);
  return { shards, sink };
}

function answers<T>(shards: Answers<T>): readonly { readonly route: Route; readonly items: readonly T[] }[] {
  return shards.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ route, result }) => (result.ok ? [{ route, items: result.value.items }] : [])),
  );
}

function cut<T>(items: readonly T[], limit: number, sink: AnnotationSink): NotedList<T> {
  if (limit <= 0 || items.length <= limit) return { items, annotations: sink.list() };
  sink.warn(TRUNCATED);
  return { items: items.slice(0, limit), annotations: sink.list() };
}
