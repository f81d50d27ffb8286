import type { RawSeriesSet } from '../../backend/backend.ts';
import type { Topology } from '../../cluster/topology.ts';
import type { AggregateName } from '../../model/aggr-chunk.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { SiblingWatch, type SiblingGaps } from '../completeness/sibling-gaps.ts';
import type { SelectionContext } from '../context.ts';
import { loadAhead } from '../coverage/load-ahead.ts';
import type { FetchedRange } from '../reading/replica-data.ts';
import { toWholeWindows } from '../../dedup/margin.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Margin } from './margin.ts';
import { fanOut, type ShardOutcome } from '../routing/fan-out.ts';
import { planRoutes, type RoutePlan } from '../routing/route.ts';

/** What the endpoints answered to one select, not judged yet. */
export interface Fetched {
  /** The endpoints as they were known when the request was routed. */
  readonly topology: Topology;
  readonly plan: RoutePlan;
  readonly shards: readonly ShardOutcome<RawSeriesSet>[];
  readonly range: FetchedRange;
  /** How much of the range is margin, on each side. */
  readonly margin: Margin;
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
 * @param marginOf tells the margin on both sides of the range, by who is asked.
 */
export async function fetchSeries(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  marginOf: (plan: RoutePlan) => Margin,
): Promise<Fetched> {
  const { matchers, hints, aggregates } = request;
  const { maxSourceResolution } = scope.options;
  const topology = context.topology();
  const plan = planRoutes(scope, topology, { ...request, matcherSets: [matchers] });
  const margin = marginOf(plan);
  // Before endpoints are asked: what they sample while they answer is not all there.
  const now = context.clock.now();
  const { minTime, maxTime } = withMargin(request, margin, now);
  const completeUntil = Math.min(maxTime, now - SETTLING_MS);
  const watch = new SiblingWatch(context, request);
  const shards = await fanOut<RawSeriesSet>(context, scope, plan, {
    kind: 'samples',
    bytesOf: ({ bytes }) => bytes,
    ask: async (inner, route) => {
      const result = await route.endpoint.backend.select(inner, {
        matchers: route.matcherSets[0] ?? [],
        minTime,
        maxTime,
        hints: { ...hints, maxResolution: maxSourceResolution, aggregates },
      });
      if (result.ok) inner.call?.received(result.value.series.length, result.value.bytes);
      return result;
    },
    losesWithout: (inner, lost, answered) => watch.losesWithout(inner, lost, answered),
  });
  loadAhead(context, shards, request);
  const gaps = await watch.gapsOf(scope, shards);
  return { topology, plan, shards, range: { minTime, maxTime, completeUntil }, margin, gaps };
}

/** The range with its margin, without the time that is still to come: of that nobody has samples. */
function withMargin({ minTime, maxTime }: TimeRange, { ms }: Margin, now: number): TimeRange {
  if (ms === 0) return { minTime, maxTime };
  const whole = toWholeWindows({ minTime: minTime - ms, maxTime: maxTime + ms });
  return { minTime: whole.minTime, maxTime: Math.max(maxTime, Math.min(whole.maxTime, now)) };
}
