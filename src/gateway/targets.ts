import type { NotedList } from '../backend/backend.ts';
import type { NotedTargets, TargetsRequest } from '../backend/operations.ts';
import { compareStrings } from '../model/compare-strings.ts';
import type { TargetMetadata } from '../model/metric-metadata.ts';
import { parseMetricSelector } from '../promql/parse.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { askWithin } from './metadata.ts';
import type { GatewayParts } from './parts.ts';
import { selectionOptions, type RequestOptions } from './request-options.ts';

export interface TargetsQuery extends RequestOptions, TargetsRequest {}

export interface TargetMetadataQuery extends RequestOptions {
  /** On the labels of targets; empty for all of them. */
  readonly matchTarget: string;
  /** Empty for all. */
  readonly metric: string;
  /** No further target once there are this many items; undefined means no limit. */
  readonly limit: number | undefined;
}

/** What all endpoints scrape. */
export async function findTargets(
  parts: GatewayParts,
  query: TargetsQuery,
  signal: AbortSignal,
): Promise<NotedTargets> {
  const { state, scrapePool } = query;
  const options = selectionOptions(query, parts.defaults);
  const ask = (bounded: AbortSignal): Promise<NotedTargets> =>
    parts.selection.operations.targets({ state, scrapePool }, options, bounded);
  return askWithin(parts, signal, ask, 'targets lookup');
}

/** The names of the scrape pools of all endpoints, sorted. Servers count dropped targets of every pool they have. */
export async function findScrapePools(
  parts: GatewayParts,
  query: RequestOptions,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  const targets = await findTargets(parts, { ...query, state: 'any', scrapePool: '' }, signal);
  const names = new Set([
    ...targets.active.map(({ scrapePool }) => scrapePool),
    ...(targets.droppedCounts?.keys() ?? []),
  ]);
  return { items: [...names].sort(compareStrings), annotations: targets.annotations };
}

/** What targets say about their metrics, target by target. */
export async function findTargetMetadata(
  parts: GatewayParts,
  query: TargetMetadataQuery,
  signal: AbortSignal,
): Promise<NotedList<TargetMetadata>> {
  const { metric, matchTarget, limit } = query;
  const request = { metric, matchers: readMatchTarget(matchTarget, parts.features) };
  const options = selectionOptions(query, parts.defaults);
  const ask = (bounded: AbortSignal): Promise<NotedList<TargetMetadata>> =>
    parts.selection.operations.targetMetadata(request, options, bounded);
  const found = await askWithin(parts, signal, ask, 'metadata lookup');
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
