import type { RawSeriesSet } from '../../backend/backend.ts';
import type { PartialsRequest, SelectRequest } from '../../engine/series-source.ts';
import { success } from '../../model/result.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { partialText } from '../../plan/distribute/partial-text.ts';
import { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { SelectionContext } from '../context.ts';
import type { Outcome } from '../routing/ask-shard.ts';
import type { Route } from '../routing/route.ts';
import { askPushed, type PushedParts } from './ask-pushed.ts';
import type { PushQuestion, PushTarget, PushTargets } from './choose-pushed.ts';

/** What a shard computed. */
export interface Computed {
  readonly parts: PushedParts;
  /** Of the endpoint that did, without series. */
  readonly outcome: Outcome<RawSeriesSet>;
  /** The series that it left out, which are read of all replicas; undefined where there are none. */
  readonly read: Matcher | undefined;
}

/**
 * Lets shards compute parts of the aggregations of a request, one after the other is asked for. What comes back tells undefined for a
 * shard whose series have to be read.
 * @param range what is read otherwise, ms since the epoch.
 */
export function pushing(
  context: SelectionContext,
  scope: RequestScope,
  { partials }: SelectRequest,
  {
    targets,
    range,
  }: { readonly targets: (question: PushQuestion) => PushTargets; readonly range: TimeRange },
): (routes: readonly Route[]) => Promise<Computed | undefined> {
  const { pushdown, clock } = context;
  if (pushdown === undefined || partials === undefined) return async () => undefined;
  const question = { partials, range };
  const chosen = targets(question);
  return async (routes) => {
    const target = chosen.get(routes)!;
    if (typeof target === 'string') {
      pushdown.passedOver(target);
      return undefined;
    }
    const { route } = target;
    const key = pushKey(target, partials);
    if (pushdown.isRefused(key)) {
      pushdown.passedOver('lately');
      return undefined;
    }
    const started = clock.monotonic();
    const parts = await askPushed(context, scope, target, question);
    // Who gave up learns nothing of the server.
    if (typeof parts === 'string') {
      if (!scope.signal.aborted) pushdown.end(key, parts);
      return undefined;
    }
    pushdown.end(key, 'pushed');
    const nothing = { series: new SeriesBatch(), annotations: [], bytes: 0 };
    const outcome = { route, result: success(nothing), elapsedMs: clock.monotonic() - started };
    return { parts, outcome, read: target.read };
  };
}

/** Tells apart what endpoints are asked for. */
export function pushKey({ route, matchers }: PushTarget, { queries }: PartialsRequest): string {
  return [route.endpoint.id, ...queries.map((query) => partialText(query, matchers))].join('\n');
}
