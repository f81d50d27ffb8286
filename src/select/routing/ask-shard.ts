import type { Answered } from '../../backend/answered.ts';
import { coverOf } from '../../cluster/redundancy.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { hangFailure, hangs } from '../../cluster/vitals/breaker-status.ts';
import { isUnanswered, type CallKind, type EndpointVitals } from '../../cluster/vitals/vitals.ts';
import type { BackendFailure } from '../../model/loss.ts';
import { afterOwnTime } from '../../model/lateness.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { failed, type Result } from '../../model/result.ts';
import type { SelectionContext } from '../context.ts';
import { callEndpoint, type CallContext } from './call-endpoint.ts';
import {
  beginFanOut,
  nextFanOut,
  type Decision,
  type Facts,
  type FanOut,
  type FanOutAction,
  type FanOutEvent,
} from './fan-out-policy.ts';
import type { Route } from './route.ts';

/** How one endpoint fared. */
export interface Outcome<T> {
  readonly route: Route;
  readonly result: Result<T, BackendFailure>;
  /** How long it took, ms; undefined where it was not asked, because it would not have answered. */
  readonly elapsedMs: number | undefined;
}

export interface Call<T> {
  readonly kind: CallKind;
  ask(scope: RequestScope, route: Route): Answered<T>;
  /** How an endpoint fared before, or fares in another run: it is not called again, and others are held against its answer. */
  before?(route: Route): Outcome<T> | Promise<Outcome<T>> | undefined;
  /** For how long the call to an endpoint goes on already, ms of own time; 0 where it is left out. */
  headStartMs?(route: Route): number;
  /** How many bytes an answer took, for how long others may take; 0 where it is left out. */
  bytesOf?(answer: T): number;
  /** Whether an answer is that of a call which began before, so that it tells nothing of how long one takes; none is where it is left out. */
  isJoined?(answer: T): boolean;
  /** Whether an answer says that it lacks something; none does where it is left out. */
  lacks?(answer: T): boolean;
  /**
   * Whether the answer would lack something without an endpoint, given that others of its replica group answered. Asked
   * before one that is slow is cut; without it, what scrapes the same targets is enough.
   */
  losesWithout?(scope: RequestScope, lost: Endpoint, answered: readonly Endpoint[]): Promise<boolean>;
}

/** What of the context it takes to ask. */
export type AskContext = CallContext &
  Pick<SelectionContext, 'vitals' | 'onFailure' | 'onDoubt' | 'onHang' | 'onRetry'>;

/** Asks the endpoints of one shard, each under its own timeout, as the policy says. README.md explains it. */
export async function askShard<T>(
  context: AskContext,
  scope: RequestScope,
  routes: readonly Route[],
  call: Call<T>,
): Promise<readonly Outcome<T>[]> {
  return new ShardRun(context, scope, routes, call).run();
}

/** One endpoint during a run. Times are own time since the beginning, ms. */
interface Lane<T> {
  readonly route: Route;
  readonly vitals: EndpointVitals;
  /** Whether others would not wait for it. */
  isInDoubt: boolean;
  /** Ends the call that goes on. */
  ending: AbortController | undefined;
  /** When that was sent. */
  sentAt: number | undefined;
  /** Of the newest call, which may be made again. */
  failure: BackendFailure | undefined;
  outcome: Outcome<T> | undefined;
}

/** Does what the policy says, and tells it what happens. */
class ShardRun<T> {
  readonly #context: AskContext;
  readonly #scope: RequestScope;
  readonly #call: Call<T>;
  readonly #lanes: readonly Lane<T>[];
  readonly #started: number;
  readonly #lateBefore: number;
  #latest = 0;
  readonly #ended = Promise.withResolvers<void>();
  /** What happened and was not told yet. */
  readonly #events: FanOutEvent[] = [];
  #state: FanOut | undefined;
  #isActing = false;
  #isOver = false;
  #cancelTimer = (): void => {};

  constructor(context: AskContext, scope: RequestScope, routes: readonly Route[], call: Call<T>) {
    this.#context = context;
    this.#scope = scope;
    this.#call = call;
    this.#lanes = routes.map((route) => ({
      route,
      vitals: context.vitals.of(route.endpoint.backend),
      isInDoubt: false,
      ending: undefined,
      sentAt: undefined,
      failure: undefined,
      outcome: undefined,
    }));
    this.#started = context.clock.monotonic();
    this.#lateBefore = context.lateness.soFar();
  }

  async run(): Promise<readonly Outcome<T>[]> {
    const { signal } = this.#scope;
    const onAbort = (): void => this.#tell({ kind: 'canceled', at: this.#now() });
    signal.addEventListener('abort', onAbort);
    try {
      this.#follow(beginFanOut(this.#facts()));
      await this.#ended.promise;
    } finally {
      this.#isOver = true;
      this.#cancelTimer();
      signal.removeEventListener('abort', onAbort);
    }
    return this.#lanes.map(({ outcome }) => outcome!);
  }

  #facts(): Facts {
    const endpoints = this.#lanes.map(({ route }) => route.endpoint);
    const replicas = this.#lanes.map((lane) => {
      const { route, vitals } = lane;
      const known = knownFailure(route.endpoint, vitals, endpoints);
      if (known !== undefined) lane.outcome = { route, result: failed(known), elapsedMs: undefined };
      else lane.isInDoubt = isSuspect(route.endpoint) || (vitals.state === 'slow' && !vitals.takeTrial());
      const { isInDoubt } = lane;
      const headStartMs = this.#call.headStartMs?.(route) ?? 0;
      const usual = vitals.usual(this.#call.kind);
      return { isKnownToFail: known !== undefined, isInDoubt, usual, headStartMs };
    });
    const mayBeReplaced: Facts['mayBeReplaced'] = (lost, answered) => {
      const { kind } = coverOf(
        endpoints[lost]!,
        answered.map((i) => endpoints[i]!),
      );
      // What is not known of now may be known of the queried time; that is looked up before it is cut.
      return kind === 'full' || (kind === 'unproven' && this.#call.losesWithout !== undefined);
    };
    return { replicas, mayBeReplaced };
  }

  /** Own time since the beginning, ms. A beat that finds the process late may count time from before the beginning. */
  #now(): number {
    const own = this.#elapsed() - (this.#context.lateness.soFar() - this.#lateBefore);
    this.#latest = Math.max(own, this.#latest);
    return this.#latest;
  }

  /** Time since the beginning, whosever it was, ms. */
  #elapsed(): number {
    return this.#context.clock.monotonic() - this.#started;
  }

  #tell(event: FanOutEvent): void {
    this.#events.push(event);
    if (!this.#isActing) this.#follow(undefined);
  }

  /** Acts, and tells one event after the other: what is done for one may bring the next. */
  #follow(first: Decision | undefined): void {
    this.#isActing = true;
    let decision = first;
    for (;;) {
      if (decision !== undefined) {
        this.#state = decision.state;
        for (const action of decision.actions) this.#act(action);
      }
      const event = this.#events.shift();
      if (event === undefined || this.#isOver) break;
      decision = nextFanOut(this.#state!, event);
    }
    this.#isActing = false;
  }

  #act(action: FanOutAction): void {
    switch (action.kind) {
      case 'ask':
        return this.#orEnd(this.#ask(action.replica));
      case 'prove':
        return this.#orEnd(this.#prove(action.replicas, action.answered));
      case 'cut':
        return this.#cut(this.#lanes[action.replica]!);
      case 'failed': {
        const lane = this.#lanes[action.replica]!;
        if (lane.outcome !== undefined) return;
        return this.#lose(lane, lane.failure!, saysOfHealth(lane.failure!));
      }
      case 'look':
        return this.#context.onDoubt?.(this.#lanes[action.replica]!.route.endpoint);
      case 'wait':
        return this.#wait(action.until);
      case 'done':
        return this.#ended.resolve();
    }
  }

  /** What throws is a mistake of our own, or the end of the request. */
  #orEnd(work: Promise<void>): void {
    work.catch((thrown: unknown) => this.#ended.reject(thrown));
  }

  #wait(until: number): void {
    this.#cancelTimer();
    this.#cancelTimer = (): void => {};
    if (until === Infinity) return;
    const { timers, lateness } = this.#context;
    const own = { ms: Math.max(0, until - this.#now()), most: Infinity };
    this.#cancelTimer = afterOwnTime(timers, lateness, own, () =>
      // Timers have whole milliseconds, and may be a little early.
      this.#tell({ kind: 'time', at: Math.max(until, this.#now()) }),
    );
  }

  async #ask(replica: number): Promise<void> {
    const lane = this.#lanes[replica]!;
    const { route, vitals } = lane;
    const before = this.#call.before?.(route);
    if (before instanceof Promise) return this.#hear(replica, await before);
    if (before?.result.ok === true) {
      lane.outcome = before;
      const bytes = this.#call.bytesOf?.(before.result.value) ?? 0;
      const at = this.#now();
      this.#tell({ kind: 'sent', replica, at });
      return this.#tell({ kind: 'answered', replica, at, bytes });
    }
    if (lane.failure === undefined) vitals.retries.earn();
    else if (vitals.state !== 'open' && vitals.retries.take()) this.#context.onRetry?.(route.endpoint);
    else return this.#tell({ kind: 'failed', replica, at: this.#now() });
    const ending = new AbortController();
    lane.ending = ending;
    lane.sentAt = undefined;
    const askNow = (called: RequestScope): Answered<T> => {
      const headStartMs = lane.failure === undefined ? this.#state!.facts.replicas[replica]!.headStartMs : 0;
      lane.sentAt = this.#now() - (headStartMs ?? 0);
      this.#tell({ kind: 'sent', replica, at: lane.sentAt });
      return this.#call.ask(called, route);
    };
    const stopHearing = vitals.onHang(() => this.#hang(replica));
    const result = await callEndpoint(this.#context, this.#scope, route.endpoint, askNow, ending).finally(
      stopHearing,
    );
    // It was cut.
    if (lane.outcome !== undefined) return;
    const at = this.#now();
    if (result.ok) {
      const bytes = this.#call.bytesOf?.(result.value) ?? 0;
      lane.outcome = { route, result, elapsedMs: this.#elapsed() };
      vitals.see({ kind: 'answered', bytes });
      if (this.#call.lacks?.(result.value) === true) return this.#tell({ kind: 'lacking', replica, at });
      if (this.#call.isJoined?.(result.value) !== true)
        vitals.learn(this.#call.kind, bytes, at - lane.sentAt!);
      this.#tell({ kind: 'answered', replica, at, bytes });
    } else {
      lane.failure = result.failure;
      this.#seeFailure(lane, result.failure);
      this.#tell({ kind: 'failed', replica, at, retryAfterMs: result.failure.retryAfterMs });
    }
  }

  /** Takes what another run asked for. That one has seen how the endpoint fares. */
  #hear(replica: number, outcome: Outcome<T>): void {
    const lane = this.#lanes[replica]!;
    lane.outcome = outcome;
    const { result } = outcome;
    const at = this.#now();
    if (!result.ok) return this.#tell({ kind: 'failed', replica, at });
    if (this.#call.lacks?.(result.value) === true) return this.#tell({ kind: 'lacking', replica, at });
    return this.#tell({ kind: 'answered', replica, at, bytes: this.#call.bytesOf?.(result.value) ?? 0 });
  }

  #seeFailure({ route, vitals, sentAt }: Lane<T>, failure: BackendFailure): void {
    if (sentAt === undefined) return;
    if (failure.kind !== 'canceled' && !isUnanswered(failure)) return vitals.see({ kind: 'refused' });
    vitals.see({ kind: 'unanswered' });
    const { endpoint } = route;
    if (vitals.state === 'open') this.#context.onHang?.(endpoint, hangs(endpoint.address));
  }

  /** Another request has found that it hangs. Further ones would not be made to wait for it, so this one is not either. */
  #hang(replica: number): void {
    const lane = this.#lanes[replica]!;
    const { endpoint } = lane.route;
    lane.failure = hangs(endpoint.address);
    this.#context.onHang?.(endpoint, lane.failure);
    this.#tell({ kind: 'failed', replica, at: this.#now() });
    lane.ending?.abort();
  }

  async #prove(replicas: readonly number[], answered: readonly number[]): Promise<void> {
    const endpointOf = (replica: number): Endpoint => this.#lanes[replica]!.route.endpoint;
    const others = answered.map(endpointOf);
    const losses = await Promise.all(
      replicas.map(async (i) => this.#call.losesWithout?.(this.#scope, endpointOf(i), others)),
    );
    const proven = replicas.filter((_, i) => losses[i] !== true);
    this.#tell({ kind: 'proven', replicas: proven, at: this.#now() });
  }

  #cut(lane: Lane<T>): void {
    const { route, vitals, isInDoubt, sentAt, failure } = lane;
    lane.ending?.abort();
    if (failure !== undefined) return this.#lose(lane, failure, saysOfHealth(failure));
    const { at, bytes } = this.#state!.last!;
    // One that was still waiting for a lane when the others had answered did nothing wrong.
    const isSlow = sentAt !== undefined && sentAt <= at;
    if (isSlow && !isInDoubt) {
      vitals.see({ kind: 'cut', bytes });
      vitals.learn(this.#call.kind, bytes, this.#now() - sentAt);
    }
    this.#lose(lane, tooSlow(route.endpoint.address), isSlow);
  }

  #lose(lane: Lane<T>, failure: BackendFailure, isUnwell: boolean): void {
    const { route, isInDoubt } = lane;
    lane.outcome = { route, result: failed(failure), elapsedMs: this.#elapsed() };
    if (failure.kind === 'canceled') return;
    const { endpoint } = route;
    this.#context.onFailure?.({ endpoint, failure, ids: this.#scope.ids, isUnwell });
    if (isUnwell && !isInDoubt) this.#context.onDoubt?.(endpoint);
  }
}

/**
 * Why an endpoint that is down need not be asked: healthy replicas replace it, or it hangs and would cost its timeout
 * again. The registry asks it until it is back. Any other is asked: it may be back already, and says so at once if not.
 */
function knownFailure(
  endpoint: Endpoint,
  vitals: EndpointVitals,
  all: readonly Endpoint[],
): BackendFailure | undefined {
  const { health } = endpoint;
  const hang = hangFailure(endpoint, vitals);
  if (hang !== undefined) return hang;
  if (health.kind !== 'down') return undefined;
  const healthy = all.filter((other) => other.health.kind === 'up');
  return coverOf(endpoint, healthy).kind === 'full' ? health.failure : undefined;
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
