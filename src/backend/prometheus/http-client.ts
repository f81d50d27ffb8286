import { Pool, type Dispatcher } from 'undici';
import { SYSTEM_CLOCK } from '../../model/clock.ts';
import { clockOffset } from '../../model/clock-offset.ts';
import type { Budget } from '../../model/budget.ts';
import { passedOn } from '../../model/request-ids.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { turnFor } from '../../model/pacer.ts';
import type { TurnTaker } from '../../model/turn-taker.ts';
import { isTurnUsedUp } from '../../model/turns.ts';
import { authorizationNow } from '../connection-options.ts';
import type { TlsOptions } from '../connection-options.ts';
import { EndpointError, tooLarge } from '../endpoint-error.ts';
import { oneLine } from '../server-text.ts';
import { AnswerBody } from './answer-body.ts';
import { BodyBlocks } from './body-blocks.ts';
import { connectionError, wasReset } from './errors.ts';
import { Exchange, type AnswerHead } from './exchange.ts';
import type { PrometheusOptions } from './options.ts';

/**
 * So much of an answer is read ahead of whoever reads it, beside what the system has. Thousands of connections may be open to endpoints
 * that send faster than their answers are read, and each of them counts with it (`exchange.ts`).
 */
const READ_AHEAD_BYTES = 16 * 1024;

/** Of a body that is no answer. */
const MOST_HEAD_BYTES = 4096;

/** One call, relative to the server's URL. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** Starts with `/`; query string included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** The encoding that the body of the answer may have; none where it is left out. */
  readonly encoding?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower case, with parameters; empty where the server sent none. */
  readonly contentType: string;
  /** The text of another header, by its name in lower case; empty where there is none. */
  readonly header: (name: string) => string;
  /** The same of what stands behind the body, once that was read. */
  readonly trailer: (name: string) => string;
  /** Whether the end of the body can be told from a connection that breaks: not so where closing it is the end. */
  readonly endIsMarked: boolean;
  /** The body as it comes. Throws EndpointError where it ends early, stalls or outgrows the limit. Read it once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Of the request that asked. A part of the body counts until the next one is asked for; what is kept counts by itself. */
  readonly budget: Budget;
  /** For whom it is read. */
  readonly caller: TurnTaker;
}

/**
 * HTTP/1.1 to one server over a pool of kept-alive connections. It follows no redirects and asks for no compression:
 * samples are compressed already. When its certificates change, calls that run go on over the connections that they have,
 * and new ones are made for those that come. Throws {@link EndpointError}.
 */
export class HttpClient {
  readonly #options: PrometheusOptions;
  readonly #origin: string;
  readonly #prefix: string;
  /** By names in lower case, so that what is passed on takes the place of what is configured. */
  readonly #headers: Readonly<Record<string, string>>;
  readonly #passed: ReadonlySet<string>;
  /** Goes with each request. */
  readonly #query: string;
  #tls: TlsOptions | undefined;
  #pool: Pool;
  /** Pools of former certificates, while calls run over them. */
  readonly #replaced = new Set<Pool>();
  /** Largest answer that is read, bytes; compressed ones are held to it when they are inflated as well. */
  readonly maxResponseBytes: number;
  /** Whether what stands between here and the server is not known to leave out what follows a body. */
  bringsTrailers = true;
  /** The time that the last answer told, and when it came, ms since the epoch. */
  #date = '';
  #dateAt = 0;
  /** How many heads and parts of answers came so far. */
  #heard = 0;

  constructor(options: PrometheusOptions) {
    const url = new URL(options.url);
    this.#options = options;
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    const headers = Object.entries(options.headers ?? {});
    this.#headers = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    this.#passed = new Set(options.passedHeaders?.map((name) => name.toLowerCase()));
    this.#query = new URLSearchParams(options.parameters).toString();
    this.maxResponseBytes = options.maxResponseBytes;
    this.#tls = options.tls?.();
    this.#pool = this.#open();
  }

  /** By how much the clock of the server was ahead when it answered last, see {@link clockOffset}. */
  get clockOffsetMs(): number | undefined {
    return clockOffset(this.#date, this.#dateAt);
  }

  async send(call: HttpCall, scope: CallScope): Promise<HttpAnswer> {
    const { exchange, head } = await this.#request(call, scope);
    const { status, headers } = head;
    this.#heard++;
    this.#date = headerText(headers['date']);
    this.#dateAt = (this.#options.clock ?? SYSTEM_CLOCK).now();
    const encoding = headerText(headers['content-encoding']).trim().toLowerCase();
    if (status === 200 && encoding !== '' && encoding !== 'identity' && encoding !== call.encoding) {
      exchange.leave();
      throw encoded(encoding);
    }
    return {
      status,
      contentType: headerText(headers['content-type']).toLowerCase(),
      header: (name) => headerText(headers[name]),
      trailer: (name) => headerText(exchange.trailers[name]),
      endIsMarked: 'content-length' in headers || isChunked(headerText(headers['transfer-encoding'])),
      body: new AnswerBody(exchange, this.maxResponseBytes, scope.budget, () => {
        this.#heard++;
        scope.reading?.reads(0);
      }),
      budget: scope.budget,
      caller: scope.caller,
    };
  }

  /**
   * Whether anything is heard of the server before the signal: an answer over a connection of its own, or a part of an answer to another
   * call.
   */
  async knock(call: HttpCall, { signal, ids }: CallScope): Promise<boolean> {
    const before = this.#heard;
    const own = this.#open();
    try {
      const exchange = Exchange.begin(own, this.#requestOf(call, { ids }), signal);
      await exchange.head();
      exchange.leave();
      return true;
    } catch (thrown) {
      if (this.#heard > before) return true;
      if (signal.aborted) return false;
      const error = connectionError(thrown);
      if (!(error instanceof EndpointError)) throw error;
      // Whoever refuses a connection or closes it is alive. One that was not made in its time says no more than one that was aborted.
      return error.kind !== 'timeout';
    } finally {
      await own.destroy();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool, ...this.#replaced].map(async (pool) => pool.destroy()));
  }

  async #request(
    call: HttpCall,
    { signal, ids, reading, passed, budget }: CallScope,
  ): Promise<{ readonly exchange: Exchange; readonly head: AnswerHead }> {
    const request = this.#requestOf(call, { ids, passed });
    let hadReset = false;
    for (;;) {
      const exchange = Exchange.begin(this.#poolNow(), request, signal, budget, reading);
      try {
        return { exchange, head: await exchange.head() };
      } catch (thrown) {
        if (hadReset || signal.aborted || !wasReset(thrown)) throw connectionError(thrown);
        hadReset = true;
      }
    }
  }

  #requestOf(
    call: HttpCall,
    { ids, passed = [] }: Pick<CallScope, 'ids' | 'passed'>,
  ): Dispatcher.DispatchOptions {
    const authorization = authorizationNow(this.#options.authorization);
    return {
      origin: this.#origin,
      method: call.method,
      path: this.#pathOf(call),
      headers: {
        'accept-encoding': 'identity',
        ...passedOn(ids),
        ...this.#headers,
        ...Object.fromEntries(passed.filter(([name]) => this.#passed.has(name))),
        ...(authorization !== undefined && { authorization }),
        ...call.headers,
      },
      body: call.body ?? null,
    };
  }

  #pathOf({ path }: HttpCall): string {
    const whole = this.#prefix + path;
    return this.#query === '' ? whole : `${whole}${path.includes('?') ? '&' : '?'}${this.#query}`;
  }

  #poolNow(): Pool {
    const tls = this.#options.tls?.();
    if (tls === this.#tls) return this.#pool;
    this.#tls = tls;
    const replaced = this.#pool;
    this.#pool = this.#open();
    this.#replaced.add(replaced);
    // It may be destroyed before the last of its calls has ended.
    const closed = (): void => void this.#replaced.delete(replaced);
    replaced.close().then(closed, closed);
    return this.#pool;
  }

  #open(): Pool {
    const { connections, connectTimeoutMs } = this.#options;
    return new Pool(this.#origin, {
      connections,
      // A call ends with its signal and has no other timer.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs, ...connectOptions(this.#tls) },
    });
  }
}

/** Whether the end of a body is marked by its transfer encoding: chunked has to be the last one (RFC 9112, 6.3). Else it ends with its connection. */
function isChunked(transferEncoding: string): boolean {
  return /(?:^|,)\s*chunked\s*$/i.test(transferEncoding);
}

/**
 * The whole body as one piece. It counts against the budget until whoever has it gives it back. Throws what `whenLarger`
 * makes where it is larger than `maxBytes`, as soon as that shows.
 * @param weigh what a part of it takes in memory, with all that becomes of it, bytes.
 */
export async function readAll(
  answer: HttpAnswer,
  weigh: (part: Uint8Array) => number = ({ length }) => length,
  maxBytes: number = Infinity,
  whenLarger: () => Error = () => tooLarge(maxBytes),
): Promise<Buffer> {
  const { body, budget } = answer;
  // Most bodies come in one part, which needs no block.
  let first: Uint8Array | undefined;
  const blocks = new BodyBlocks();
  let length = 0;
  let taken = 0;
  try {
    for await (const part of body) {
      length += part.length;
      if (length > maxBytes) throw whenLarger();
      const weight = weigh(part);
      budget.take(weight);
      taken += weight;
      if (length === part.length) first = part;
      else {
        if (first !== undefined) blocks.push(first);
        first = undefined;
        blocks.push(part);
      }
      // A body of very many tiny parts, which are all there already, would be gathered in one turn.
      if (isTurnUsedUp()) await turnFor(answer);
    }
  } catch (thrown) {
    budget.give(taken);
    throw thrown;
  }
  return first === undefined ? joined(blocks, answer) : Buffer.from(first);
}

/** Copies with pauses: memory that is new costs the system more than the copying. */
async function joined(blocks: BodyBlocks, answer: HttpAnswer): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(blocks.length);
  let at = 0;
  for (const block of blocks.take()) {
    whole.set(block, at);
    at += block.length;
    if (isTurnUsedUp()) await turnFor(answer);
  }
  return whole;
}

/** The parts of a body until so many bytes have come, the last one whole. The rest is not waited for. */
export function firstBytes(body: AsyncIterable<Uint8Array>, enough: number): AsyncIterable<Uint8Array> {
  return enough === Infinity ? body : cutOff(body, enough);
}

async function* cutOff(body: AsyncIterable<Uint8Array>, enough: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const part of body) {
    length += part.length;
    yield part;
    if (length >= enough) return;
  }
}

/** The beginning of a body that is no answer, for a message. */
export async function readHead(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of firstBytes(body, MOST_HEAD_BYTES)) parts.push(part);
  return Buffer.concat(parts).toString('utf8', 0, MOST_HEAD_BYTES);
}

/** Its bytes would be read for something that they are not. */
function encoded(encoding: string): EndpointError {
  return new EndpointError(
    'bad_data',
    `it answered with Content-Encoding ${oneLine(encoding, 50)}, although the request asked for none; ` +
      'change that at the server, or at what stands in front of it',
  );
}

function connectOptions(tls: TlsOptions | undefined): Record<string, unknown> {
  // Sockets take it, which undici's types do not say.
  const socket = { highWaterMark: READ_AHEAD_BYTES };
  if (tls === undefined) return socket;
  return {
    ...socket,
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.cert !== undefined && { cert: tls.cert }),
    ...(tls.key !== undefined && { key: tls.key }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    ...(tls.insecureSkipVerify === true && { rejectUnauthorized: false }),
  };
}

function headerText(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
