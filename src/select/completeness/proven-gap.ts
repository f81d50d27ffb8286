import { OUTAGE_SCRAPES } from '../../cluster/coverage/compare-replicas.ts';
import { USUAL_LOOK_BACK_MS, type CoverageIndex } from '../../cluster/coverage/coverage-index.ts';
import type { GivenUp } from '../../cluster/coverage/given-up.ts';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Matcher } from '../../model/matcher.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { success, type Result } from '../../model/result.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { loaded, refreshed } from '../coverage/await-reads.ts';

/** A time at which none of the siblings of a lost endpoint has what that has; ms since the epoch, both ends exclusive. */
export interface CommonGap {
  readonly from: number;
  readonly to: number;
  /** False where their data only begin behind it, as those of the lost one may, too. */
  readonly isOutage: boolean;
  /** How many targets they lack; absent where they were not running. */
  readonly targets?: number | undefined;
  /** How many further such times there are in the range; absent where there is none, or it is not known. */
  readonly more?: number | undefined;
}

/** What keeps the siblings from replacing a lost endpoint for the whole of a range; undefined if nothing does. */
export type SiblingGap = Result<CommonGap | undefined, BackendFailure>;

/** What a lost endpoint is judged by. */
export interface LostReplica {
  readonly lost: Endpoint;
  /** Those that answered and may replace it. */
  readonly siblings: readonly Endpoint[];
  /** Whether they scrape its targets now, so that this is not to be proven. */
  readonly isSame: boolean;
  readonly matchers: readonly Matcher[];
  readonly range: TimeRange;
  /** What is missing until this time and not later does not matter: newer samples are there; ms since the epoch. */
  readonly neededFrom: number;
}

/** What was read of siblings may be so much older than what is asked for, ms. */
const FRESH_MS = 30_000;
/** A target that was scraped so long ago counts as one of now, ms: as long as Prometheus' own lookback. */
const STILL_THERE_MS = 300_000;
const NOTHING_GIVEN_UP: GivenUp = { targets: 0, from: Infinity };

/**
 * What keeps siblings from replacing a lost endpoint, by what is known of the scrapes of the queried time: what the lost one had and
 * none of them has, for the targets that the matchers can match; and behind its last scrapes, when none of the siblings scraped at all,
 * unless it scraped nothing either by then.
 * @param before whether the siblings had targets before a time, which is asked where nothing else tells.
 * @returns undefined where that is not known.
 */
export async function provenGap(
  coverage: CoverageIndex,
  scope: RequestScope,
  replica: LostReplica,
  now: number,
  before: (time: number) => Promise<Result<boolean, BackendFailure>>,
): Promise<SiblingGap | undefined> {
  const { lost, siblings, isSame, range, neededFrom } = replica;
  if (range.maxTime - range.minTime > USUAL_LOOK_BACK_MS) return undefined;
  const needed = { minTime: range.minTime, maxTime: Math.min(range.maxTime, now) };
  const known = coverage.standing(lost, 0).until;
  // What it scrapes since then is not known. Where it scraped their targets a moment ago, it still does.
  const isRecent = needed.maxTime - known <= STILL_THERE_MS;
  const lately = { minTime: known - STILL_THERE_MS, maxTime: known };
  const wasIdle = needed.maxTime > known && areIdle(coverage, [lost], lately);
  if (!isSame && !isRecent && !wasIdle) return undefined;
  await refreshed(coverage, scope, siblings, needed.maxTime - FRESH_MS);
  await loaded(coverage, scope, siblings, needed);
  // One that went away since then and came back would not show.
  const isFresh = (each: Endpoint): boolean => coverage.standing(each, 0).until >= needed.maxTime - FRESH_MS;
  if (!siblings.every(isFresh)) return undefined;
  const until = Math.min(needed.maxTime, known);
  const had =
    known > needed.minTime
      ? await lostAlone(coverage, scope, replica, { ...needed, maxTime: until })
      : undefined;
  if (had !== undefined && had !== 'nothing') return isSame ? success(had) : undefined;
  if (!isSame && had !== 'nothing') return undefined;
  // Servers that scraped nothing before one of them was lost, and do not now, have come to rest together.
  if (wasIdle && areIdle(coverage, siblings, { ...lately, maxTime: needed.maxTime })) {
    const all = { ...lately, minTime: Math.min(needed.minTime, lately.minTime) };
    if (had === 'nothing' || areIdle(coverage, [lost], all)) return success(undefined);
  }
  if (!isSame && !isRecent) return undefined;
  const rest = { minTime: had === undefined ? needed.minTime : until, maxTime: needed.maxTime };
  if (rest.maxTime <= rest.minTime) return success(undefined);
  // Where nothing is known of the lost one, what it scrapes now is all that tells.
  const gaveUp = known === -Infinity ? NOTHING_GIVEN_UP : await siblingsGaveUp(coverage, scope, replica);
  if (gaveUp === undefined || (gaveUp.targets > 0 && !isSame)) return undefined;
  if (gaveUp.targets > 0)
    return success({
      from: Math.max(gaveUp.from, needed.minTime),
      to: needed.maxTime,
      isOutage: true,
      targets: gaveUp.targets,
    });
  const away = coverage.away(siblings, rest);
  if (away === undefined) return undefined;
  const mattering = away.filter(({ to }) => to > neededFrom);
  for (const [i, { from, to, isFirst }] of mattering.entries()) {
    if (!isFirst) return success({ from, to, isOutage: true, ...others(mattering.length - 1 - i) });
    const were = await before(from);
    if (!were.ok) return were;
    // Without any scrape, it is no server that scrapes, and is taken at its word.
    if (!were.value && to === rest.maxTime) return success(undefined);
    return success({ from, to, isOutage: were.value });
  }
  return success(undefined);
}

/** Whether it is known that endpoints scraped nothing at all in a range. */
function areIdle(
  coverage: CoverageIndex,
  endpoints: readonly Endpoint[],
  { minTime, maxTime }: TimeRange,
): boolean {
  // What is behind the newest refresh is not known; it is short enough.
  const away = coverage.away(endpoints, { minTime, maxTime });
  return away?.some(({ from, to }) => from <= minTime && to >= maxTime - FRESH_MS) === true;
}

/** What the lost endpoint has and none of its siblings; undefined where that is not known of all targets. */
async function lostAlone(
  coverage: CoverageIndex,
  scope: RequestScope,
  { lost, siblings, isSame, matchers, neededFrom }: LostReplica,
  { minTime, maxTime }: TimeRange,
): Promise<CommonGap | 'nothing' | undefined> {
  if (isSame && (await coverage.nothingLost.in(lost, siblings, { minTime, maxTime }, OUTAGE_SCRAPES)))
    return 'nothing';
  const pacer = new Pacer(scope);
  const ask = (isWanted?: (targets: TargetTable) => (target: number) => boolean) =>
    coverage.compare(
      [lost, ...siblings],
      (targets) => ({ from: minTime, to: maxTime, missed: OUTAGE_SCRAPES, isWanted: isWanted?.(targets) }),
      pacer,
    );
  let answer = await ask((targets) => wantedTargets(targets, matchers));
  // What belongs to no target is there while its server is.
  if (answer.kind === 'compared' && answer.comparison.targets === 0) answer = await ask();
  if (answer.kind === 'unknown') return undefined;
  const { comparison } = answer;
  const [standing, ...rest] = comparison.replicas;
  if (comparison.unproven > 0 || standing!.scraped === 0) return undefined;
  // A few scrapes count for nothing, and of a server that has just begun there are no more. So one of the others must have had all of
  // the targets, where nothing else says that they are the same.
  if (!isSame && !rest.some(({ scraped }) => scraped === comparison.targets)) return undefined;
  const [first, ...further] = standing!.alone.list().filter(({ to }) => to > neededFrom);
  if (first === undefined) return 'nothing';
  const isAway = first.kind === 'away' && first.targets === comparison.targets;
  return {
    from: Math.max(first.from, minTime),
    to: Math.min(first.to, maxTime),
    isOutage: true,
    targets: isAway ? undefined : first.targets,
    ...others(further.length),
  };
}

/** What siblings had given up when the lost endpoint still scraped it: that they run does not replace it. */
async function siblingsGaveUp(
  coverage: CoverageIndex,
  scope: RequestScope,
  { lost, siblings, matchers }: LostReplica,
): Promise<GivenUp | undefined> {
  if (await coverage.nothingLost.since(lost, siblings)) return NOTHING_GIVEN_UP;
  return coverage.givenUp(
    [lost, ...siblings],
    (targets) => wantedTargets(targets, matchers),
    new Pacer(scope),
  );
}

function others(count: number): Pick<CommonGap, 'more'> {
  return count > 0 ? { more: count } : {};
}
