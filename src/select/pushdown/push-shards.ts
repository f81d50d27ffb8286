import type { RawSeriesSet } from '../../backend/backend.ts';
import type { PartialSeries, PartialsRequest, SelectRequest, StepRange } from '../../engine/series-source.ts';
import { success } from '../../model/result.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { partialText } from '../../plan/distribute/partial-text.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { SelectionContext } from '../context.ts';
import type { Outcome } from '../routing/ask-shard.ts';
import type { Route } from '../routing/route.ts';
import type { AroundOutage } from './around-outage.ts';
import { askPushed, type PushedParts } from './ask-pushed.ts';
import type { PushQuestion } from './push-question.ts';
import type { PushTarget, PushTargets } from './choose-pushed.ts';
import type { PushOutcome } from './pushdown.ts';

/** What a shard computed. */
export interface Computed {
  readonly parts: PushedParts;
  /** Of the endpoint that did, without series. */
  readonly outcome: Outcome<RawSeriesSet>;
  /** The steps that it left out; undefined where there are none. */
  readonly rest: StepRange | undefined;
}

/** A shard that was asked to compute. */
export interface AskedShard {
  /** What is read of all replicas beside what it computes; undefined where that is nothing. */
  readonly beside: Beside | undefined;
  /** Undefined where its series have to be read. */
  readonly computed: Promise<Computed | undefined>;
}

/** The series, or the time, that a shard leaves out when it computes. */
export interface Beside {
  readonly matchers: readonly Matcher[];
  /** ms since the epoch; undefined where that is all that is read. */
  readonly range: TimeRange | undefined;
}

/**
 * Lets shards compute parts of the aggregations of a request, one after the other is asked for. What comes back is undefined for a shard
 * that is not asked, since its series have to be read.
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
    readonly reading: Omit<PushQuestion, 'partials'>;
  },
): (routes: readonly Route[]) => AskedShard | undefined {
  const { pushdown, clock } = context;
  if (pushdown === undefined || partials === undefined) return () => undefined;
  const question = { ...reading, partials };
  const chosen = targets(question);
  const compute = async (target: PushTarget, key: string): Promise<Computed | undefined> => {
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
    return { parts, outcome, rest: around?.steps };
  };
  return (routes) => {
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
    return { beside: besideOf(target), computed: compute(target, key) };
  };
}

function besideOf({ read, around }: PushTarget): Beside | undefined {
  if (read === undefined && around === undefined) return undefined;
  return { matchers: read === undefined ? [] : [read], range: around?.read };
}

/** Asks for the parts of all steps that one computes. */
async function askAround(
  context: SelectionContext,
  scope: RequestScope,
  target: PushTarget,
  { computed }: AroundOutage,
): Promise<PushedParts | PushOutcome> {
  const answers = await Promise.all(
    computed.map(async ({ question, spoken }) => askPushed(context, scope, { ...target, spoken }, question)),
  );
  const joined: PartialSeries[][] = computed[0]!.question.partials.queries.map(() => []);
  for (const parts of answers) {
    if (typeof parts === 'string') return parts;
    for (const [query, groups] of parts.entries()) joined[query]!.push(...groups);
  }
  return joined;
}

/** Tells apart what endpoints are asked for. */
export function pushKey({ route, matchers }: PushTarget, { queries }: PartialsRequest): string {
  return [route.endpoint.id, ...queries.map((query) => partialText(query, matchers))].join('\n');
}
