import type { Answered, EndpointItems, EndpointList } from '../../backend/answered.ts';
import type { LookupRequest } from '../../backend/backend.ts';
import { labelSetsOf } from '../../cluster/shard.ts';
import { common } from '../../cluster/time-ranges.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { TRUNCATED, type NotedItems, type NotedList } from '../../model/annotations.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { isRestricted } from '../../model/enforced-matchers.ts';
import { labelValue, type Labels } from '../../model/labels.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import { PackedTexts } from '../../model/packed-texts.ts';
import { sortDistinct } from '../../model/paced-sort.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { success } from '../../model/result.ts';
import type { Findings } from '../completeness/findings.ts';
import type { SelectionContext } from '../context.ts';
import { ownReplicaLabels } from '../reading/label-merger.ts';
import type { Route } from '../routing/route.ts';
import { askEndpoints, type EndpointAnswer } from './ask-endpoints.ts';
import type { SeriesShare } from './series-share.ts';
import { SeriesUnion } from './series-union.ts';
import { firstTexts, unionTexts } from './union-texts.ts';

/** What an endpoint has of a union. */
interface SharedSeries extends EndpointItems<Labels> {
  readonly share: SeriesShare;
}

/** The series of all endpoints, without the labels that are merged here, sorted, each once. */
export async function mergedSeries(
  context: SelectionContext,
  scope: RequestScope,
  request: LookupRequest,
): Promise<NotedItems<Labels>> {
  const { mergedHere } = scope.options.replicas;
  const union = new SeriesUnion(scope.budget);
  const call = async (inner: RequestScope, route: Route, own: LookupRequest): Answered<SharedSeries> => {
    const begin = (): SeriesShare => union.share(route, mergedHere);
    let share = begin();
    const taker = (): SeriesShare => (share = begin());
    const answered = await route.endpoint.backend.series(inner, { ...own, taker });
    return answered.ok ? success({ ...answered.value, share }) : answered;
  };
  const { answers, findings } = await askAll(
    context,
    scope,
    request,
    call,
    ({ share, items }) => share.received + items.length,
  );
  const pacer = new Pacer(scope);
  for (const { value } of answers) await value.share.addAll(value.items, pacer);
  const series = await union.sorted(
    answers.map(({ value }) => value.share),
    pacer,
  );
  const isCut = request.limit > 0 && series.length > request.limit;
  if (isCut) findings.add(TRUNCATED);
  const items = isCut ? series.first(request.limit) : series;
  // Left to the collector, a long list would stay beside the next one: it makes nothing in the heap that would call the collector.
  scope.budget.whenReleased(() => items.discard());
  return { items, annotations: findings.list() };
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
  const pacer = new Pacer(scope);
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
  const pacer = new Pacer(scope);
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
  const pacer = new Pacer(scope);
  const found = new Set<string>();
  await pacer.forEach(items, (labels) => take(labels, (text) => found.add(text)));
  const sorted = await sortDistinct([...found], compareStrings, pacer);
  const isCut = request.limit > 0 && sorted.length > request.limit;
  return isCut
    ? { items: sorted.slice(0, request.limit), annotations: [...annotations, TRUNCATED] }
    : { items: sorted, annotations };
}

/** @param countOf how many items an endpoint sent. */
async function askAll<T, A extends EndpointItems<T>>(
  context: SelectionContext,
  scope: RequestScope,
  request: LookupRequest,
  call: (scope: RequestScope, route: Route, request: LookupRequest) => Answered<A>,
  countOf: (answer: A) => number = ({ items }) => items.length,
): Promise<{ readonly answers: readonly EndpointAnswer<A>[]; readonly findings: Findings }> {
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
  if (request.limit > 0 && answers.some(({ route, value }) => countOf(value) >= limitOf(route)))
    asked.findings.add(TRUNCATED);
  return { answers, findings: asked.findings };
}

function cut<T>(items: readonly T[], limit: number, findings: Findings): NotedList<T> {
  if (limit <= 0 || items.length <= limit) return { items, annotations: findings.list() };
  findings.add(TRUNCATED);
  return { items: items.slice(0, limit), annotations: findings.list() };
}
