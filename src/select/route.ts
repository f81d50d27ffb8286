import { labelSetsOf, shardsOf } from '../cluster/shard.ts';
import type { Shard } from '../cluster/shard.ts';
import type { Endpoint, Topology } from '../cluster/topology.ts';
import { EMPTY_LABELS, labelValue } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import { compileMatchers } from '../promql/match/compile.ts';

/** What one endpoint is asked for. */
export interface Route {
  readonly endpoint: Endpoint;
  /** Without those that its external labels fulfil. Alternatives: a series must match all of one of them. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** For each alternative the matchers that were taken out. */
  readonly fulfilled: readonly (readonly Matcher[])[];
}

/** Whom a request concerns. */
export interface RoutePlan {
  readonly shards: readonly RoutedShard[];
  /** Endpoints that may concern the request: nobody knows, because they never told their labels. */
  readonly unknown: readonly Endpoint[];
}

interface RoutedShard {
  readonly labelSets: readonly Labels[];
  readonly routes: readonly Route[];
}

export interface RouteRequest {
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
}

/**
 * Chooses the endpoints that can have matching series and takes the matchers on external labels out. A matcher on a
 * label that an endpoint does not have as an external one is sent on. One on an external label decides about the
 * endpoint, whether the label marks replicas or shards: `{__replica__="a"}` reads replica a alone, deduplicated or not.
 * So a series that carries the name of an external label with another value is not found by that other value. Of an
 * endpoint with several label sets, those labels are taken for external that all sets have in common; it is left out
 * where none of the sets can match.
 */
export function planRoutes(
  topology: Topology,
  request: RouteRequest,
  replicaLabels: ReadonlySet<string>,
): RoutePlan {
  const unknown = topology.endpoints.filter(({ externalLabels }) => externalLabels === undefined);
  const shards = shardsOf(topology, replicaLabels)
    .map((shard) => ({ labelSets: shard.labelSets, routes: routesOf(shard, request) }))
    .filter(({ routes }) => routes.length > 0);
  return { shards, unknown };
}

function routesOf(shard: Shard, request: RouteRequest): readonly Route[] {
  return shard.endpoints
    .filter((endpoint) => overlaps(endpoint, request))
    .map((endpoint) => routeTo(endpoint, request.matcherSets))
    .filter((route) => route !== undefined);
}

/** Undefined where no alternative can match: the external labels contradict all of them. */
function routeTo(endpoint: Endpoint, matcherSets: RouteRequest['matcherSets']): Route | undefined {
  if (matcherSets.length === 0) return { endpoint, matcherSets, fulfilled: [] };
  const labels = endpoint.externalLabels ?? EMPTY_LABELS;
  const split = matcherSets
    .filter((set) => canMatch(endpoint, set))
    .map((set) => splitMatchers(set, labels))
    .filter((parts) => parts !== undefined);
  if (split.length === 0) return undefined;
  return {
    endpoint,
    matcherSets: split.map(({ open }) => open),
    fulfilled: split.map(({ fulfilled }) => fulfilled),
  };
}

/** Whether one of the label sets of an endpoint leaves room for series that match. */
export function canMatch(endpoint: Endpoint, matchers: readonly Matcher[]): boolean {
  return labelSetsOf(endpoint).some(
    (labels) => !matchers.some((matcher) => isContradiction(matcher, labels)),
  );
}

interface SplitMatchers {
  readonly open: readonly Matcher[];
  readonly fulfilled: readonly Matcher[];
}

function splitMatchers(matchers: readonly Matcher[], externalLabels: Labels): SplitMatchers | undefined {
  const open: Matcher[] = [];
  const fulfilled: Matcher[] = [];
  for (const matcher of matchers) {
    if (labelValue(externalLabels, matcher.name) === '') open.push(matcher);
    else if (isContradiction(matcher, externalLabels)) return undefined;
    else fulfilled.push(matcher);
  }
  return { open, fulfilled };
}

/** True where an external label decides that no series of its endpoint can match. */
export function isContradiction(matcher: Matcher, externalLabels: Labels): boolean {
  return labelValue(externalLabels, matcher.name) !== '' && !compileMatchers([matcher])(externalLabels);
}

/** Whether an endpoint can have samples in the range. */
export function overlaps(
  { minTime, maxTime }: Pick<Endpoint, 'minTime' | 'maxTime'>,
  range: Pick<RouteRequest, 'minTime' | 'maxTime'>,
): boolean {
  return minTime <= range.maxTime && maxTime >= range.minTime;
}
