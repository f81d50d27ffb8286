import type { NotedList } from '../model/annotations.ts';
import type { NotedTargets, TargetsSelect } from '../select/lists/merged-lists.ts';
import { compareStrings } from '../model/compare-strings.ts';
import type { TargetMetadata } from '../model/metric-metadata.ts';
import { parseMetricSelector } from '../promql/parse.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { askWithin } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';

export interface TargetMetadataQuery {
  /** On the labels of targets; empty for all of them. */
  readonly matchTarget: string;
  /** Empty for all. */
  readonly metric: string;
  /** No further target once there are this many items; undefined means no limit. */
  readonly limit: number | undefined;
}

/** What all endpoints scrape. */
export async function findTargets(
  parts: GatewayContext,
  scope: RequestScope,
  request: TargetsSelect,
): Promise<NotedTargets> {
  const ask = (bounded: RequestScope): Promise<NotedTargets> =>
    parts.selection.lists.targets(bounded, request);
  return askWithin(parts, scope, ask, 'targets lookup');
}

/** The names of the scrape pools of all endpoints, sorted. Servers count dropped targets of every pool they have. */
export async function findScrapePools(
  parts: GatewayContext,
  scope: RequestScope,
): Promise<NotedList<string>> {
  const targets = await findTargets(parts, scope, { state: 'any', scrapePool: '' });
  const names = new Set([
    ...targets.active.map(({ scrapePool }) => scrapePool),
    ...(targets.droppedCounts?.keys() ?? []),
  ]);
  return { items: [...names].sort(compareStrings), annotations: targets.annotations };
}

/** What targets say about their metrics, target by target. */
export async function findTargetMetadata(
  parts: GatewayContext,
  scope: RequestScope,
  query: TargetMetadataQuery,
): Promise<NotedList<TargetMetadata>> {
  const { metric, matchTarget, limit } = query;
  const request = { metric, matchers: readMatchTarget(matchTarget, parts.features) };
  const ask = (bounded: RequestScope): Promise<NotedList<TargetMetadata>> =>
    parts.selection.lists.targetMetadata(bounded, request);
  const found = await askWithin(parts, scope, ask, 'metadata lookup');
  return limit === undefined ? found : { ...found, items: wholeTargets(found.items, limit) };
}

function readMatchTarget(
  text: string,
  features: ReadonlySet<string>,
): ReturnType<typeof parseMetricSelector> {
  if (text === '') return [];
  try {
    return parseMetricSelector(text, features);
  } catch (error) {
    throw invalidParameter('match_target', error);
  }
}

/** Prometheus looks at its limit between targets, so a target is listed as a whole. Items come sorted by target. */
function wholeTargets(items: readonly TargetMetadata[], limit: number): readonly TargetMetadata[] {
  let end = 0;
  while (end < items.length && end < limit) {
    const { target } = items[end]!;
    while (items[end] !== undefined && sameLabels(items[end]!.target, target)) end++;
  }
  return items.slice(0, end);
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
