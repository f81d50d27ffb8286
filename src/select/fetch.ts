import type { RawSeriesSet } from '../backend/backend.ts';
import type { Topology } from '../cluster/topology.ts';
import type { AggregateName } from '../model/aggr-chunk.ts';
import type { SelectRequest } from '../engine/series-source.ts';
import type { SelectionContext } from './context.ts';
import { marginOf } from './dedup-options.ts';
import { fanOut } from './fan-out.ts';
import type { ShardOutcome } from './fan-out.ts';
import { planRoutes } from './route.ts';
import type { RoutePlan } from './route.ts';
import type { SelectionOptions } from './selection.ts';
import { findSiblingGaps } from './sibling-gaps.ts';
import type { SiblingGaps } from './sibling-gaps.ts';

/** What was asked for, and how far it can be relied on; ms. */
export interface FetchedRange {
  /** Inclusive: the request's range and the margin that deduplication needs. */
  readonly minTime: number;
  readonly maxTime: number;
  /** What the endpoints sampled until then has arrived. */
  readonly completeUntil: number;
}

/** What the endpoints answered to one select, not judged yet. */
export interface Fetched {
  /** The endpoints as they were known when the request was routed. */
  readonly topology: Topology;
  readonly plan: RoutePlan;
  readonly shards: readonly ShardOutcome<RawSeriesSet>[];
  readonly range: FetchedRange;
  /** Where siblings of a lost endpoint do not replace it. */
  readonly gaps: SiblingGaps;
}

/** How long after its time a sample may show up at the endpoint that scraped it; ms. */
const SETTLING_MS = 120_000;

/**
 * Asks all endpoints that a select concerns; those that differ by `standIns` alone stand in for each other, see
 * `standInLabels`. Throws `canceled` when the caller gives up.
 */
export async function fetchSeries(
  context: SelectionContext,
  standIns: ReadonlySet<string>,
  {
    dedupMode,
    partialResponse,
    maxSourceResolution,
  }: Pick<SelectionOptions, 'dedupMode' | 'partialResponse' | 'maxSourceResolution'>,
  request: SelectRequest & { readonly aggregates?: readonly AggregateName[] | undefined },
  signal: AbortSignal,
): Promise<Fetched> {
  const { matchers, hints, aggregates } = request;
  const topology = context.topology();
  const plan = planRoutes(topology, { ...request, matcherSets: [matchers] }, standIns);
  const margin = plan.shards.some(holdsReplicas) ? marginOf(dedupMode) : 0;
  const minTime = request.minTime - margin;
  const maxTime = request.maxTime + margin;
  const shards = await fanOut<RawSeriesSet>(plan, context, signal, (route, inner) =>
    route.endpoint.backend.select(
      {
        matchers: route.matcherSets[0] ?? [],
        minTime,
        maxTime,
        hints: { ...hints, maxResolution: maxSourceResolution, aggregates },
        partialResponse,
        mergesReplicas: standIns.size > 0,
      },
      inner,
    ),
  );
  const gaps = await findSiblingGaps(shards, request, context, signal);
  const completeUntil = Math.min(maxTime, context.clock.now() - SETTLING_MS);
  return { topology, plan, shards, range: { minTime, maxTime, completeUntil }, gaps };
}

/**
 * Whether a series of the shard may come more than once, so that deduplication has something to choose: from several
 * endpoints, from one that stands for several, or from a store of old blocks and the server that wrote them.
 */
function holdsReplicas({ routes }: RoutePlan['shards'][number]): boolean {
  return routes.length > 1 || routes.some(({ endpoint }) => endpoint.protocol === 'store-api');
}
