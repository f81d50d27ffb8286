import type { Backend } from '../../backend/backend.ts';
import type { SeriesNews, SeriesOrigins } from '../../backend/series-origins.ts';
import type { Clock } from '../../model/clock.ts';
import type { Timers } from '../../model/timers.ts';

/** What a server told of its series when it was asked last. */
export interface Told {
  readonly origins: SeriesOrigins;
  readonly news: SeriesNews;
}

/**
 * Queries that begin within this time share what a server told, ms by the monotonic clock: what came up in between shows to the next.
 */
export const SHARED_MS = 1000;
/** A server that does not answer for so long, ms, is given up. */
const MOST_MS = 5000;

interface Entry {
  /** As of the state in which they were read; they hold where it is the same later on. */
  origins: { readonly state: string; readonly origins: SeriesOrigins } | undefined;
  told: Told | undefined;
  askedAt: number;
  asking: Promise<Told | undefined> | undefined;
}

/** Asks servers where their series come from and what is new, and remembers what they told last. */
export class KnownOrigins {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly #timers: Timers;
  readonly #entries = new WeakMap<Backend, Entry>();

  constructor(clock: Pick<Clock, 'monotonic'>, timers: Timers) {
    this.clock = clock;
    this.#timers = timers;
  }

  /** What a server told last, however long ago; undefined where it did not. */
  last(backend: Backend): Told | undefined {
    return this.#entries.get(backend)?.told;
  }

  /** Whether {@link now} would say what it told {@link last}. */
  isShared(backend: Backend): boolean {
    const entry = this.#entries.get(backend);
    return (
      entry !== undefined && entry.asking === undefined && this.clock.monotonic() - entry.askedAt <= SHARED_MS
    );
  }

  /** Of one that did not tell in time: whether anything came up since is not known. */
  forget(backend: Backend): void {
    const entry = this.#entries.get(backend);
    if (entry !== undefined) entry.told = undefined;
  }

  /**
   * What a server tells now; undefined where it does not. Rejects for bugs alone.
   * @param sharedMs an answer to a question that was asked so long ago at most serves as well.
   */
  async now(backend: Backend, sharedMs: number = SHARED_MS): Promise<Told | undefined> {
    const { origins } = backend;
    if (origins === undefined) return undefined;
    const now = this.clock.monotonic();
    let entry = this.#entries.get(backend);
    if (entry === undefined) {
      entry = { origins: undefined, told: undefined, askedAt: -Infinity, asking: undefined };
      this.#entries.set(backend, entry);
    }
    const isShared = now - entry.askedAt <= sharedMs;
    // One that hangs is not asked again meanwhile.
    if (entry.asking !== undefined) return isShared ? entry.asking : undefined;
    if (isShared) return entry.told;
    entry.askedAt = now;
    entry.asking = this.#ask(origins, entry);
    try {
      return await entry.asking;
    } finally {
      entry.asking = undefined;
    }
  }

  async #ask(calls: NonNullable<Backend['origins']>, entry: Entry): Promise<Told | undefined> {
    const ending = new AbortController();
    const cancel = this.#timers.after(MOST_MS, () => ending.abort());
    const { signal } = ending;
    try {
      let news = await calls.news(signal);
      if (news.ok && news.value.state !== entry.origins?.state) {
        const { state } = news.value;
        const read = await calls.origins(signal);
        entry.origins = read.ok ? { state, origins: read.value } : undefined;
        // What was read may be that of another state already: news of the same one, asked for behind it, prove it.
        if (read.ok) news = await calls.news(signal);
      }
      const { origins } = entry;
      entry.told =
        origins !== undefined && news.ok && news.value.state === origins.state
          ? { origins: origins.origins, news: news.value }
          : undefined;
      return entry.told;
    } finally {
      cancel();
    }
  }
}
