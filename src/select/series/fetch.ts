import { isIncomplete, type Answered } from '../../backend/answered.ts';
import type { BackendSelect, RawSeriesSet } from '../../backend/backend.ts';
import { common, overlaps } from '../../cluster/time-ranges.ts';
import type { Endpoint, Topology } from '../../cluster/topology.ts';
import type { AggregateName } from '../../model/aggr-chunk.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { SiblingWatch, type SiblingGaps } from '../completeness/sibling-gaps.ts';
import type { SelectionContext } from '../context.ts';
import { loadAhead } from '../coverage/load-ahead.ts';
import type { FetchedRange } from '../reading/replica-data.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { type Margin, USUAL_MARGIN, withMargin } from './margin.ts';
import { askSpeaker } from '../read-once/ask-speaker.ts';
import { chooseSpeakers, type Speakers, type Spoken } from '../read-once/choose-speakers.ts';
import { tookSoLong } from '../read-once/proofs.ts';
import type { ReadingReason } from '../read-once/read-once.ts';
import { askShard, type Call, type Outcome } from '../routing/ask-shard.ts';
import { withSums } from '../routing/call-endpoint.ts';
import { fanOut, type ShardOutcome } from '../routing/fan-out.ts';
import { planRoutes, type Route, type RoutePlan } from '../routing/route.ts';
import { choosePushed } from '../pushdown/choose-pushed.ts';
import { readingOf } from '../pushdown/push-question.ts';
import { type Computed, pushing } from '../pushdown/push-shards.ts';

/** What the endpoints answered to one select, not judged yet. */
export interface Fetched {
  /** The endpoints as they were known when the request was routed. */
  readonly topology: Topology;
  readonly plan: RoutePlan;
  readonly shards: readonly ShardOutcome<RawSeriesSet>[];
  readonly range: FetchedRange;
  /** How much of the range is margin, on each side. */
  readonly margin: Margin;
  /** The last time of which samples may be there, ms since the epoch: of the range, or when it was asked. */
  readonly end: number;
  /** When it was asked, ms since the epoch. */
  readonly now: number;
  /** Where siblings of a lost endpoint do not replace it. */
  readonly gaps: SiblingGaps;
  /** Shards of which one replica was read for all. */
  readonly spoken: readonly SpokenShard[];
  /** How the replicas of each shard were before they were asked, where that is known. */
  readonly before: Speakers['before'];
  /** What shards computed of the aggregations of the request, in the place of their series. */
  readonly pushed: ReadonlyMap<readonly Route[], Computed>;
}

export interface SpokenShard extends Spoken {
  readonly reason: ReadingReason;
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
 * @param asksParts whether siblings may be asked for a part of the range.
 */
export async function fetchSeries(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  marginOf: (plan: RoutePlan) => Margin,
  asksParts = true,
): Promise<Fetched> {
  const { matchers, hints, aggregates } = request;
  const { maxSourceResolution } = scope.options;
  const topology = context.topology();
  // Before endpoints are asked: what they sample while they answer is not all there.
  const now = context.clock.now();
  const planFor = (range: TimeRange): RoutePlan =>
    planRoutes(scope, topology, { ...range, matcherSets: [matchers] }, now);
  // Who holds samples of the margin alone has a part in the choices as well.
  const likely = withMargin(request, USUAL_MARGIN.ms, now);
  const likelyPlan = planFor(likely);
  const margin = marginOf(likelyPlan);
  const { minTime, maxTime } = withMargin(request, margin.ms, now);
  const isAsLikely = topology.endpoints.every(
    (each) => overlaps(each, likely, now) === overlaps(each, { minTime, maxTime }, now),
  );
  const plan = isAsLikely ? likelyPlan : planFor({ minTime, maxTime });
  const completeUntil = Math.min(maxTime, now - SETTLING_MS);
  const reading = readingOf(request, { range: { minTime, maxTime }, margin, now });
  const { spoken: speakers, before } = await chooseSpeakers(context, scope, plan, {
    ...reading,
    isRaw: aggregates === undefined,
  });
  const watch = new SiblingWatch(context, request);
  const spoken: SpokenShard[] = [];
  const pushed = new Map<readonly Route[], Computed>();
  const push = pushing(context, scope, request, {
    targets: (question) => choosePushed(context, scope, plan, { spoken: speakers }, question),
    reading,
  });
  const read = { minTime, maxTime, hints: { ...hints, maxResolution: maxSourceResolution, aggregates } };
  const ask = askingFor(context, now);
  const call = callFor(read, watch, ask);
  const own = callFor(read, watch, askAlone);
  const asked = await fanOut<RawSeriesSet>(context, scope, plan, call, async (routes) => {
    const computed = await push(routes);
    if (computed !== undefined) {
      pushed.set(routes, computed);
      const { outcome, beside } = computed;
      if (beside === undefined) return [outcome];
      const call = callFor({ ...read, ...beside.rest?.range }, watch, ask, beside.matchers);
      return askShard(context, scope, routes, call);
    }
    const shard = speakers.get(routes);
    // A proof is of what its replicas have now, and no read that began before shows that.
    if (shard === undefined) return askShard(context, scope, routes, before.has(routes) ? own : call);
    const { outcomes, reason } = await askSpeaker(
      context,
      scope,
      shard,
      call,
      callFor({ ...read, ...(asksParts ? shard.restRange : undefined) }, watch, ask, shard.rest),
    );
    const took = outcomes.find(({ route }) => route === shard.speaker)?.elapsedMs;
    tookSoLong(shard.proof, took ?? 0);
    if (reason === 'not_answered') context.readOnce?.onRead(reason);
    else spoken.push({ ...shard, reason });
    return outcomes;
  });
  const shards = asked.map((shard) => withoutIdle(shard, request, now));
  loadAhead(context, shards, request);
  const gaps = await watch.gapsOf(scope, shards);
  const range = { minTime, maxTime, completeUntil };
  return {
    topology,
    plan,
    shards,
    range,
    end: Math.min(maxTime, now),
    now,
    margin,
    gaps,
    spoken,
    before,
    pushed,
  };
}

/**
 * Asks the siblings of speakers after all, and puts what they answer beside what was there.
 * @param matchersOf what to add for a shard; undefined where its siblings are not needed.
 */
export async function fetchSiblings(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  fetched: Fetched,
  matchersOf: (shard: SpokenShard) => readonly Matcher[] | undefined,
): Promise<Fetched> {
  const { minTime, maxTime } = fetched.range;
  const watch = new SiblingWatch(context, request);
  const ask = askingFor(context, fetched.now);
  const shards = await fanOut<RawSeriesSet>(
    context,
    scope,
    fetched.plan,
    callFor({ minTime, maxTime, hints: request.hints }, watch, ask),
    async (routes) => {
      const before = fetched.shards[fetched.plan.shards.findIndex((shard) => shard.routes === routes)]!;
      const shard = fetched.spoken.find((each) => each.routes === routes);
      const more = shard && matchersOf(shard);
      if (shard === undefined || more === undefined) return before.outcomes;
      const call = callFor({ minTime, maxTime, hints: request.hints }, watch, ask, more);
      const spoken = before.outcomes.find(({ route }) => route === shard.speaker);
      // One that is slow is given up where that lacks nothing.
      return askShard(context, scope, [shard.speaker, ...shard.siblings], {
        ...call,
        before: (route) => (route === shard.speaker ? spoken : undefined),
      });
    },
  );
  return { ...fetched, shards, gaps: await watch.gapsOf(scope, shards) };
}

/** An endpoint that holds samples of the margin alone is no loss: nothing that is needed is missing with it. */
function withoutIdle<T>(
  { name, outcomes }: ShardOutcome<T>,
  { minTime, maxTime }: TimeRange,
  now: number,
): ShardOutcome<T> {
  const isNeeded = ({ route, result }: Outcome<T>): boolean =>
    result.ok || overlaps(route.endpoint, { minTime, maxTime }, now);
  return outcomes.every(isNeeded) ? { name, outcomes } : { name, outcomes: outcomes.filter(isNeeded) };
}

type AskSamples = (
  scope: RequestScope,
  backend: Endpoint['backend'],
  request: BackendSelect,
) => Answered<RawSeriesSet>;

/** Has equal reads of what does not change any more asked for once, and others where that is wanted. */
function askingFor({ sharedReads, joinsEqual }: SelectionContext, now: number): AskSamples {
  return async (scope, backend, request) => {
    const isUntilNow = request.maxTime >= now;
    const isShared = isUntilNow ? joinsEqual?.() === true : request.maxTime <= now - SETTLING_MS;
    const read = async (): Answered<RawSeriesSet> => askAlone(scope, backend, request);
    return isShared ? sharedReads.read(scope, { backend, request, isUntilNow }, read) : read();
  };
}

const askAlone: AskSamples = async (scope, backend, request) =>
  withSums(scope, backend.select(scope, request));

/** How an endpoint is asked for samples. @param more matchers beside those of its route. */
function callFor(
  read: Omit<BackendSelect, 'matchers'>,
  watch: SiblingWatch,
  ask: AskSamples,
  more: readonly Matcher[] = [],
): Call<RawSeriesSet> {
  return {
    kind: 'samples',
    bytesOf: ({ bytes }) => bytes,
    isJoined: ({ isJoined }) => isJoined === true,
    lacks: isIncomplete,
    ask: async (inner, { endpoint, within, matcherSets }) => {
      const matchers = [...(matcherSets[0] ?? []), ...more];
      const request = { ...read, ...common(read, within), matchers };
      return ask(inner, endpoint.backend, request);
    },
    losesWithout: (inner, lost, answered) => watch.losesWithout(inner, lost, answered),
  };
}
