import type { Clock } from '../model/clock.ts';
import { messageOf } from '../model/errors.ts';
import { afterOwnTime, type Lateness } from '../model/lateness.ts';
import type { Timers } from '../model/timers.ts';
import type { CacheClient, ConnectCache } from './cache-client.ts';
import type { SharedCache, SharedCacheCall } from './shared-cache.ts';

export interface GuardSettings {
  /** The address of the server. */
  readonly server: string;
  /** How long a request waits for the server, ms. */
  readonly timeoutMs: number;
  readonly mostValueBytes: number;
}

export interface GuardParts {
  readonly connect: ConnectCache;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lateness: Lateness;
  /** Hears of each call. */
  readonly onCall?: ((call: SharedCacheCall) => void) | undefined;
  /** Hears of each change: why the server is not asked any more, or undefined where it is asked again. */
  readonly onChange?: ((trouble: string | undefined) => void) | undefined;
}

/** A server that was lost is tried again after 0.25, 0.5, 1 … s, ms. */
const FIRST_RETRY_MS = 250;
const MOST_RETRY_MS = 10_000;
/** A connection that lasted so long starts the pauses anew, ms. */
const GOOD_MS = 10_000;
/** Connecting is in nobody's way, ms. */
const CONNECT_MS = 5000;
/** An idle server is asked for a sign of life, so that one which froze is noticed before a request waits for it; ms. */
const PING_MS = 1000;
/** Nobody waits for what is put there. It takes longer than a question, because the value has to go there; times the time limit. */
const PUT_TIMES = 10;
/** Answers in a row that take more than half of the time limit: the server is too slow to be of use. */
const SLOW_IN_A_ROW = 8;
/** While this process is late, answers may wait in the socket; times the time limit. */
const MOST_TIMES = 4;

const MOST_READS = 256;
const MOST_WAITING_PUTS = 1024;
const MOST_WAITING_BYTES = 16 * 1024 ** 2;

interface Put {
  readonly key: string;
  readonly value: Uint8Array;
  readonly lifetimeMs: number;
}

/**
 * One server of a cache behind a time limit and a breaker. The first call that fails, or is not answered in time, takes the server out of
 * use: from then on nothing waits for it, and a new connection is tried in the background. So a server that is dead, frozen or slow costs
 * the calls alone that were under way.
 */
export class GuardedCache implements SharedCache {
  readonly #settings: GuardSettings;
  readonly #parts: GuardParts;
  #client: CacheClient | undefined;
  /** When the client came, ms of the monotonic clock. */
  #since = 0;
  #trouble: string | undefined;
  #retryMs = FIRST_RETRY_MS;
  #slow = 0;
  #reads = 0;
  readonly #puts: Put[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  /** Takes back what is to come: the next attempt or the next sign of life. */
  #callOff = (): void => {};
  #attempt: AbortController | undefined;
  #isClosed = false;

  /** Connects in the background. */
  constructor(settings: GuardSettings, parts: GuardParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#connect();
  }

  get mostValueBytes(): number {
    return this.#settings.mostValueBytes;
  }

  /** Whether the server is asked. */
  get isThere(): boolean {
    return this.#client !== undefined;
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const client = this.#client;
    if (client === undefined || this.#reads >= MOST_READS) {
      this.#told('get', 'skipped');
      return keys.map(() => undefined);
    }
    this.#reads++;
    const began = this.#parts.clock.monotonic();
    const values = await this.#timed(
      client,
      this.#settings.timeoutMs,
      () => client.get(keys),
      (took) => this.#judge(client, took),
    );
    this.#reads--;
    const kept = keys.map((_, i) => {
      const value = values?.[i];
      return value !== undefined && value.length <= this.mostValueBytes ? value : undefined;
    });
    const bytes = kept.reduce((sum, value) => sum + (value?.length ?? 0), 0);
    this.#told('get', values === undefined ? 'failed' : 'answered', began, bytes);
    return kept;
  }

  put(key: string, value: Uint8Array, lifetimeMs: number): void {
    const isFull =
      this.#puts.length >= MOST_WAITING_PUTS || this.#waitingBytes + value.length > MOST_WAITING_BYTES;
    if (this.#client === undefined || isFull || value.length > this.mostValueBytes) {
      this.#told('put', 'skipped');
      return;
    }
    this.#puts.push({ key, value, lifetimeMs });
    this.#waitingBytes += value.length;
    if (!this.#isWriting) void this.#write();
  }

  close(): void {
    this.#isClosed = true;
    this.#callOff();
    this.#attempt?.abort();
    this.#drop();
  }

  /** One after the other, so that a question waits behind one value at most. */
  async #write(): Promise<void> {
    this.#isWriting = true;
    for (let next = this.#puts.shift(); next !== undefined; next = this.#puts.shift()) {
      const { key, value, lifetimeMs } = next;
      this.#waitingBytes -= value.length;
      const client = this.#client;
      if (client === undefined) break;
      const began = this.#parts.clock.monotonic();
      const done = await this.#timed(client, this.#settings.timeoutMs * PUT_TIMES, async () => {
        await client.put(key, value, lifetimeMs);
        return true;
      });
      this.#told('put', done === undefined ? 'failed' : 'answered', began, value.length);
    }
    this.#isWriting = false;
  }

  /** Gives a server up that may answer in time, but hardly is of use. */
  #judge(client: CacheClient, took: number): void {
    const half = this.#settings.timeoutMs / 2;
    this.#slow = took > half ? this.#slow + 1 : 0;
    if (this.#slow >= SLOW_IN_A_ROW)
      this.#giveUp(client, `it answered ${SLOW_IN_A_ROW} times in a row after more than ${half} ms`);
  }

  /**
   * What a call comes to; undefined where it failed or took too long, and then the server is given up.
   * @param onAnswer hears how long the server took, ms, without the time in which this process was late.
   */
  async #timed<T>(
    client: CacheClient,
    ms: number,
    call: () => Promise<T>,
    onAnswer?: (took: number) => void,
  ): Promise<T | undefined> {
    const { timers, lateness, clock } = this.#parts;
    const began = clock.monotonic() - lateness.soFar();
    let callOff = (): void => {};
    const late = new Promise<never>((_, reject) => {
      callOff = afterOwnTime(timers, lateness, { ms, most: ms * MOST_TIMES }, () =>
        reject(new Error(`it did not answer within ${ms} ms`)),
      );
    });
    try {
      const result = await Promise.race([call(), late]);
      onAnswer?.(clock.monotonic() - lateness.soFar() - began);
      return result;
    } catch (thrown) {
      this.#giveUp(client, messageOf(thrown));
      return undefined;
    } finally {
      callOff();
    }
  }

  #connect(): void {
    const { connect, timers } = this.#parts;
    const attempt = new AbortController();
    this.#attempt = attempt;
    const giveUp = timers.after(CONNECT_MS, () =>
      attempt.abort(new Error(`it let nobody connect within ${CONNECT_MS} ms`)),
    );
    connect(attempt.signal)
      .finally(giveUp)
      .then(
        (client) => (this.#isClosed ? client.close() : this.#begin(client)),
        (thrown: unknown) => this.#retry(messageOf(thrown)),
      );
  }

  #begin(client: CacheClient): void {
    this.#client = client;
    this.#since = this.#parts.clock.monotonic();
    this.#slow = 0;
    if (this.#trouble !== undefined) this.#parts.onChange?.(undefined);
    this.#trouble = undefined;
    this.#pingLater(client);
  }

  #pingLater(client: CacheClient): void {
    this.#callOff = this.#parts.timers.after(PING_MS, () => {
      void this.#ping(client);
    });
  }

  async #ping(client: CacheClient): Promise<void> {
    await this.#timed(client, this.#settings.timeoutMs * PUT_TIMES, () => client.ping());
    if (this.#client === client) this.#pingLater(client);
  }

  #giveUp(client: CacheClient, why: string): void {
    // Calls that were under way together fail together.
    if (this.#client !== client) return;
    if (this.#parts.clock.monotonic() - this.#since >= GOOD_MS) this.#retryMs = FIRST_RETRY_MS;
    this.#callOff();
    this.#drop();
    this.#retry(why);
  }

  #drop(): void {
    this.#client?.close();
    this.#client = undefined;
    this.#puts.length = 0;
    this.#waitingBytes = 0;
  }

  #retry(why: string): void {
    if (this.#isClosed) return;
    if (this.#trouble === undefined) this.#parts.onChange?.(why);
    this.#trouble = why;
    this.#callOff = this.#parts.timers.after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(2 * this.#retryMs, MOST_RETRY_MS);
  }

  #told(
    call: SharedCacheCall['call'],
    outcome: SharedCacheCall['outcome'],
    began: number = this.#parts.clock.monotonic(),
    bytes = 0,
  ): void {
    const ms = this.#parts.clock.monotonic() - began;
    this.#parts.onCall?.({ server: this.#settings.server, call, outcome, ms, bytes });
  }
}
