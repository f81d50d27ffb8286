import { USUAL_LOOK_BACK_MS, type CoverageIndex } from '../../cluster/coverage/coverage-index.ts';
import type { KnownSteady } from '../../cluster/coverage/steady-memory.ts';
import { steadyWithin } from '../../cluster/coverage/steady-within.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Vitals } from '../../cluster/vitals/vitals.ts';
import { beginEach } from '../../model/begin-each.ts';
import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SelectionContext } from '../context.ts';
import type { Route, RoutePlan } from '../routing/route.ts';
import { isExact } from '../series/margin.ts';
import { matchersFor } from '../series/widen.ts';
import type { KnownOrigins, Told } from './known-origins.ts';
import { identityOf, newAtSiblings, otherOrigin, targetKey } from './new-series.ts';
import { covers, type Before, type Proof } from './proofs.ts';
import type { ReadOnce, ReadingReason } from './read-once.ts';
import { MOST_OTHERS, restOfTargets, type RestOfTargets, type RestQuestion } from './rest-of-targets.ts';

/** What one read is about; times in ms since the epoch. */
export interface OnceQuestion extends RestQuestion {
  /** When it is asked. */
  readonly now: number;
  readonly isRaw: boolean;
}

/** One replica of a shard that is read for all of them. */
export interface Spoken {
  /** The routes of the shard, as the plan has them. */
  readonly routes: readonly Route[];
  readonly speaker: Route;
  readonly siblings: readonly Route[];
  readonly known: KnownSteady;
  /** What siblings are asked for beside the matchers: targets that the speaker did not scrape all the time. Undefined where there are none. */
  readonly rest: readonly Matcher[] | undefined;
  /** Of which time they are asked for that, ms since the epoch; undefined where that is all that is read. */
  readonly restRange: TimeRange | undefined;
  /** Those targets, by labels that tell them apart from all others; none where there are none. */
  readonly others: RestOfTargets['targets'];
  /** What reading all showed. */
  readonly proof: Proof;
  /** For which range that was looked up: what is read. */
  readonly proven: TimeRange;
  /** In which state the replicas were when all were read. */
  readonly states: string;
  /**
   * What each of them tells while the speaker is read, in the order of the routes; undefined where that is what the speaker was chosen by.
   */
  readonly told: Promise<readonly (Told | undefined)[]> | undefined;
  /** The targets with new series that siblings are asked for already. */
  readonly askedFor: ReadonlySet<string>;
  /** When they were asked for that, ms by the monotonic clock. */
  readonly toldFrom: number;
  /** After so many ms without an answer the siblings are asked as well. */
  readonly patienceMs: number;
}

interface Known {
  readonly coverage: CoverageIndex;
  readonly readOnce: ReadOnce;
  readonly vitals: Vitals;
}

/** By the routes of their shard. */
export interface Speakers {
  readonly spoken: ReadonlyMap<readonly Route[], Spoken>;
  /** How the replicas of a shard were before they were asked; no entry where reading them proves nothing. */
  readonly before: ReadonlyMap<readonly Route[], Before>;
}

/** What is known of scrapes may be so much older than the end of what is read, ms: they are looked for every half a minute. */
const FRESH_MS = 90_000;
/** Replicas whose series may come from anywhere, or that do not tell, are asked that seldom whether that is still so, ms. */
const SELDOM_MS = 30_000;
/** A speaker has this many times as long as before, and this much at least, ms. */
const PATIENCE = 3;
const LEAST_PATIENCE_MS = 250;

/**
 * Finds the shards of which one replica is read for all. That is always the one which deduplication prefers, so nothing depends on
 * who is asked: reading all would choose the same samples. See `src/select/read-once/README.md` for what is proven, and what is assumed.
 */
export async function chooseSpeakers(
  context: Pick<SelectionContext, 'coverage' | 'readOnce' | 'vitals'>,
  scope: Pick<RequestScope, 'options' | 'signal' | 'caller'>,
  { shards }: RoutePlan,
  question: OnceQuestion,
): Promise<Speakers> {
  const spokenFor = new Map<readonly Route[], Spoken>();
  const before = new Map<readonly Route[], Before>();
  const speakers = { spoken: spokenFor, before };
  const { coverage, readOnce, vitals } = context;
  if (coverage === undefined || readOnce === undefined) return speakers;
  const isUsual = question.isRaw && isExact(scope) && isGroupedAsUsual(coverage, scope);
  const begun = await beginEach(scope, shards, async ({ routes }) => {
    if (routes.length < 2) return;
    const isInTime = routes.every(({ within }) => contains(within, question.range));
    const spoken =
      isUsual && isInTime
        ? await speakerOf({ coverage, readOnce, vitals }, scope, routes, question, before)
        : 'other_options';
    if (typeof spoken === 'string') readOnce.onRead(spoken);
    else spokenFor.set(routes, spoken);
  });
  await Promise.all(begun.map(({ end }) => end));
  return speakers;
}

function isGroupedAsUsual(coverage: CoverageIndex, { options }: Pick<RequestScope, 'options'>): boolean {
  const { mergedHere, mergedAbove } = options.replicas;
  return mergedAbove.size === 0 && coverage.groupsBy(mergedHere);
}

async function speakerOf(
  { coverage, readOnce, vitals }: Known,
  scope: Pick<RequestScope, 'options'>,
  routes: readonly Route[],
  question: OnceQuestion,
  before: Map<readonly Route[], Before>,
): Promise<Spoken | ReadingReason> {
  const { range, now } = question;
  const { proofs, origins, targets } = readOnce;
  if (!routes.every(({ endpoint }) => isWell(endpoint, vitals))) return 'unhealthy';
  if (routes.some(({ endpoint }) => endpoint.backend.origins === undefined)) return 'other_origins';
  const lately = routes.flatMap(({ endpoint }) => origins.last(endpoint.backend) ?? []);
  const isTold = lately.length === routes.length;
  const matchers = routes[0]!.matcherSets[0] ?? [];
  const isOther = isTold && otherOrigin(lately, matchers) !== undefined;
  const toldFrom = origins.clock.monotonic();
  const isUsable = isTold && !isOther;
  const isShared = isUsable && routes.every(({ endpoint }) => origins.isShared(endpoint.backend));
  const told = isShared ? undefined : askAll(origins, routes, isUsable ? undefined : SELDOM_MS);
  if (!isUsable) return 'other_origins';
  const states = statesOf(lately);
  before.set(routes, { states, at: origins.clock.monotonic() });
  const proof = proofs.get(routes, range);
  const speaker = routes.find(({ endpoint }) => endpoint.id === proof?.speaker);
  if (proof === undefined || speaker === undefined || proof.before.states !== states || !covers(proof, range))
    return 'unproven';
  const siblings = routes.filter((route) => route !== speaker);
  const endpoints = [speaker, ...siblings].map(({ endpoint }) => endpoint);
  const end = Math.min(range.maxTime, now);
  const read = { minTime: range.minTime, maxTime: end };
  const widely = await knownSteady(coverage, endpoints, read);
  if (widely === undefined) return 'unknown_scrapes';
  const known = { ...widely, steady: steadyWithin(widely.steady, read) };
  const missed = restOfTargets(known, matchers, question);
  if (missed === 'many') return 'many_holes';
  const isKnown = (up: Labels): boolean => targets.knows(up, known.targets);
  const fresh = newAtSiblings(
    lately.filter((_, i) => routes[i] !== speaker),
    matchers,
    isKnown,
    MOST_OTHERS,
  );
  if (fresh === 'many') return 'many_new';
  const rest = withNew(missed, fresh);
  if (rest === 'many') return 'many_holes';
  return {
    routes,
    speaker,
    siblings,
    known,
    rest: matchersOf(rest.targets, scope.options.replicas.mergedHere),
    restRange: rest.range,
    others: rest.targets,
    proof,
    proven: range,
    states,
    told,
    toldFrom,
    askedFor: new Set(fresh.map((labels) => targetKey(labels))),
    patienceMs: Math.max(LEAST_PATIENCE_MS, PATIENCE * proof.elapsedMs),
  };
}

/** Siblings are asked for targets with new series as well, of all that is read. These are known by two labels alone. */
function withNew(missed: RestOfTargets, fresh: readonly Labels[]): RestOfTargets | 'many' {
  if (fresh.length === 0) return missed;
  const { targets } = missed;
  if (targets === 'all') return 'many';
  return { targets: [...targets.map((labels) => identityOf(labels)), ...fresh], range: undefined };
}

/** Matchers of targets; undefined where there are none. */
function matchersOf(
  targets: RestOfTargets['targets'],
  merged: ReadonlySet<string>,
): readonly Matcher[] | undefined {
  if (targets === 'all') return [];
  if (targets.length === 0) return undefined;
  return matchersFor(
    targets.map((labels) => ({ labels })),
    merged,
    [],
  );
}

/** It may not be waited for; who waits hears of what it throws. */
function askAll(
  origins: KnownOrigins,
  routes: readonly Route[],
  sharedMs: number | undefined,
): NonNullable<Spoken['told']> {
  const told = Promise.all(routes.map(async ({ endpoint }) => origins.now(endpoint.backend, sharedMs)));
  told.catch(() => undefined);
  return told;
}

/** In which state replicas are, as one text; in the order of their routes. */
export function statesOf(told: readonly Told[]): string {
  return told.map(({ news }) => news.state).join('\n');
}

async function knownSteady(
  coverage: CoverageIndex,
  endpoints: readonly Endpoint[],
  range: TimeRange,
): Promise<KnownSteady | undefined> {
  if (range.maxTime - range.minTime > USUAL_LOOK_BACK_MS) return undefined;
  const isFresh = (endpoint: Endpoint): boolean =>
    coverage.standing(endpoint, 0).until >= range.maxTime - FRESH_MS;
  if (!endpoints.every(isFresh)) return undefined;
  const known = await coverage.steady.of(endpoints, range);
  // What is read now serves the next query.
  if (known === undefined) for (const endpoint of endpoints) coverage.loadAhead(endpoint, range);
  return known;
}

export function contains(outer: TimeRange, { minTime, maxTime }: TimeRange): boolean {
  return outer.minTime <= minTime && outer.maxTime >= maxTime;
}

export function isWell({ backend, health, replication }: Endpoint, vitals: Vitals): boolean {
  const isUp = health.kind === 'up' && health.isSuspect !== true && vitals.of(backend).state === 'closed';
  return isUp && replication !== 'disjoint';
}
