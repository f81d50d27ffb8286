import { labelSetsOf, shardsOf } from '../../cluster/shard.ts';
import { askedRange, overlaps } from '../../cluster/time-ranges.ts';
import type { Endpoint, Topology } from '../../cluster/topology.ts';
import { remark, type Remark } from '../../model/annotations.ts';
import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { standInLabels, type RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import { chosenEndpoints } from './chosen-endpoints.ts';
import { withEnforced, type EnforcedRequest } from './enforce.ts';
import { carries, isContradiction, splitMatchers, type SplitMatchers } from './split-matchers.ts';

/** What one endpoint is asked for. */
export interface Route {
  readonly endpoint: Endpoint;
  /** What it may be asked for, ms since the epoch. */
  readonly within: TimeRange;
  /** As the endpoint has to be asked. Alternatives: a series must match all of one of them. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** What has to hold for the series that come, external labels included: one of these; empty where nothing has to. */
  readonly wanted: readonly (readonly Matcher[])[];
}

/** Whom a request concerns. */
export interface RoutePlan {
  readonly shards: readonly RoutedShard[];
  /** Endpoints that may concern the request: nobody knows, because they never told their labels. */
  readonly unknown: readonly Endpoint[];
  /** What is to be said beside the answer where no endpoint can be asked, whatever the request selects. */
  readonly remarks: readonly Remark[];
}

interface RoutedShard {
  /** Its labels as text, for messages. */
  readonly name: string;
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
 * endpoint, whether the label marks replicas or shards: `{__replica__="a"}` reads replica a alone, deduplicated or not;
 * unless series of the endpoint carry the label themselves, see {@link splitMatchers}. Of an endpoint with several label
 * sets, those labels are taken for external that all sets have in common; it is left out where none of the sets can match.
 * Endpoints that the request did not choose are left out as if they were not there.
 * @param now ms since the epoch.
 */
export function planRoutes(
  { caller, options }: Pick<RequestScope, 'caller' | 'options'>,
  topology: Topology,
  request: RouteRequest,
  now: number,
): RoutePlan {
  const enforced = withEnforced(caller.enforced, request.matcherSets);
  const isChosen = chosenEndpoints(options.endpoints);
  const mayConcern = (endpoint: Endpoint): boolean => isChosen(endpoint) && overlaps(endpoint, request, now);
  const unknown = topology.endpoints.filter(
    (endpoint) => endpoint.externalLabels === undefined && mayConcern(endpoint),
  );
  const shards = shardsOf(topology, standInLabels(options.replicas))
    .map((shard) => ({
      name: shard.name,
      routes: routesOf(shard.endpoints.filter(mayConcern), enforced, now),
    }))
    .filter(({ routes }) => routes.length > 0);
  return { shards, unknown, remarks: remarksOn(topology, isChosen) };
}

/** An empty answer looks the same as one of servers that have no such series, so it says that nobody was asked. */
function remarksOn({ endpoints }: Topology, isChosen: (endpoint: Endpoint) => boolean): readonly Remark[] {
  if (endpoints.length === 0)
    return [remark('warning', 'no endpoint is known, so none was asked; /-/ready says what to do')];
  if (endpoints.some(isChosen)) return [];
  return [
    remark(
      'warning',
      'no endpoint matches a selector of storeMatch[], so none was asked; ' +
        '/api/v1/stores lists the addresses (__address__) and external labels of all',
    ),
  ];
}

function routesOf(endpoints: readonly Endpoint[], enforced: EnforcedRequest, now: number): readonly Route[] {
  return endpoints
    .map((endpoint) => routeTo(endpoint, enforced, askedRange(endpoint, now)))
    .filter((route) => route !== undefined);
}

/** Undefined where no alternative can match: the external labels contradict all of them. */
function routeTo(
  endpoint: Endpoint,
  { matcherSets, enforced }: EnforcedRequest,
  within: TimeRange,
): Route | undefined {
  if (matcherSets.length === 0) return { endpoint, within, matcherSets, wanted: [] };
  const alternatives = matcherSets
    .filter((set) => canMatch(endpoint, set))
    .flatMap((set) => {
      const split = splitMatchers(set, endpoint);
      return split === undefined ? [] : [{ set, ...split }];
    });
  if (alternatives.length === 0) return undefined;
  return {
    endpoint,
    within,
    matcherSets: alternatives.map(({ sent }) => sent),
    wanted: wantedOf(endpoint, alternatives, enforced),
  };
}

/**
 * One alternative is checked for what was not sent. Several are checked as wholes, but only where series are known to
 * carry external labels themselves, since that takes longer. What the caller may see is checked in any case: a server may take no
 * notice of matchers.
 */
function wantedOf(
  endpoint: Endpoint,
  alternatives: readonly (SplitMatchers & { readonly set: readonly Matcher[] })[],
  enforced: readonly Matcher[],
): Route['wanted'] {
  const [first] = alternatives;
  if (alternatives.length === 1) {
    const checked = [...new Set([...first!.fulfilled, ...enforced])];
    return checked.length === 0 ? [] : [checked];
  }
  const areOwn = alternatives.some(({ fulfilled }) => fulfilled.some(({ name }) => carries(endpoint, name)));
  if (areOwn) return alternatives.map(({ set }) => set);
  return enforced.length === 0 ? [] : [enforced];
}

/** Whether one of the label sets of an endpoint leaves room for series that match. */
export function canMatch(endpoint: Endpoint, matchers: readonly Matcher[]): boolean {
  return labelSetsOf(endpoint).some(
    (labels) => !matchers.some((matcher) => isContradiction(matcher, labels, endpoint)),
  );
}

/**
 * Whether a series that came is one of those that were wanted: an endpoint does not see its external labels on its
 * series, so it cannot tell for all matchers.
 */
export function recheck({ wanted }: Route): (labels: Labels) => boolean {
  if (wanted.length === 0) return () => true;
  const alternatives = wanted.map((matchers) => compileMatchers(matchers));
  return alternatives.length === 1
    ? alternatives[0]!
    : (labels) => alternatives.some((matches) => matches(labels));
}
