import { labelsKey } from '../../model/labels.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { Findings } from '../completeness/findings.ts';
import { firstNeeded } from '../completeness/first-needed.ts';
import { HoleWatch } from '../completeness/hole-watch.ts';
import { judgeLosses } from '../completeness/judge-losses.ts';
import { refuseIfNoneReached } from '../completeness/none-reached.ts';
import type { SelectionContext } from '../context.ts';
import { groupSeries } from '../reading/group.ts';
import { Pacer } from '../../model/pacer.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import { brokenSeries } from '../read-once/broken-series.ts';
import { hearNews, type Heard } from '../read-once/hear-news.ts';
import { learnProofs } from '../read-once/learn-proofs.ts';
import type { ReadingReason } from '../read-once/read-once.ts';
import { restOf } from '../read-once/rest-of-series.ts';
import type { Route } from '../routing/route.ts';
import { fetchSeries, fetchSiblings, type Fetched, type FetchRequest } from './fetch.ts';
import { IntervalSurvey } from './interval-survey.ts';
import { firstMargin, isExact, neededMargin } from './margin.ts';
import type { ReadContext } from './selected-series.ts';
import { findSlow, matchersFor } from './widen.ts';

/** Series that were read again, because the margin was too small for them. */
export interface Widened {
  readonly series: number;
  /** The margin of the last of these reads, ms; 0 where there was none. */
  readonly margin: number;
  /** Whether there are some left for which the margin may be too small. */
  readonly hasMore: boolean;
}

/** One select that was fetched, judged and grouped; nothing of it is decoded yet. */
export interface OpenSelect {
  readonly fetched: Fetched;
  readonly widened: Widened;
  /** See `SelectedSet.settleMs`. */
  readonly settleMs: number;
  readonly groups: SeriesGroups;
  /** What is to be said beside the answer; reading the series adds to it. */
  readonly findings: Findings;
  readonly reading: ReadContext;
}

/**
 * The one way from a request for samples to series that can be read: fan out, judge what was lost, group, and read slow
 * series again with the margin that they need. Queries, explanations and chunks for queriers above begin here, so they
 * agree on what is missing.
 * @param isExplained whether it is for an explanation, which tells what is missing, and refuses nothing.
 * @throws QueryError `unavailable` where the answer may not lack what is missing, or no endpoint can be reached; `canceled` when the
 * caller gives up.
 */
export async function openSelect(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  isExplained: boolean = false,
): Promise<OpenSelect> {
  const { replicas, dedupMode, partialResponse } = scope.options;
  const findings = new Findings(
    scope.caller,
    isExplained || partialResponse,
    new HoleWatch({ minTime: firstNeeded(request), maxTime: request.maxTime }, replicas.mergedAbove),
  );
  const fetched = await fetchSeries(
    context,
    scope,
    request,
    (plan) => firstMargin(context, scope, request.matchers, plan),
    // What a sibling was not asked for would look like a hole of it.
    !isExplained,
  );
  const { plan, shards, gaps } = fetched;
  const losses = judgeLosses(shards, plan.unknown, gaps, request);
  if (!isExplained) refuseIfNoneReached(scope.caller, shards, losses, fetched.topology);
  plan.remarks.forEach((each) => findings.add(each));
  findings.take(losses);
  findings.heard(shards);
  const grouped = async (answer: Fetched): Promise<Read> => {
    const pacer = new Pacer(scope);
    const groups = await groupSeries(answer.shards, replicas, answer.range, pacer, context.groupMemory);
    scope.budget.take(groups.bytes);
    return { fetched: answer, groups };
  };
  const first = await hearOut(context, scope, request, await grouped(fetched), grouped, findings);
  const readAgain = async (wanted: FetchRequest, margin: number): Promise<Read | undefined> => {
    // Of all replicas: nothing looks here at what one that was read alone lacks. What was computed elsewhere has no slow series.
    const alone = { ...context, readOnce: undefined, pushdown: undefined };
    const wider = await fetchSeries(alone, scope, wanted, () => neededMargin(margin));
    const isWhole = wider.shards.every(({ outcomes }) => outcomes.every(({ result }) => result.ok));
    return isWhole ? grouped(wider) : undefined;
  };
  const widened = isExact(scope) ? await widen(context, scope, request, first, readAgain) : NOT_WIDENED;
  const { func } = request.hints;
  return {
    fetched: first.fetched,
    widened,
    settleMs: settleMsOf(first.fetched, widened),
    groups: first.groups,
    findings,
    reading: { dedupMode, func, findings },
  };
}

/** What is seen beyond a range is what choices in it may depend on. Of what was computed elsewhere nobody saw how often it is scraped. */
function settleMsOf({ margin, pushed }: Fetched, { margin: wider, hasMore }: Widened): number {
  const isUnseen = pushed.size > 0 && margin.reason.kind === 'usual';
  return hasMore || isUnseen ? Infinity : Math.max(margin.ms, wider);
}

/**
 * Asks the siblings of those that spoke for them, where a series shows that it does not have all; and learns of shards that were read in
 * full what may be read once.
 */
async function hearOut(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  first: Read,
  grouped: (answer: Fetched) => Promise<Read>,
  findings: Findings,
): Promise<Read> {
  const { coverage, readOnce } = context;
  if (coverage === undefined || readOnce === undefined) return first;
  const { fetched, groups } = first;
  const { shards, spoken, range, end, plan } = fetched;
  const pacer = new Pacer(scope);
  if (isExact(scope) && coverage.groupsBy(scope.options.replicas.mergedHere)) {
    const isSpoken = new Set<readonly Route[]>(spoken.map(({ routes }) => routes));
    const inFull = shards.flatMap((shard, i) => {
      const { routes } = plan.shards[i]!;
      const before = fetched.before.get(routes);
      const isInFull = !isSpoken.has(routes) && !fetched.pushed.has(routes);
      return before !== undefined && isInFull ? [{ shard, before }] : [];
    });
    const read = { minTime: range.minTime, maxTime: end };
    await learnProofs(readOnce, (endpoints) => coverage.targetsOf(endpoints), inFull, groups, read, pacer);
  }
  if (spoken.length === 0) return first;
  const { broken, has } = await brokenSeries(
    groups,
    readOnce.targets,
    spoken,
    { ...range, maxTime: end },
    pacer,
  );
  const wanted = new Map(restOf(broken, groups, spoken, scope.options.replicas.mergedHere));
  const news = await Promise.all(spoken.map(async (shard) => hearNews(context, readOnce, shard)));
  for (const [i, shard] of spoken.entries()) {
    const heard = news[i]!;
    // What is not sent at all does not show in the series that are: of one that lost its data, none may be left.
    const isLess = (has.get(shard) ?? 0) < shard.proof.series;
    if (isLess || heard.kind === 'changed') readOnce.proofs.forget(shard.routes, range);
    readOnce.onRead(readingOf(heard, isLess || wanted.has(shard), shard.reason));
    if (isLess || heard.kind === 'changed') wanted.set(shard, []);
    // What both ask for is no single selector.
    else if (heard.kind === 'new') wanted.set(shard, wanted.has(shard) ? [] : heard.matchers);
  }
  if (wanted.size === 0) return first;
  const heard = await fetchSiblings(context, scope, request, fetched, (shard) => wanted.get(shard));
  const changed = heard.shards.filter(({ outcomes }, i) => outcomes !== shards[i]!.outcomes);
  findings.take(judgeLosses(changed, [], heard.gaps, request));
  findings.heard(changed.map(({ name, outcomes }) => ({ name, outcomes: outcomes.slice(1) })));
  scope.budget.give(groups.bytes);
  return grouped(heard);
}

function readingOf({ kind }: Heard, isBroken: boolean, reason: ReadingReason): ReadingReason {
  if (kind === 'changed') return 'once_but_changed';
  if (isBroken) return 'once_but_series';
  return kind === 'new' ? 'once_but_new' : reason;
}

interface Read {
  readonly fetched: Fetched;
  readonly groups: SeriesGroups;
}

const NOT_WIDENED: Widened = { series: 0, margin: 0, hasMore: false };

/** What a wider range shows may ask for a wider one again: of a series with few samples in it. */
const MOST_ROUNDS = 2;

/** Reads slow series again with the margin that they need. Nearly always there are none. */
async function widen(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  { fetched, groups }: Read,
  read: (request: FetchRequest, margin: number) => Promise<Read | undefined>,
): Promise<Widened> {
  const { mergedHere } = scope.options.replicas;
  if (fetched.margin.ms === 0)
    for (const { backend } of groups.sharers()) context.sharers.add(mergedHere, backend);
  const survey = new IntervalSurvey();
  let widened = NOT_WIDENED;
  let slow = await findSlow(scope, groups, fetched.margin, survey);
  for (let round = 0; slow.positions.size > 0 && round < MOST_ROUNDS; round++) {
    const open = [...slow.positions].map((position) => groups.at(position));
    const matchers = [...request.matchers, ...matchersFor(open, mergedHere, request.matchers)];
    const again = await read({ ...request, matchers }, slow.margin);
    // What the request needs is there already; without the margin choices may depend on the range, and nothing is lost.
    if (again === undefined) break;
    const wider = new Set<number>();
    const found = await positionsOf(again.groups, open, new Pacer(scope));
    for (const position of slow.positions) {
      const group = groups.at(position);
      const at = found.get(labelsKey(group.labels));
      // One that lost a replica by it is better as it was.
      if (at === undefined || !hasAll(again.groups.at(at), group)) continue;
      groups.replace(position, again.groups.at(at));
      wider.add(position);
    }
    const isPart = wider.size < slow.positions.size;
    slow = await findSlow(scope, groups, again.fetched.margin, survey, wider);
    widened = {
      series: Math.max(widened.series, wider.size),
      margin: again.fetched.margin.ms,
      hasMore: widened.hasMore || isPart,
    };
  }
  if (slow.positions.size > 0 || slow.hasUntold) widened = { ...widened, hasMore: true };
  // Of what was computed elsewhere not all series were seen.
  const seen = fetched.shards.filter((_, i) => !fetched.pushed.has(fetched.plan.shards[i]!.routes));
  const answered = seen.flatMap(({ outcomes }) => outcomes.filter(({ result }) => result.ok));
  for (const [id, interval] of survey.found(answered.map(({ route }) => route.endpoint.id)))
    context.intervals.saw(id, request.matchers, interval);
  return widened;
}

/** Where the groups with the labels of others are, by key. */
async function positionsOf(
  groups: SeriesGroups,
  wanted: readonly SeriesGroup[],
  pacer: Pacer,
): Promise<ReadonlyMap<string, number>> {
  const keys = new Set(wanted.map(({ labels }) => labelsKey(labels)));
  const found = new Map<string, number>();
  await pacer.forEach(groups.positions(), (position) => {
    const key = labelsKey(groups.labels(position));
    if (keys.has(key)) found.set(key, position);
  });
  return found;
}

function hasAll(wider: SeriesGroup, { replicas }: SeriesGroup): boolean {
  const names = new Set(wider.replicas.map(({ name }) => name));
  return replicas.every(({ name }) => names.has(name));
}
