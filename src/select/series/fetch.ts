import type { RawSeriesSet } from '../../backend/backend.ts';
import type { Topology } from '../../cluster/topology.ts';
import type { AggregateName } from '../../model/aggr-chunk.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { SiblingWatch, type SiblingGaps } from '../completeness/sibling-gaps.ts';
import type { SelectionContext } from '../context.ts';
import type { FetchedRange } from '../reading/replica-data.ts';
import { fanOut, type ShardOutcome } from '../routing/fan-out.ts';
import { planRoutes, type RoutePlan } from '../routing/route.ts';

/** What the endpoints answered to one select, not judged yet. */
export interface Fetched {
  /** The endpoints as they were known when the request was routed. */
  readonly topology: Topology;
  readonly plan: RoutePlan;
  readonly shards: readonly ShardOutcome<RawSeriesSet>[];
  readonly range: FetchedRange;
  /** How much of the range is margin, on each side; ms. */
  readonly margin: number;
  /** Where siblings of a lost endpoint do not replace it. */
  readonly gaps: SiblingGaps;
}

export interface FetchRequest extends SelectRequest {
  /**
   * Lets endpoints answer with downsampled data where `maxSourceResolution` allows it, of which these aggregates are
   * passed on. Without them all samples are raw.
   */
  readonly aggregates?: readonly AggregateName[] | undefined;
}

/** How long after its time a sample may show up at the endpoint that scraped it; ms. */
const SETTLING_MS = 120_000;

/**
 * Asks all endpoints that a select concerns. Throws `canceled` when the caller gives up.
 * @param most the margin that deduplication needs on both sides of the range, ms.
 * @param isNeeded whether series are known to come more than once; otherwise the endpoints tell.
 */
export async function fetchSeries(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  most: number,
  isNeeded: boolean,
): Promise<Fetched> {
  const { matchers, hints, aggregates } = request;
  const { maxSourceResolution } = scope.options;
  const topology = context.topology();
  const plan = planRoutes(scope, topology, { ...request, matcherSets: [matchers] });
  const margin = isNeeded || plan.shards.some((shard) => holdsReplicas(context, scope, shard)) ? most : 0;
  const minTime = request.minTime - margin;
  const maxTime = request.maxTime + margin;
  // Before endpoints are asked: what they sample while they answer is not all there.
  const completeUntil = Math.min(maxTime, context.clock.now() - SETTLING_MS);
  const watch = new SiblingWatch(context, request);
  const shards = await fanOut<RawSeriesSet>(context, scope, plan, {
    ask: (inner, route) =>
      route.endpoint.backend.select(inner, {
        matchers: route.matcherSets[0] ?? [],
        minTime,
        maxTime,
        hints: { ...hints, maxResolution: maxSourceResolution, aggregates },
      }),
    losesWithout: (inner, lost, answered) => watch.losesWithout(inner, lost, answered),
  });
  const gaps = await watch.gapsOf(scope, shards);
  return { topology, plan, shards, range: { minTime, maxTime, completeUntil }, margin, gaps };
}

/**
 * Whether a series of the shard may come more than once, so that deduplication has something to choose: from several
 * endpoints, from one that stands for several, from a store of old blocks and the server that wrote them, or where that
 * was seen before: a server that all replicas write to, or shards that have series in common.
 */
function holdsReplicas(
  { sharers }: SelectionContext,
  { options }: RequestScope,
  { routes }: RoutePlan['shards'][number],
): boolean {
  const { mergedHere } = options.replicas;
  return (
    routes.length > 1 ||
    routes.some(
      ({ endpoint }) => endpoint.protocol === 'store-api' || sharers.has(mergedHere, endpoint.backend),
    )
  );
}
