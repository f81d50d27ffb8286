import type { PartialsRequest, SelectRequest, StepRange } from '../../engine/series-source.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { gridBetween, timeOfStep } from '../../engine/step-grid.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SelectionContext } from '../context.ts';
import { choosePushed } from '../pushdown/choose-pushed.ts';
import { readingOf } from '../pushdown/push-question.ts';
import { pushKey } from '../pushdown/push-shards.ts';
import type { PushOutcome } from '../pushdown/pushdown.ts';
import type { Fetched } from '../series/fetch.ts';
import type { PushExplanation } from './explanation.ts';

/** Why samples are read, for people. The others end what was begun, and are not known before. */
const REASONS: Readonly<Partial<Record<PushOutcome, string>>> = {
  tenant: 'a tenant may see only some of the series',
  other_options: 'the request has other replica labels, or another way to deduplicate',
  labels:
    'series of other shards may be the same or carry names of external labels, or labels are made of those',
  server: 'the server may evaluate in another way than this gateway',
  disjoint: 'the endpoint is set to hold what no other does, or is sent headers of callers',
  unhealthy: 'the endpoint is not well, or does not have all of the range',
  unproven: 'no replica is proven to have all',
  small: 'it has so few series that to prove it would take as long as to read them',
  lately: 'the same went wrong a moment ago',
};

/** Tells which endpoints would compute the parts of aggregations that a request allows, as known when its samples were read. */
export function explainPushes(
  context: SelectionContext,
  scope: RequestScope,
  request: SelectRequest,
  fetched: Pick<Fetched, 'plan' | 'spoken' | 'range' | 'margin' | 'now'>,
): readonly PushExplanation[] {
  const { pushdown } = context;
  const { partials } = request;
  const { plan, spoken } = fetched;
  if (pushdown === undefined || partials === undefined) return [];
  const speakers = new Map(spoken.map((each) => [each.routes, each]));
  const question = { ...readingOf(request, fetched), partials };
  const targets = choosePushed(context, scope, plan, { spoken: speakers }, question);
  return plan.shards.map(({ name, routes }) => {
    const target = targets.get(routes)!;
    if (typeof target === 'string') return notPushed(name, REASONS[target]);
    if (pushdown.isRefused(pushKey(target, partials))) return notPushed(name, REASONS.lately);
    const { route, around } = target;
    const readSteps = around?.rest && timesOf(partials, around.rest.steps);
    return { shard: name, endpoint: route.endpoint.address, reason: undefined, readSteps };
  });
}

function notPushed(shard: string, reason: string | undefined): PushExplanation {
  return { shard, endpoint: undefined, reason, readSteps: undefined };
}

function timesOf({ start, end, step }: PartialsRequest, { from, to }: StepRange): TimeRange {
  const grid = gridBetween(start, end, step);
  return { minTime: timeOfStep(grid, from), maxTime: timeOfStep(grid, to - 1) };
}
