import type { QueryAnswer } from '../engine/answer.ts';
import type { EngineQuery } from '../engine/evaluate.ts';
import { isLoss } from '../model/annotations.ts';
import { toQueryError } from '../model/errors.ts';
import { isRestricted } from '../model/enforced-matchers.ts';
import type { EndpointCall } from '../model/request-journal.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { turnOf } from '../model/turn-taker.ts';
import { print } from '../promql/print.ts';
import { answerBytes } from './answer-bytes.ts';
import { parseQuery } from './format-query.ts';
import { invalidParameter } from './invalid-parameter.ts';
import type { GatewayContext, QueryEvent } from './parts.ts';
import { requireRange } from './limits/range-limits.ts';
import { parseRange, requireFewPoints, type Steps } from './range-steps.ts';
import { sampleLimitOf } from './limits/sample-limit.ts';
import { limitSelects } from './limit-selects.ts';
import { notingCalls } from './observing/calls-of-selects.ts';
import { observed, type ObservedQuery } from './observing/observed.ts';
import { queryEvent } from './observing/query-event.ts';
import type { RunningQuery } from './observing/running-query.ts';
import { scopeKey, wantsFresh } from '../model/scope-key.ts';
import { evaluateKept } from './results-cache/evaluate-kept.ts';
import { lookbackFor } from './resolution.ts';
import { truncateAnswer } from './truncate.ts';

/** Durations in ms, times in ms since the epoch. */
export interface QueryOptions {
  readonly text: string;
  /** 0 or less leaves the server's lookback delta. */
  readonly lookbackDelta?: number | undefined;
  /** Only ever shortens the server's timeout. */
  readonly timeout?: number | undefined;
  /** Most series to answer with; 0 means no limit. */
  readonly limit: number;
  /** Measures what each part costs. All steps are then evaluated, also where results are kept. */
  readonly isAnalyzed?: boolean | undefined;
}

export interface InstantQuery extends QueryOptions {
  readonly time: number;
}

export interface RangeQuery extends QueryOptions, Steps {
  /** Evaluates all steps, also where results are kept. */
  readonly isFresh?: boolean | undefined;
}

export interface QueryOutcome {
  readonly answer: QueryAnswer;
  /** How long the query waited for its turn, ms. */
  readonly queuedMs: number;
  /** Calls to endpoints by select, where what each part costs was asked for by a caller that may know the endpoints. */
  readonly calls?: ReadonlyMap<number, readonly EndpointCall[]> | undefined;
}

/** Evaluates at one instant. Throws QueryErrors; `bad_data` is the caller's mistake. */
export async function instantQuery(
  parts: GatewayContext,
  scope: RequestScope,
  request: InstantQuery,
): Promise<QueryOutcome> {
  const expr = parseQuery(request.text, parts.features);
  const { time } = request;
  return run(parts, scope, 'instant', request, { expr, start: time, end: time, step: 0 });
}

/** Evaluates at every step from start to end. The answer is a matrix. */
export async function rangeQuery(
  parts: GatewayContext,
  scope: RequestScope,
  request: RangeQuery,
): Promise<QueryOutcome> {
  const { start, end } = request;
  const { expr, step } = parseRange(request, parts.features);
  requireFewPoints(scope, { start, end, step });
  return run(parts, scope, 'range', request, { expr, start, end, step });
}

/** What a request asks for; else the server's, widened where coarse data may be read. */
export function effectiveLookback(
  { planning, selection }: Pick<GatewayContext, 'planning' | 'selection'>,
  { options }: RequestScope,
  { lookbackDelta = 0 }: Pick<QueryOptions, 'lookbackDelta'>,
): number {
  if (lookbackDelta > 0) return lookbackDelta;
  return lookbackFor(planning.lookbackDelta, options.maxSourceResolution, () => selection.topology());
}

/** What is wrong with durations shows only with the times of the query; it is the expression's fault all the same. */
function unusable(error: unknown): unknown {
  return toQueryError(error).kind === 'bad_data' ? invalidParameter('query', error) : error;
}

async function run(
  parts: GatewayContext,
  scope: RequestScope,
  family: QueryEvent['family'],
  request: QueryOptions & Pick<RangeQuery, 'isFresh'>,
  query: Omit<EngineQuery, 'text'>,
): Promise<QueryOutcome> {
  const { limits, planning, selection } = parts;
  const { text, isFresh, isAnalyzed = false } = request;
  const { expr, start, end, step } = query;
  requireRange(scope, { minTime: start, maxTime: end }, parts.clock);
  const lookbackDelta = effectiveLookback(parts, scope, request);
  const timeout = Math.min(request.timeout ?? limits.timeout, limits.timeout);
  let callsOf: (() => QueryOutcome['calls']) | undefined;
  const evaluate = async (bounded: RequestScope, running: RunningQuery): Promise<QueryAnswer> => {
    const heldBefore = bounded.budget.held;
    const isOwn = lookbackDelta === planning.lookbackDelta;
    const { budget } = bounded;
    const onEvaluate = (samples: () => number): void => running.evaluates(samples);
    const sampleLimit = sampleLimitOf(scope.caller.limits);
    const full = {
      ...query,
      text,
      caller: bounded.caller,
      memory: budget,
      onEvaluate,
      sampleLimit,
      ...(!isOwn && { lookbackDelta }),
      ...(isAnalyzed && { isAnalyzed }),
    };
    const noted = isAnalyzed ? notingCalls(selection, bounded) : undefined;
    callsOf = noted?.calls;
    const source = limitSelects(noted?.source ?? selection.source(bounded), limits.maxConcurrentSelects);
    const now = (asked: EngineQuery): Promise<QueryAnswer> => parts.evaluate(asked, source, bounded.signal);
    const answered =
      parts.results.isOn && step > 0 && !isAnalyzed
        ? evaluateKept(parts, bounded, { ...full, lookbackDelta, isFresh }, now)
        : now(full);
    const answer = await answered.catch((error: unknown) => {
      throw unusable(error);
    });
    // What the evaluation read is garbage now. Until the answer was sent, it is all that stays of it.
    budget.give(budget.held - heldBefore);
    budget.take(answerBytes(answer.value));
    return answer;
  };
  const asked = { family, text, start, end, step };
  const joins = limits.joinsEqual === true && !isAnalyzed && isFresh !== true && !wantsFresh(scope);
  let hasJoined = false;
  /** Answers with what an equal query comes to that is under way. */
  const joined: ObservedQuery<QueryAnswer>['around'] = async (bounded, running, evaluateInPlace) => {
    const { values: callerLimits } = scope.caller.limits;
    const { generation } = selection.topology();
    return parts.equal.run(
      scopeKey(scope, [family, text, start, end, step, lookbackDelta, callerLimits, generation]),
      {
        signal: bounded.signal,
        whose: turnOf(scope.caller),
        deadline: bounded.deadline,
        evaluate: evaluateInPlace,
        onFollow: (isReading) => (isReading ? running.enter('select') : running.queues()),
        onJoined: ({ value }) => {
          bounded.budget.take(answerBytes(value));
          hasJoined = true;
          parts.onJoined?.();
        },
      },
    );
  };
  const { result: answer, running } = await observed(parts, scope, asked, {
    timeout,
    during: 'expression evaluation',
    canonical: () => print(expr),
    work: evaluate,
    ...(joins && { around: joined }),
    // What an equal query looked at counts there.
    endOf: ({ stats, annotations }) => ({
      stats: hasJoined ? undefined : stats,
      losses: annotations.filter(isLoss),
    }),
    onEnd: (ended) => parts.onQuery?.(queryEvent(family, ended)),
  });
  const calls = isRestricted(scope.caller) ? undefined : callsOf?.();
  return {
    answer: truncateAnswer(answer, request.limit),
    queuedMs: running.queuedMs,
    ...(calls && { calls }),
  };
}
