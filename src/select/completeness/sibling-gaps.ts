import { isIncomplete, type EndpointNote } from '../../backend/answered.ts';
import { coverOf } from '../../cluster/redundancy.ts';
import { askedRange, common } from '../../cluster/time-ranges.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { success, type Result } from '../../model/result.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import type { Outcome } from '../routing/ask-shard.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import { findGaps } from './gaps.ts';
import { firstNeeded } from './first-needed.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { CallContext } from '../routing/call-endpoint.ts';
import type { SelectionContext } from '../context.ts';
import { provenGap, type CommonGap, type SiblingGap } from './proven-gap.ts';
import { hadTargets, readWitnesses } from './read-witnesses.ts';

/** Of an answer, what comes beside it is all that counts here. */
export interface Noted {
  readonly annotations: readonly EndpointNote[];
}

/**
 * Those that may stand in for an endpoint that failed, or for one whose answer lacks something. For the latter, answers that lack
 * something themselves do not count.
 */
export function standInsOf(
  { result: lost }: Outcome<Noted>,
  outcomes: readonly Outcome<Noted>[],
): readonly Endpoint[] {
  return outcomes.flatMap(({ route, result }) =>
    result.ok && (!lost.ok || !isIncomplete(result.value)) ? [route.endpoint] : [],
  );
}

/** By lost endpoint; of those alone whose targets siblings scrape, or scraped at the queried time. */
export type SiblingGaps = ReadonlyMap<Endpoint, SiblingGap>;

/** How much more than the range is read, ms, so that there are neighbours enough to tell the interval. */
const MARGIN_MS = 600_000;

/**
 * A sibling that scrapes the same targets replaces a lost endpoint only while it was running itself. Looks for a time in
 * the range of a request at which none of those that replace it was: in samples of `up`, which a server writes for every
 * target, reachable or not, as long as it runs. The index of scrapes tells; where it does not know, a few of these series are
 * read. The same question is asked once.
 */
export class SiblingWatch {
  readonly #context: GapContext;
  readonly #request: GapRequest;
  readonly #asked = new Map<string, Promise<SiblingGap | undefined>>();

  constructor(context: GapContext, request: GapRequest) {
    this.#context = context;
    this.#request = request;
  }

  /** The gaps behind all endpoints that failed, or say that their answers lack something, and are said to be replaced. */
  async gapsOf(scope: RequestScope, shards: readonly ShardOutcome<Noted>[]): Promise<SiblingGaps> {
    const gaps = new Map<Endpoint, SiblingGap>();
    const looks = shards.flatMap(({ outcomes }) =>
      outcomes
        .filter(({ result }) => !result.ok || isIncomplete(result.value))
        .map(async (lost) => {
          const { endpoint } = lost.route;
          const gap = await this.#gapBehind(scope, endpoint, standInsOf(lost, outcomes));
          if (gap !== undefined) gaps.set(endpoint, gap);
        }),
    );
    await Promise.all(looks);
    return gaps;
  }

  /** Whether the range would lack something without an endpoint. */
  async losesWithout(scope: RequestScope, lost: Endpoint, answered: readonly Endpoint[]): Promise<boolean> {
    const gap = await this.#gapBehind(scope, lost, answered);
    return gap === undefined || !gap.ok || gap.value?.isOutage === true;
  }

  /** Undefined where no sibling replaces the endpoint. */
  async #gapBehind(
    scope: RequestScope,
    lost: Endpoint,
    answered: readonly Endpoint[],
  ): Promise<SiblingGap | undefined> {
    const same = answered.filter((other) => coverOf(lost, [other]).kind === 'full');
    const siblings = same.length > 0 || lost.replication === 'disjoint' ? same : answered;
    if (siblings.length === 0) return undefined;
    const isSame = same.length > 0;
    const key = [isSame, lost.id, ...siblings.map(({ id }) => id).sort()].join('\n');
    const known = this.#asked.get(key) ?? this.#look(scope, lost, siblings, isSame);
    this.#asked.set(key, known);
    return known;
  }

  async #look(
    scope: RequestScope,
    lost: Endpoint,
    siblings: readonly Endpoint[],
    isSame: boolean,
  ): Promise<SiblingGap | undefined> {
    const { coverage, clock } = this.#context;
    const { matchers } = this.#request;
    // All endpoints of a shard are asked for the same times.
    const range = common(this.#request, askedRange(lost, clock.now()));
    if (range.minTime > range.maxTime) return success(undefined);
    // Of one that is asked for earlier times alone, the newest sample is the last of these.
    const neededFrom = Math.max(range.minTime, Math.min(firstNeeded(this.#request), range.maxTime));
    if (coverage !== undefined) {
      const replica = { lost, siblings, isSame, matchers, range, neededFrom };
      const gap = await provenGap(coverage, scope, replica, clock.now(), (time) =>
        anyHadTargets(this.#context, scope, siblings, { minTime: 0, maxTime: time }),
      );
      if (gap !== undefined) return gap;
    }
    return isSame ? commonGap(this.#context, scope, siblings, { ...range, minTime: neededFrom }) : undefined;
  }
}

type GapContext = CallContext & Pick<SelectionContext, 'coverage'>;

/** What was asked when the endpoint was lost. */
type GapRequest = TimeRange & Pick<SelectRequest, 'matchers' | 'lookback'>;

/** The first gap that all of the siblings have in common. Those without targets cannot tell and are taken at their word. */
async function commonGap(
  context: CallContext,
  scope: RequestScope,
  siblings: readonly Endpoint[],
  { minTime, maxTime }: TimeRange,
): Promise<SiblingGap> {
  if (siblings.some(({ witnesses = [] }) => witnesses.length === 0)) return success(undefined);
  const now = context.clock.now();
  const read = { minTime: minTime - MARGIN_MS, maxTime: Math.min(maxTime + MARGIN_MS, now) };
  const samples: SampleColumns[] = [];
  for (const answer of await Promise.all(
    siblings.map(async (sibling) => readWitnesses(context, scope, sibling, read)),
  )) {
    if (!answer.ok) return answer;
    samples.push(...answer.value);
  }
  let beforeAll: CommonGap | undefined;
  for (const { from, to, isProven } of findGaps(samples, minTime, Math.min(maxTime, now))) {
    if (isProven) return success({ from, to, isOutage: true });
    const inside = await anyHadTargets(context, scope, siblings, { minTime: from + 1, maxTime: to - 1 });
    if (!inside.ok) return inside;
    if (inside.value) continue;
    const before = await anyHadTargets(context, scope, siblings, { minTime: 0, maxTime: from });
    if (!before.ok) return before;
    if (before.value) return success({ from, to, isOutage: true });
    beforeAll = { from, to, isOutage: false };
  }
  return success(beforeAll);
}

async function anyHadTargets(
  context: CallContext,
  scope: RequestScope,
  siblings: readonly Endpoint[],
  range: TimeRange,
): Promise<Result<boolean, BackendFailure>> {
  const answers = await Promise.all(
    siblings.map(async (sibling) => hadTargets(context, scope, sibling, range)),
  );
  return answers.find((answer) => !answer.ok) ?? success(answers.some((answer) => answer.ok && answer.value));
}
