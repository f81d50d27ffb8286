import type { RawSeriesSet } from '../../backend/backend.ts';
import type { PartialSeries, PartialsRequest, SelectRequest } from '../../engine/series-source.ts';
import { success } from '../../model/result.ts';
import type { Matcher } from '../../model/matcher.ts';
import { QueryError } from '../../model/errors.ts';
import { type RequestScope, withSignal } from '../../model/request-scope.ts';
import { partialText } from '../../plan/distribute/partial-text.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { SelectionContext } from '../context.ts';
import type { Outcome } from '../routing/ask-shard.ts';
import type { Route } from '../routing/route.ts';
import type { AroundOutage } from './around-outage.ts';
import { askPushed, type PushedParts } from './ask-pushed.ts';
import type { PushQuestion, Reading } from './push-question.ts';
import type { PushTarget, PushTargets } from './choose-pushed.ts';
import type { PushOutcome } from './pushdown.ts';

/** What a shard computed. */
export interface Computed {
  readonly parts: PushedParts;
  /** Of the endpoint that did, without series. */
  readonly outcome: Outcome<RawSeriesSet>;
  /** What is read of all replicas beside that; undefined where it is nothing. */
  readonly beside: Beside | undefined;
}

/** The series, or the steps, that a shard leaves out when it computes. */
export interface Beside {
  readonly matchers: readonly Matcher[];
  /** The steps, and what is read for them; undefined where series are left out. */
  readonly rest: AroundOutage['rest'];
}

/**
 * Lets shards compute parts of the aggregations of a request, one after the other is asked for. What comes back tells undefined for a
 * shard whose series have to be read.
 * @param reading what is needed, and what is read otherwise.
 */
export function pushing(
  context: SelectionContext,
  scope: RequestScope,
  { partials }: SelectRequest,
  {
    targets,
    reading,
  }: {
    readonly targets: (question: PushQuestion) => PushTargets;
    readonly reading: Reading;
  },
): (routes: readonly Route[]) => Promise<Computed | undefined> {
  const { pushdown, clock } = context;
  if (pushdown === undefined || partials === undefined) return async () => undefined;
  const question = { ...reading, partials };
  const chosen = targets(question);
  return async (routes) => {
    const target = chosen.get(routes)!;
    if (typeof target === 'string') {
      pushdown.passedOver(target);
      return undefined;
    }
    const key = pushKey(target, partials);
    if (pushdown.isRefused(key)) {
      pushdown.passedOver('lately');
      return undefined;
    }
    const { route, around } = target;
    const started = clock.monotonic();
    const parts =
      around === undefined
        ? await askPushed(context, scope, target, question)
        : await askAround(context, scope, target, around);
    // Who gave up learns nothing of the server.
    if (typeof parts === 'string') {
      if (!scope.signal.aborted) pushdown.end(key, parts);
      return undefined;
    }
    pushdown.end(key, 'pushed');
    const nothing = { series: new SeriesBatch(), annotations: [], bytes: 0 };
    const outcome = { route, result: success(nothing), elapsedMs: clock.monotonic() - started };
    return { parts, outcome, beside: besideOf(target) };
  };
}

function besideOf({ read, around }: PushTarget): Beside | undefined {
  if (read !== undefined) return { matchers: [read], rest: undefined };
  return around?.rest && { matchers: [], rest: around.rest };
}

/** Why nobody waits any more for parts of some steps. */
const NO_PARTS = new QueryError('canceled', 'parts of other steps did not come');

/** Asks for the parts of all steps that one computes. Where some do not come, the others are of no use. */
async function askAround(
  context: SelectionContext,
  scope: RequestScope,
  target: PushTarget,
  { computed }: AroundOutage,
): Promise<PushedParts | PushOutcome> {
  const ending = new AbortController();
  const inner = withSignal(scope, AbortSignal.any([scope.signal, ending.signal]));
  const joined: PartialSeries[][] = computed[0]!.question.partials.queries.map(() => []);
  let outcome: PushOutcome | undefined;
  await Promise.all(
    computed.map(async ({ question, spoken }) => {
      const parts = await askPushed(context, inner, { ...target, spoken }, question);
      if (typeof parts === 'string') {
        outcome ??= parts;
        ending.abort(NO_PARTS);
      } else for (const [query, groups] of parts.entries()) joined[query]!.push(...groups);
    }),
  );
  return outcome ?? joined;
}

/** Tells apart what endpoints are asked for. */
export function pushKey({ route, matchers }: PushTarget, { queries }: PartialsRequest): string {
  return [route.endpoint.id, ...queries.map((query) => partialText(query, matchers))].join('\n');
}
