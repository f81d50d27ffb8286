import type { Backend } from '../../backend/backend.ts';
import type { Clock } from '../../model/clock.ts';
import type { Lateness } from '../../model/lateness.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { Result } from '../../model/result.ts';
import { CLOSED_BREAKER, isTrialDue, nextBreaker, type Breaker, type BreakerEvent } from './breaker.ts';
import { RetryBudget } from './retry-budget.ts';
import { NOTHING_USUAL, learnTime, type UsualTimes } from './usual-time.ts';

/** Calls of one kind take about as long where their answers are of one size. */
export type CallKind = 'samples' | 'list';

/** What the calls to one endpoint showed. */
export class EndpointVitals {
  readonly retries: RetryBudget = new RetryBudget();
  readonly #now: () => number;
  readonly #date: () => number;
  #breaker: Breaker = CLOSED_BREAKER;
  #since: number | undefined;
  readonly #usual: Record<CallKind, UsualTimes> = { samples: NOTHING_USUAL, list: NOTHING_USUAL };
  /** Of those that wait for an answer of it. */
  readonly #onHang = new Set<() => void>();

  /** @param now own time, ms. @param date ms since the epoch. */
  constructor(now: () => number, date: () => number) {
    this.#now = now;
    this.#date = date;
  }

  get state(): Breaker['kind'] {
    return this.#breaker.kind;
  }

  /** Since when it is in this state, ms since the epoch; undefined where it was in no other yet. */
  get since(): number | undefined {
    return this.#since;
  }

  usual(kind: CallKind): UsualTimes {
    return this.#usual[kind];
  }

  /** Takes down what was seen. */
  see(event: WithoutTime<BreakerEvent>): void {
    const { kind } = this.#breaker;
    this.#breaker = nextBreaker(this.#breaker, { ...event, at: this.#now() });
    if (this.#breaker.kind === kind) return;
    this.#since = this.#date();
    if (this.state === 'open') for (const hear of this.#onHang) hear();
  }

  /** Has somebody hear when it turns out that it hangs. The returned function ends that. */
  onHang(hear: () => void): () => void {
    this.#onHang.add(hear);
    return () => this.#onHang.delete(hear);
  }

  /** The same for an answer, or for a time after which it was cut off, ms. */
  learn(kind: CallKind, bytes: number, ms: number): void {
    this.#usual[kind] = learnTime(this.#usual[kind], bytes, ms);
  }

  /** True for one request now and then while it is slow: that one may wait for it. */
  takeTrial(): boolean {
    if (!isTrialDue(this.#breaker, this.#now())) return false;
    this.see({ kind: 'tried' });
    return true;
  }
}

type WithoutTime<E> = E extends BreakerEvent ? Omit<E, 'at'> : never;

/** What the calls to each endpoint showed, as long as it has its backend. */
export class Vitals {
  readonly #clock: Clock;
  readonly #now: () => number;
  readonly #byBackend = new WeakMap<Backend, EndpointVitals>();

  constructor(clock: Clock, lateness: Lateness) {
    this.#clock = clock;
    this.#now = () => clock.monotonic() - lateness.soFar();
  }

  of(backend: Backend): EndpointVitals {
    const known = this.#byBackend.get(backend);
    if (known !== undefined) return known;
    const vitals = new EndpointVitals(this.#now, () => this.#clock.now());
    this.#byBackend.set(backend, vitals);
    return vitals;
  }
}

/** Whether a failure is no sign of life: the time of the call ran out, or its connection broke. */
export function isUnanswered({ kind, retryAfterMs }: BackendFailure): boolean {
  return kind === 'timeout' || (kind === 'unavailable' && retryAfterMs === 0);
}

/** What a look at the health of an endpoint shows. */
export function shownBy(
  probed: Result<unknown, BackendFailure>,
): 'probe-answered' | 'probe-unanswered' | 'probe-failed' {
  if (probed.ok) return 'probe-answered';
  return isUnanswered(probed.failure) ? 'probe-unanswered' : 'probe-failed';
}
