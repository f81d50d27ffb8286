import { LRUCache } from 'lru-cache';
import {
  LIMIT_NAMES,
  limitOf,
  refusalBy,
  UNLIMITED,
  type CallerLimits,
  type LimitName,
  type LimitValues,
} from '../../model/caller-limits.ts';
import type { Clock } from '../../model/clock.ts';
import { quote } from '../../model/quote.ts';
import { RateLimit } from '../../model/rate-limit.ts';
import { tenantNames } from '../../model/tenant-name.ts';

/** Limits as they are configured. What one has of its own goes before what all have, limit by limit; 0 is none. */
export interface LimitSettings {
  readonly all: LimitValues;
  readonly tenants: ReadonlyMap<string, LimitValues>;
  /** By user or address, where there are no tenants. */
  readonly clients: ReadonlyMap<string, LimitValues>;
}

export const NO_LIMITS: LimitSettings = { all: {}, tenants: new Map(), clients: new Map() };

/** Callers that are remembered. Names come from callers; one that is forgotten begins its rate anew. */
const MOST_CALLERS = 10_000;

interface Remembered {
  readonly limits: CallerLimits;
  readonly rate: RateLimit;
}

/** Knows the limits of each caller, and how often each has asked. */
export class LimitBook {
  readonly #clock: Clock;
  readonly #onRefused: (name: LimitName) => void;
  readonly #callers = new LRUCache<string, Remembered>({ max: MOST_CALLERS });
  #settings: LimitSettings = NO_LIMITS;

  constructor(clock: Clock, onRefused: (name: LimitName) => void = () => undefined) {
    this.#clock = clock;
    this.#onRefused = onRefused;
  }

  /** Has requests that begin from now on keep to these. */
  use(settings: LimitSettings): void {
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#callers.clear();
  }

  /**
   * The limits of a caller; of one that is several tenants, the smallest of theirs.
   * @param tenant empty where there are no tenants.
   */
  of(tenant: string, client: string): CallerLimits {
    if (tenant === '') return this.#clientOf(client).limits;
    const [first, ...more] = tenantNames(tenant).map((name) => this.#tenantOf(name).limits);
    return more.length === 0 ? first! : this.#strictest(tenant, [first!, ...more]);
  }

  /** Counts one more request. Throws `too_often` where that is more than the rate of the caller, or of one of its tenants, allows. */
  count(tenant: string, client: string): void {
    if (tenant === '') this.#countOne(this.#clientOf(client));
    else for (const name of tenantNames(tenant)) this.#countOne(this.#tenantOf(name));
  }

  #countOne({ limits, rate }: Remembered): void {
    const perSecond = limitOf(limits, 'requests_per_second');
    if (perSecond === Infinity) return;
    const burst = limits.values.request_burst ?? Math.max(1, Math.ceil(perSecond));
    if (rate.allows({ interval: 1000 / perSecond, burst })) return;
    throw refusalBy(
      limits,
      'requests_per_second',
      `more requests came than ${perSecond} a second, of which ${burst} may come at once`,
      'try again later, or ask less often',
      'too_often',
    );
  }

  #tenantOf(name: string): Remembered {
    return this.#remembered(`tenant ${quote(name)}`, () => this.#settings.tenants.get(name));
  }

  #clientOf(client: string): Remembered {
    return this.#remembered(`client ${quote(client)}`, () => this.#settings.clients.get(client));
  }

  #remembered(whose: string, own: () => LimitValues | undefined): Remembered {
    const known = this.#callers.get(whose);
    if (known !== undefined) return known;
    const values = effective({ ...this.#settings.all, ...own() });
    const isNone = Object.keys(values).length === 0;
    const limits = isNone ? UNLIMITED : { values, whose: `the ${whose}`, onRefused: this.#onRefused };
    const fresh = { limits, rate: new RateLimit(this.#clock) };
    this.#callers.set(whose, fresh);
    return fresh;
  }

  #strictest(tenant: string, all: readonly CallerLimits[]): CallerLimits {
    const values: Partial<Record<LimitName, number>> = {};
    for (const name of LIMIT_NAMES) {
      const least = Math.min(...all.map((limits) => limitOf(limits, name)));
      if (least !== Infinity) values[name] = least;
    }
    return { values, whose: `the tenant ${quote(tenant)}`, onRefused: this.#onRefused, ofEach: all };
  }
}

/** Without those that are no limits. */
function effective(values: LimitValues): LimitValues {
  return Object.fromEntries(Object.entries(values).filter(([, value = 0]) => value > 0));
}
