import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Pool } from 'undici';
import { messageOf } from '../../model/errors.ts';
import type { Timers } from '../../model/timers.ts';
import { encodeSpans } from './otlp-json.ts';
import type { Span } from './span.ts';

/** Where spans go and how. */
export interface ExporterOptions {
  /** `https://collector:4318`. */
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compress: boolean;
  /** Of one batch, ms. */
  readonly timeoutMs: number;
  /** PEM texts and the like, as Node's TLS takes them. */
  readonly tls: Readonly<Record<string, string | boolean>>;
  /** What all spans have in common. */
  readonly resource: Readonly<Record<string, string>>;
  readonly timers: Timers;
  /** Hears when the collector begins to fail, and when it takes spans again. */
  readonly note: (level: 'warn' | 'info', message: string) => void;
}

/** Spans that wait at most, and that are sent at once. */
export const MOST_WAITING = 8192;
const BATCH = 256;

/** How long spans wait for others, and how long after a failure nothing is sent: ever longer, ms. */
const DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/** How long the last spans may take when the process ends, ms. */
const CLOSE_MS = 1000;

/** What a collector may be able to do later; for all else a batch is lost. */
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const compressed = promisify(gzip);

/**
 * Sends spans to a collector by OTLP over HTTP, a batch at a time, and never waits for it. Where it does not take them, they wait, in
 * bounded number, and further ones are dropped and counted.
 */
export class SpanExporter {
  readonly #options: ExporterOptions;
  readonly #pool: Pool;
  #waiting: Span[] = [];
  #delay = DELAY_MS;
  #cancelTimer: (() => void) | undefined;
  #sending: Promise<void> | undefined;
  #sent = 0;
  #dropped = 0;
  #isClosed = false;

  constructor(options: ExporterOptions) {
    const { origin, timeoutMs, tls } = options;
    this.#options = options;
    this.#pool = new Pool(origin, {
      connections: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs, ...tls },
    });
  }

  /** Spans that the collector took, and those that were lost, since the start. */
  figures(): { readonly sent: number; readonly dropped: number } {
    return { sent: this.#sent, dropped: this.#dropped };
  }

  /** Whether there is room; where there is none, spans need not be made. */
  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  add(spans: readonly Span[]): void {
    const room = Math.max(MOST_WAITING - this.#waiting.length, 0);
    this.#waiting.push(...spans.slice(0, room));
    this.drop(spans.length - Math.min(room, spans.length));
    const isHealthy = this.#delay === DELAY_MS;
    if (isHealthy && this.#waiting.length >= BATCH) this.#send();
    else this.#cancelTimer ??= this.#options.timers.after(this.#delay, () => this.#send());
  }

  /** Counts spans that were not made. */
  drop(count: number): void {
    this.#dropped += count;
  }

  /** Sends what waits, as far as the collector takes it within a second. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#send();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    this.#cancelTimer?.();
    await this.#pool.destroy();
  }

  #send(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0 && !this.#isClosed)
        this.#cancelTimer ??= this.#options.timers.after(this.#delay, () => this.#send());
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      const problem = await this.#post(batch);
      if (problem?.again === true) {
        this.#failed(problem.reason);
        return;
      }
      this.#waiting.splice(0, batch.length);
      if (problem === undefined) this.#succeeded(batch.length);
      else {
        this.drop(batch.length);
        this.#failed(problem.reason);
        return;
      }
    }
  }

  /** Undefined where the collector took the batch. */
  async #post(
    batch: readonly Span[],
  ): Promise<{ readonly again: boolean; readonly reason: string } | undefined> {
    const { path, headers, compress, timeoutMs, resource } = this.#options;
    try {
      const text = encodeSpans(resource, batch);
      const { statusCode, body } = await this.#pool.request({
        method: 'POST',
        path,
        headers: {
          'content-type': 'application/json',
          ...(compress && { 'content-encoding': 'gzip' }),
          ...headers,
        },
        body: compress ? await compressed(text) : text,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await body.dump();
      if (statusCode >= 200 && statusCode < 300) return undefined;
      return { again: TRY_AGAIN.has(statusCode), reason: `it answers HTTP ${statusCode}` };
    } catch (thrown) {
      return { again: true, reason: messageOf(thrown) };
    }
  }

  #failed(reason: string): void {
    const { origin, note } = this.#options;
    if (this.#delay === DELAY_MS)
      note(
        'warn',
        `spans are not taken by ${origin}: ${reason}; ${MOST_WAITING} wait, further ones are dropped`,
      );
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS);
  }

  #succeeded(count: number): void {
    const { origin, note } = this.#options;
    this.#sent += count;
    if (this.#delay > DELAY_MS) note('info', `spans are taken by ${origin} again`);
    this.#delay = DELAY_MS;
  }
}
