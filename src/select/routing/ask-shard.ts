import type { Answered } from '../../backend/answered.ts';
import { coverOf } from '../../cluster/redundancy.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { BackendFailure } from '../../model/loss.ts';
import { afterOwnTime } from '../../model/lateness.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { failed, type Result } from '../../model/result.ts';
import type { SelectionContext } from '../context.ts';
import { callEndpoint, type CallContext } from './call-endpoint.ts';
import type { Route } from './route.ts';

/** How one endpoint fared. */
export interface Outcome<T> {
  readonly route: Route;
  readonly result: Result<T, BackendFailure>;
  /** How long it took, ms; undefined where it was not asked, because it would not have answered. */
  readonly elapsedMs: number | undefined;
}

export interface Call<T> {
  ask(scope: RequestScope, route: Route): Answered<T>;
  /**
   * Whether the answer would lack something without an endpoint, given that others of its replica group answered. Asked
   * before one that is slow is cut; without it, what scrapes the same targets is enough.
   */
  losesWithout?(scope: RequestScope, lost: Endpoint, answered: readonly Endpoint[]): Promise<boolean>;
}

/** What of the context it takes to ask. */
export type AskContext = CallContext & Pick<SelectionContext, 'onFailure'>;

/** A replica may answer this much later than those that replace it, ms, or as much later as they took. */
export const REPLICA_GRACE_MS = 2000;

/**
 * Asks the endpoints of one shard at the same time, each under its own timeout. A replica that is proven to be
 * replaceable is not waited for without end: once the others have answered it gets a grace, then it counts as failed,
 * unless the answer would lack something then. A suspect gets none, so a replica that freezes holds up only the queries
 * that find it frozen.
 */
export async function askShard<T>(
  context: AskContext,
  scope: RequestScope,
  routes: readonly Route[],
  call: Call<T>,
): Promise<readonly Outcome<T>[]> {
  const { timers, clock, lateness, onFailure } = context;
  const { signal } = scope;
  const started = clock.monotonic();
  const waiting = new Map<Route, AbortController>();
  const answered: Endpoint[] = [];
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  let cancelGrace = (): void => {};
  let graceBegan = 0;

  const ask = async (route: Route): Promise<Outcome<T>> => {
    const { endpoint } = route;
    const known = knownFailure(endpoint, routes);
    if (known !== undefined) return { route, result: failed(known), elapsedMs: undefined };
    const cut = new AbortController();
    waiting.set(route, cut);
    let sent = Infinity;
    const askNow = (called: RequestScope): Answered<T> => {
      sent = clock.monotonic();
      return call.ask(called, route);
    };
    const result = await callEndpoint(context, scope, endpoint, askNow, cut);
    waiting.delete(route);
    if (result.ok) answered.push(endpoint);
    startGrace();
    const elapsedMs = clock.monotonic() - started;
    // Nobody else gives up a call while the request goes on.
    const isCut = !result.ok && result.failure.kind === 'canceled' && !signal.aborted;
    const outcome = isCut ? failed(tooSlow(endpoint.address)) : result;
    if (!outcome.ok && outcome.failure.kind !== 'canceled') {
      const { failure } = outcome;
      // One that was still waiting for a lane when its grace began did nothing wrong.
      const isUnwell = isCut ? sent <= graceBegan : saysOfHealth(failure);
      onFailure?.({ endpoint, failure, ids: scope.ids, isUnwell });
    }
    return { route, result: outcome, elapsedMs };
  };

  /** Begins when all that is still waited for could be replaced by what has answered. */
  const startGrace = (): void => {
    cancelGrace();
    const stragglers = [...waiting];
    if (stragglers.length === 0) return;
    if (!stragglers.every(([{ endpoint }]) => mayBeReplaced(endpoint, answered, call))) return;
    const allSuspect = stragglers.every(([{ endpoint }]) => isSuspect(endpoint));
    graceBegan = clock.monotonic();
    const grace = allSuspect ? 0 : Math.max(REPLICA_GRACE_MS, graceBegan - started);
    cancelGrace = afterOwnTime(timers, lateness, { ms: grace, most: Infinity }, () => {
      cutThose(stragglers).catch(breakOff);
    });
  };

  /** Cuts what can be done without. */
  const cutThose = async (stragglers: readonly (readonly [Route, AbortController])[]): Promise<void> => {
    const others = [...answered];
    await Promise.all(
      stragglers.map(async ([{ endpoint }, cut]) => {
        if ((await call.losesWithout?.(scope, endpoint, others)) !== true) cut.abort();
      }),
    );
  };

  try {
    return await Promise.race([Promise.all(routes.map(ask)), broken]);
  } finally {
    cancelGrace();
  }
}

/**
 * Why an endpoint that is down need not be asked: healthy replicas replace it, or it hangs and would cost its timeout
 * again. The registry asks it until it is back. Any other is asked: it may be back already, and says so at once if not.
 */
function knownFailure(endpoint: Endpoint, routes: readonly Route[]): BackendFailure | undefined {
  const { health } = endpoint;
  if (health.kind !== 'down') return undefined;
  if (health.failure.kind === 'timeout') return health.failure;
  const healthy = routes.map((route) => route.endpoint).filter((other) => other.health.kind === 'up');
  return coverOf(endpoint, healthy).kind === 'full' ? health.failure : undefined;
}

/** What is not known of now may be known of the queried time; that is looked up when the grace is over. */
function mayBeReplaced(
  lost: Endpoint,
  answered: readonly Endpoint[],
  { losesWithout }: Pick<Call<unknown>, 'losesWithout'>,
): boolean {
  const { kind } = coverOf(lost, answered);
  return kind === 'full' || (kind === 'unproven' && losesWithout !== undefined);
}

function isSuspect({ health }: Endpoint): boolean {
  return health.kind === 'up' && health.isSuspect === true;
}

/** Other failures are about the one request, and so is a timeout that the request itself has set. */
function saysOfHealth({ kind, byDeadline }: BackendFailure): boolean {
  return kind === 'unavailable' || (kind === 'timeout' && byDeadline !== true);
}

function tooSlow(endpoint: string): BackendFailure {
  return {
    kind: 'timeout',
    endpoint,
    reason: 'it was much slower than its replicas, so they were not held up for it',
  };
}
