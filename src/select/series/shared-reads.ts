import type { Answered } from '../../backend/answered.ts';
import type { Backend, BackendSelect, RawSeriesSet } from '../../backend/backend.ts';
import { canceled } from '../../backend/endpoint-error.ts';
import type { Clock } from '../../model/clock.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { failed, success } from '../../model/result.ts';
import { scopeKey, wantsFresh } from '../../model/scope-key.ts';
import { unlessAborted } from '../../model/unless-aborted.ts';

/** A read that began so long ago, ms, is not joined any more: what was stored since is not in it. */
const MOST_AGE_MS = 1000;
/** So many that fail are joined before a request asks by itself. */
const MOST_JOINED = 2;
/** Longer matchers are not worth a key. */
const LONGEST_KEY = 10_000;

/** What an endpoint is asked for. */
export interface SharedRead {
  readonly backend: Backend;
  readonly request: BackendSelect;
  /** Whether it ends when it is asked. One that began a moment before counts as equal then. */
  readonly isUntilNow: boolean;
}

/** A read that is under way. */
interface Running {
  readonly answer: Answered<RawSeriesSet>;
  /** By the monotonic clock, ms. */
  readonly since: number;
  /** When its request ends, by the same clock. */
  readonly deadline: number;
}

/**
 * Equal reads of samples that go on at the same time are one call to the endpoint: the panels of a dashboard show the same series in several
 * ways, and each would have them sent. A batch that came is only looked at from then on, so several requests may do that.
 */
export class SharedReads {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #onJoined: () => void;
  readonly #running = new WeakMap<Backend, Map<string, Running>>();

  constructor(clock: Pick<Clock, 'monotonic'>, onJoined: () => void = () => undefined) {
    this.#clock = clock;
    this.#onJoined = onJoined;
  }

  /**
   * Reads samples, with an equal read of the same tenant, with the same options, where one is under way. What comes of that is taken from the
   * budget of each. Where it fails, or is given up, those that joined it ask anew, together.
   * @param ask asks for it.
   */
  async read(
    scope: RequestScope,
    { backend, request, isUntilNow }: SharedRead,
    ask: () => Answered<RawSeriesSet>,
  ): Answered<RawSeriesSet> {
    const key = scopeKey(scope, isUntilNow ? { ...request, maxTime: 'now' } : request);
    if (key.length > LONGEST_KEY || wantsFresh(scope)) return ask();
    const running = this.#of(backend);
    for (let joined = 0; joined < MOST_JOINED; joined++) {
      const known = running.get(key);
      if (known === undefined || !this.#isFit(known, scope)) break;
      const answer = await this.#join(scope, backend, known);
      if (answer !== undefined) return answer;
    }
    const answer = ask();
    const own = { answer, since: this.#clock.monotonic(), deadline: scope.deadline };
    running.set(key, own);
    try {
      return await answer;
    } finally {
      if (running.get(key) === own) running.delete(key);
    }
  }

  /** One whose request ends much sooner may be given up while others wait for it. */
  #isFit({ since, deadline }: Running, scope: RequestScope): boolean {
    return this.#clock.monotonic() - since < MOST_AGE_MS && deadline >= scope.deadline - MOST_AGE_MS;
  }

  /** Undefined where it fails, which may be for reasons of its own that the other one has none. */
  async #join(
    { signal, budget }: RequestScope,
    { address }: Backend,
    { answer }: Running,
  ): Promise<Awaited<Answered<RawSeriesSet>> | undefined> {
    const joined = await unlessAborted(
      signal,
      answer.catch(() => undefined),
      () => undefined,
    );
    if (signal.aborted) return failed(canceled(address));
    if (joined?.ok !== true) return undefined;
    const { series, bytes } = joined.value;
    budget.received(bytes);
    budget.series(series.length);
    budget.take(series.bytes);
    this.#onJoined();
    return success({ ...joined.value, isJoined: true });
  }

  #of(backend: Backend): Map<string, Running> {
    let running = this.#running.get(backend);
    if (running === undefined) this.#running.set(backend, (running = new Map()));
    return running;
  }
}
