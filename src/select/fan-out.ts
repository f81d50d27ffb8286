import type { BackendFailure } from '../backend/backend.ts';
import { boundedCall } from '../cluster/bounded-call.ts';
import { shardName } from '../cluster/shard.ts';
import { QueryError } from '../model/errors.ts';
import type { Labels } from '../model/labels.ts';
import { failed } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Timers } from '../model/timers.ts';
import type { Route, RoutePlan } from './route.ts';

/** How one endpoint fared. */
export interface Outcome<T> {
  readonly route: Route;
  readonly result: Result<T, BackendFailure>;
}

export interface ShardOutcome<T> {
  /** The shard's labels as text, for messages. */
  readonly name: string;
  readonly labels: Labels;
  readonly outcomes: readonly Outcome<T>[];
}

/**
 * Asks all endpoints of a plan at the same time, each under its own timeout. Those that are known to be down are not
 * asked: the registry does that, more and more often as they come back, and a query need not wait for it.
 * Throws `canceled` when the caller gives up.
 */
export async function fanOut<T>(
  plan: RoutePlan,
  timers: Timers,
  signal: AbortSignal,
  call: (route: Route, signal: AbortSignal) => Promise<Result<T, BackendFailure>>,
): Promise<readonly ShardOutcome<T>[]> {
  const ask = async (route: Route): Promise<Outcome<T>> => {
    const { address, timeoutMs, health } = route.endpoint;
    if (health.kind === 'down') return { route, result: failed(health.failure) };
    const bound = { address, timeoutMs, timers };
    return { route, result: await boundedCall(bound, signal, (inner) => call(route, inner)) };
  };
  const shards = await Promise.all(
    plan.shards.map(async ({ labels, routes }) => ({
      name: shardName(labels),
      labels,
      outcomes: await Promise.all(routes.map(ask)),
    })),
  );
  if (signal.aborted) throw new QueryError('canceled', 'the request was canceled', { cause: signal.reason });
  return shards;
}
