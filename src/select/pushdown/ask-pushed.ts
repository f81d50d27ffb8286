import type { Evaluated, EvaluatedSeries, EvaluateRequest } from '../../backend/evaluate-call.ts';
import type { Answered } from '../../backend/answered.ts';
import { isOnSteps } from '../../engine/operators/merge/with-parts.ts';
import type { PartialSeries, PartialsRequest } from '../../engine/series-source.ts';
import { gridBetween } from '../../engine/step-grid.ts';
import { mergeLabels, pairsOf, keepLabels, withoutLabels } from '../../model/labels.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { partialText } from '../../plan/distribute/partial-text.ts';
import type { AggregateNode } from '../../plan/plan-node.ts';
import type { SelectionContext } from '../context.ts';
import { hearNews } from '../read-once/hear-news.ts';
import { SHARED_MS } from '../read-once/known-origins.ts';
import { callEndpoint, withSums } from '../routing/call-endpoint.ts';
import type { PushQuestion } from './push-question.ts';
import type { PushTarget } from './choose-pushed.ts';
import { proofOfWhole } from './prove-whole.ts';
import type { PushOutcome } from './pushdown.ts';

/** The groups of each part, in the order of the request. */
export type PushedParts = readonly (readonly PartialSeries[])[];

/** A server may compute for this long, and for this part of the time that the request has left: its samples may have to be read then. */
const MOST_MS = 10_000;
const MOST_OF_TIME = 1 / 3;
/** A replica that its siblings can stand in for has this many times as long as when it was read, at least so long. */
const LEAST_MS = 1000;
const PATIENCE = 3;

/** Asks a server for parts of aggregations, and proves that they are those of the whole shard. */
export async function askPushed(
  context: SelectionContext,
  scope: RequestScope,
  target: PushTarget,
  { partials, range }: PushQuestion,
): Promise<PushedParts | PushOutcome> {
  const { queries, start, end, step, lookbackDelta } = partials;
  const { matchers, foreign, spoken } = target;
  const { checked, leastPerTarget } = context.pushdown!;
  const { clock } = context;
  const askedAt = clock.now();
  const proof = spoken && proofOfWhole(checked, { spoken, matchers, range, clock, leastPerTarget });
  if (typeof proof === 'string') return proof;
  const ask = caller(context, bounded(context, scope, target), target);
  const answers = await Promise.all(
    queries.map(async (query) =>
      ask({ text: partialText(query, matchers, foreign), start, end, step, lookbackDelta }),
    ),
  );
  const parts: PartialSeries[][] = [];
  for (const [i, answer] of answers.entries()) {
    if (!answer.ok) return 'failed';
    const groups = answer.value.isPlain ? groupsOf(answer.value, target, queries[i]!, partials) : undefined;
    if (groups === undefined) return 'not_plain';
    parts.push(groups);
  }
  if (spoken === undefined || proof === undefined) return parts;
  // Behind the parts, so that whatever they lack shows.
  const proven = await proof(ask);
  if (proven !== 'whole') return proven;
  const readOnce = context.readOnce!;
  const heard = await hearNews(context, readOnce, spoken);
  if (heard.kind !== 'nothing') return 'changed';
  // Of targets with new series a sibling may have more, also when nobody tells of them any more. Of some steps the last ones tell.
  if (spoken.askedFor.size === 0 && range.maxTime >= spoken.proven.maxTime) {
    const until = Math.min(range.maxTime, askedAt - SHARED_MS);
    readOnce.proofs.renew(spoken.routes, spoken.proven, spoken.proof, spoken.toldFrom - SHARED_MS, until);
  }
  return parts;
}

/** The request with less time: what is not computed has to be read. */
function bounded({ clock }: SelectionContext, scope: RequestScope, { spoken }: PushTarget): RequestScope {
  const now = clock.monotonic();
  const patienceMs = spoken === undefined ? MOST_MS : Math.max(LEAST_MS, PATIENCE * spoken.patienceMs);
  const ms = Math.min(MOST_MS, patienceMs, (scope.deadline - now) * MOST_OF_TIME);
  return { ...scope, deadline: now + ms };
}

function caller(
  context: SelectionContext,
  scope: RequestScope,
  { route: { endpoint }, evaluate }: PushTarget,
): (request: EvaluateRequest) => Answered<Evaluated> {
  return async (request) =>
    callEndpoint(context, scope, endpoint, async (inner) => withSums(inner, evaluate(inner, request)));
}

/** The groups of an answer as those of the shard; undefined where they cannot be merged. */
function groupsOf(
  { series }: Evaluated,
  target: PushTarget,
  query: AggregateNode,
  { start, end, step }: PartialsRequest,
): PartialSeries[] | undefined {
  const { foreign, constants } = target;
  const names = new Set(query.grouping);
  const external = query.without ? withoutLabels(constants, names) : keepLabels(constants, names);
  const grid = gridBetween(start, end, step);
  const groups: PartialSeries[] = [];
  for (const { labels, values } of series) {
    // Its series would be others, or become one with others.
    for (const [name] of pairsOf(labels)) if (foreign.has(name)) return undefined;
    const group = { labels: mergeLabels(labels, external), values };
    if (!isOnSteps(grid, group) || (query.op === 'sum' && !isFinite(group))) return undefined;
    groups.push(group);
  }
  return groups;
}

/** A sum that left the range of numbers may not have done so in another order. */
function isFinite({ values: { v, length } }: EvaluatedSeries): boolean {
  for (let i = 0; i < length; i++) if (Math.abs(v[i]!) === Infinity) return false;
  return true;
}
