import type { Answered, EndpointItems, EndpointList } from '../../backend/answered.ts';
import type { LookupRequest } from '../../backend/backend.ts';
import { labelSetsOf } from '../../cluster/shard.ts';
import { common } from '../../cluster/time-ranges.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { TRUNCATED, type NotedItems, type NotedList } from '../../model/annotations.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { isRestricted } from '../../model/enforced-matchers.ts';
import { labelValue, type Labels } from '../../model/labels.ts';
import { LazyList, type ItemList } from '../../model/lazy-list.ts';
import { PackedTexts } from '../../model/packed-texts.ts';
import { sortDistinct } from '../../model/paced-sort.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { success } from '../../model/result.ts';
import { LabelTable } from '../../wire/batch/label-table.ts';
import type { Findings } from '../completeness/findings.ts';
import type { SelectionContext } from '../context.ts';
import { mergedLabels, ownReplicaLabels } from '../reading/label-merger.ts';
import { recheck, type Route } from '../routing/route.ts';
import { askEndpoints, type EndpointAnswer } from './ask-endpoints.ts';
import { SeriesUnion } from './series-union.ts';
import { firstTexts, unionTexts } from './union-texts.ts';

/** The series of all endpoints, without the labels that are merged here, sorted, each once. */
export async function mergedSeries(
  context: SelectionContext,
  scope: RequestScope,
  request: LookupRequest,
): Promise<NotedItems<Labels>> {
  const { mergedHere } = scope.options.replicas;
  const table = new LabelTable();
  const { answers, findings } = await askAll(
    context,
    scope,
    { ...request, table },
    (inner, { endpoint }, own) => endpoint.backend.series(inner, own),
  );
  const union = new SeriesUnion(table, scope.budget, new Pacer(scope.signal));
  for (const { route, value } of answers)
    await union.add(value.items, recheck(route), mergedLabels(route.endpoint, mergedHere));
  const series = await union.sorted();
  if (request.limit <= 0 || series.length <= request.limit)
    return { items: series, annotations: findings.list() };
  findings.add(TRUNCATED);
  return {
    items: new LazyList(request.limit, (index) => series.at(index)!),
    annotations: findings.list(),
  };
}

/** The label names of all endpoints, sorted, each once; those that are merged here only where they are data. */
export async function mergedLabelNames(
  context: SelectionContext,
  scope: RequestScope,
  request: LookupRequest,
): Promise<NotedList<string>> {
  if (isRestricted(scope.caller))
    return ofSeries(context, scope, request, (labels, add) => {
      for (let i = 0; i < labels.length; i += 2) add(labels[i]!);
    });
  const { answers, findings } = await askAll(context, scope, request, labelNamesAt);
  const pacer = new Pacer(scope.signal);
  const lists = answers.map(({ value }) => value.items);
  const names = await pacer.map(await unionTexts(lists, scope.budget, pacer), (name) => name);
  return cut(names, request.limit, findings);
}

/** The names at one endpoint. Whether a merged one is data shows in its values. */
async function labelNamesAt(
  scope: RequestScope,
  { endpoint }: Route,
  request: LookupRequest,
): Answered<EndpointList<string>> {
  const { mergedHere } = scope.options.replicas;
  const { backend } = endpoint;
  const listed = await backend.labelNames(scope, request);
  if (!listed.ok) return listed;
  const { items, annotations } = listed.value;
  const names = items.filter((name) => !mergedHere.has(name));
  for (const [name, marks] of ownReplicaLabels(endpoint, mergedHere)) {
    if (!items.includes(name)) continue;
    const values = await backend.labelValues(scope, name, { ...request, limit: marks.size + 1 });
    if (!values.ok) return values;
    if ([...values.value.items].some((value) => !marks.has(value))) names.push(name);
  }
  return success({ items: names, annotations });
}

/** The values of a label at all endpoints, sorted, each once; of a label that is merged here those that are data. */
export async function mergedLabelValues(
  context: SelectionContext,
  scope: RequestScope,
  label: string,
  request: LookupRequest,
): Promise<NotedItems<string>> {
  const { mergedHere } = scope.options.replicas;
  const isMerged = mergedHere.has(label);
  const marksOf = (endpoint: Endpoint): ReadonlySet<string> | undefined =>
    ownReplicaLabels(endpoint, mergedHere).get(label);
  if (isMerged && context.topology().endpoints.every((endpoint) => marksOf(endpoint) === undefined))
    return { items: [], annotations: [] };
  if (isRestricted(scope.caller))
    return ofSeries(context, scope, request, (labels, add) => {
      const value = labelValue(labels, label);
      if (value !== '') add(value);
    });
  const { answers, findings } = await askAll(context, scope, request, (inner, { endpoint }, wanted) =>
    endpoint.backend.labelValues(inner, label, wanted),
  );
  const pacer = new Pacer(scope.signal);
  const lists: ItemList<string>[] = [];
  for (const {
    route,
    value: { items },
  } of answers) {
    if (!isMerged) {
      lists.push(items);
      continue;
    }
    const marks = marksOf(route.endpoint);
    if (marks === undefined) continue;
    const values = new PackedTexts();
    await pacer.forEach(items, (value) => {
      if (!marks.has(value)) values.addText(value);
    });
    scope.budget.take(values.bytes);
    lists.push(values);
  }
  const values = await unionTexts(lists, scope.budget, pacer);
  if (request.limit <= 0 || values.length <= request.limit)
    return { items: values, annotations: findings.list() };
  findings.add(TRUNCATED);
  return { items: firstTexts(values, request.limit), annotations: findings.list() };
}

/**
 * Names or values as the series have them that the caller may see. A list of names or values cannot be checked for whose they are: a
 * server may take no notice of matchers, or of some of them.
 * @param take hands on what it finds in the labels of a series.
 */
async function ofSeries(
  context: SelectionContext,
  scope: RequestScope,
  request: LookupRequest,
  take: (labels: Labels, add: (text: string) => void) => void,
): Promise<NotedList<string>> {
  const { items, annotations } = await mergedSeries(context, scope, { ...request, limit: 0 });
  const pacer = new Pacer(scope.signal);
  const found = new Set<string>();
  await pacer.forEach(items, (labels) => take(labels, (text) => found.add(text)));
  const sorted = await sortDistinct([...found], compareStrings, pacer);
  const isCut = request.limit > 0 && sorted.length > request.limit;
  return isCut
    ? { items: sorted.slice(0, request.limit), annotations: [...annotations, TRUNCATED] }
    : { items: sorted, annotations };
}

async function askAll<T>(
  context: SelectionContext,
  scope: RequestScope,
  request: LookupRequest,
  call: (scope: RequestScope, route: Route, request: LookupRequest) => Answered<EndpointItems<T>>,
): Promise<{ readonly answers: readonly EndpointAnswer<EndpointItems<T>>[]; readonly findings: Findings }> {
  const { replicaLabels } = scope.options.replicas;
  // Each endpoint may spend a part of its limit on names that are hidden afterwards, and one that stands for several
  // replicas on series that become one; one more shows that there is more.
  const limitOf = ({ endpoint }: Route): number =>
    request.limit > 0 ? request.limit * labelSetsOf(endpoint).length + replicaLabels.length + 1 : 0;
  const asked = await askEndpoints(context, scope, request, (inner, route) =>
    call(inner, route, {
      ...request,
      ...common(request, route.within),
      limit: limitOf(route),
      matcherSets: route.matcherSets,
    }),
  );
  const answers = asked.answers.flat();
  // An endpoint that stands for replicas and does not tell of them may have more, and fewer may become of them than were wanted.
  if (request.limit > 0 && answers.some(({ route, value }) => value.items.length >= limitOf(route)))
    asked.findings.add(TRUNCATED);
  return { answers, findings: asked.findings };
}

function cut<T>(items: readonly T[], limit: number, findings: Findings): NotedList<T> {
  if (limit <= 0 || items.length <= limit) return { items, annotations: findings.list() };
  findings.add(TRUNCATED);
  return { items: items.slice(0, limit), annotations: findings.list() };
}
