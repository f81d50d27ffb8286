import { beginEach } from '../../model/begin-each.ts';
import { QueryError } from '../../model/errors.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { askShard } from './ask-shard.ts';
import type { AskContext, Call, Outcome } from './ask-shard.ts';
import type { Route, RoutePlan } from './route.ts';

export interface ShardOutcome<T> {
  /** The shard's labels as text, for messages. */
  readonly name: string;
  readonly outcomes: readonly Outcome<T>[];
}

/**
 * Asks all endpoints of a plan at the same time, or as soon as they can be asked without holding up others: to begin a call takes a part of
 * a millisecond, and there may be hundreds. Throws `canceled` when the caller gives up.
 * @param askOne asks those of one shard.
 */
export async function fanOut<T>(
  context: AskContext,
  scope: RequestScope,
  plan: RoutePlan,
  call: Call<T>,
  askOne: (routes: readonly Route[]) => Promise<readonly Outcome<T>[]> = async (routes) =>
    askShard(context, scope, routes, call),
): Promise<readonly ShardOutcome<T>[]> {
  const begun = await beginEach(scope, plan.shards, async ({ name, routes }) => ({
    name,
    outcomes: await askOne(routes),
  }));
  const shards = await Promise.all(begun.map(({ end }) => end));
  if (scope.signal.aborted)
    throw new QueryError('canceled', 'the request was canceled', { cause: scope.signal.reason });
  return shards;
}
