import type { BackendFailure } from '../backend/backend.ts';
import { coverOf } from '../cluster/redundancy.ts';
import type { Endpoint } from '../cluster/topology.ts';
import { success, type Result } from '../model/result.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import type { ShardOutcome } from './fan-out.ts';
import type { TimeRange } from '../model/time-range.ts';
import { hadTargets, readWitnesses, type WitnessContext } from './read-witnesses.ts';
import { findGaps } from './witness-gap.ts';

/** A time at which none of the siblings of a lost endpoint was running; ms since the epoch, both ends exclusive. */
export interface CommonGap {
  readonly from: number;
  readonly to: number;
  /** False where their data only begin behind it, as those of the lost one may, too. */
  readonly isOutage: boolean;
}

/** What keeps the siblings from replacing a lost endpoint for the whole of a range; undefined if nothing does. */
export type SiblingGap = Result<CommonGap | undefined, BackendFailure>;

/** By lost endpoint; of those alone that siblings replace. */
export type SiblingGaps = ReadonlyMap<Endpoint, SiblingGap>;

/** How much more than the range is read, ms, so that there are neighbours enough to tell the interval. */
const MARGIN_MS = 600_000;

/**
 * A sibling that scrapes the same targets replaces a lost endpoint only while it was running itself. Looks, for each
 * endpoint that failed and is said to be replaced, for a time in the range at which none of those that replace it was:
 * in samples of `up`, which a server writes for every target, reachable or not, as long as it runs.
 */
export async function findSiblingGaps(
  shards: readonly ShardOutcome<unknown>[],
  range: TimeRange,
  context: WitnessContext,
  signal: AbortSignal,
): Promise<SiblingGaps> {
  const gaps = new Map<Endpoint, SiblingGap>();
  const looks = shards.flatMap(({ outcomes }) => {
    const answered = outcomes.filter(({ result }) => result.ok).map(({ route }) => route.endpoint);
    const lost = outcomes.filter(({ result }) => !result.ok).map(({ route }) => route.endpoint);
    return lost.map(async (endpoint) => {
      const siblings = answered.filter((other) => coverOf(endpoint, [other]).kind === 'full');
      if (siblings.length === 0) return;
      gaps.set(endpoint, await commonGap(siblings, range, context, signal));
    });
  });
  await Promise.all(looks);
  return gaps;
}

/** The first gap that all of the siblings have in common. Those without targets can not tell and are taken at their word. */
async function commonGap(
  siblings: readonly Endpoint[],
  { minTime, maxTime }: TimeRange,
  context: WitnessContext,
  signal: AbortSignal,
): Promise<SiblingGap> {
  if (siblings.some(({ witnesses = [] }) => witnesses.length === 0)) return success(undefined);
  const now = context.clock.now();
  const read = { minTime: minTime - MARGIN_MS, maxTime: Math.min(maxTime + MARGIN_MS, now) };
  const samples: SampleColumns[] = [];
  for (const answer of await Promise.all(
    siblings.map(async (sibling) => readWitnesses(sibling, read, context, signal)),
  )) {
    if (!answer.ok) return answer;
    samples.push(...answer.value);
  }
  let beforeAll: CommonGap | undefined;
  for (const { from, to, isProven } of findGaps(samples, minTime, Math.min(maxTime, now))) {
    if (isProven) return success({ from, to, isOutage: true });
    const inside = await anyHadTargets(siblings, { minTime: from + 1, maxTime: to - 1 }, context, signal);
    if (!inside.ok) return inside;
    if (inside.value) continue;
    const before = await anyHadTargets(siblings, { minTime: 0, maxTime: from }, context, signal);
    if (!before.ok) return before;
    if (before.value) return success({ from, to, isOutage: true });
    beforeAll = { from, to, isOutage: false };
  }
  return success(beforeAll);
}

async function anyHadTargets(
  siblings: readonly Endpoint[],
  range: TimeRange,
  context: WitnessContext,
  signal: AbortSignal,
): Promise<Result<boolean, BackendFailure>> {
  const answers = await Promise.all(
    siblings.map(async (sibling) => hadTargets(sibling, range, context, signal)),
  );
  return answers.find((answer) => !answer.ok) ?? success(answers.some((answer) => answer.ok && answer.value));
}
