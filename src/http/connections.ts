import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ClientLimits } from '../model/client-limits.ts';
import { OpenConnections } from '../model/open-connections.ts';
import type { Timers } from '../model/timers.ts';
import { connectionArrived } from '../model/turns.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';
import { answerTimeout } from './client-error.ts';
import { whenSent } from './when-sent.ts';

/** What Go's servers take: long queries come by GET, too. */
const LONGEST_HEADERS = 1024 * 1024;

/** Longer than load balancers keep theirs, mostly 60 s, so that those never send on one that ends at that moment. */
const KEEP_ALIVE_MS = 72_000;

/** Most time by which headers and requests may be late before the server notices, ms. */
const SLOWEST_CHECK_MS = 5000;

/** Requests that a client sends on one connection before the first of them is answered. Browsers and Go send one. */
const MOST_PIPELINED = 100;

/**
 * The connections of the HTTP server, and what ends those that their clients keep open without need: such as send headers or
 * bodies slowly, and such as take their answer slowly or not at all. An answer is made only as fast as it is taken, but the result
 * behind it is held until its end. So there is a limit for the whole, not a least rate: the larger an answer is, the faster it must
 * be taken.
 */
export class Connections {
  readonly #limits: ClientLimits;
  readonly #timers: Timers;
  readonly #onCut: CutObserver;
  readonly #uses = new WeakMap<Socket, Use>();
  readonly #open: OpenConnections<Socket>;

  constructor(limits: ClientLimits, timers: Timers, onCut: CutObserver) {
    this.#limits = limits;
    this.#timers = timers;
    this.#onCut = onCut;
    this.#open = new OpenConnections(limits.maxConnections, () => onCut('too_many'));
  }

  /** A server of Node that keeps to the limits, apart from those that {@link watch} adds. */
  createServer(handler: RequestListener): Server {
    const { readTimeout } = this.#limits;
    const headersTimeout = Math.min(this.#limits.headersTimeout, readTimeout);
    const server = createServer(
      {
        maxHeaderSize: LONGEST_HEADERS,
        headersTimeout,
        requestTimeout: readTimeout,
        connectionsCheckingInterval: Math.min(SLOWEST_CHECK_MS, Math.ceil(headersTimeout / 2)),
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
      handler,
    );
    server.on('connection', (socket) => {
      connectionArrived();
      this.#open.accept(socket);
    });
    server.on('timeout', (socket) => this.#stalled(socket));
    return server;
  }

  /** Watches how the requests of a server arrive, and how their answers are taken. */
  watch(server: FastifyInstance): void {
    server.addHook('onRequest', (request, _reply, done) => {
      const { raw } = request;
      const use = this.#begin(raw);
      const leave = this.#keep(raw);
      whenSent(request, () => {
        use.answers--;
        leave();
      });
      if (use.answers <= MOST_PIPELINED) return done();
      this.#onCut('too_many');
      raw.socket.destroy();
    });
    server.addHook('onSend', (request, _reply, payload, done) => {
      const cut = (): void => {
        this.#onCut('long_answer');
        request.raw.socket.destroy();
      };
      whenSent(request, this.#timers.after(this.#limits.writeTimeout, cut));
      done(null, payload);
    });
  }

  #begin(request: IncomingMessage): Use {
    const { socket } = request;
    const use = this.#uses.get(socket) ?? { answers: 0, latest: request };
    this.#uses.set(socket, use);
    use.answers++;
    use.latest = request;
    // Every byte of either side starts it anew. Node sets its own between requests. A request that tests inject has no socket.
    if (socket instanceof Socket) socket.setTimeout(this.#limits.stallTimeout);
    return use;
  }

  /**
   * A request keeps its connection once it is whole. Its body may have been read before, or come after the answer. Call what it
   * returns when the answer was sent.
   */
  #keep(request: IncomingMessage): () => void {
    let isAnswered = false;
    let leave: (() => void) | undefined;
    const arrived = (): void => {
      if (!isAnswered) leave = this.#open.begin(request.socket);
    };
    if (!hasBody(request) || request.readableEnded) arrived();
    else request.once('end', arrived);
    return () => {
      isAnswered = true;
      leave?.();
    };
  }

  /** Nothing was read or written for a while. */
  #stalled(socket: Socket): void {
    const use = this.#uses.get(socket);
    if (use === undefined || use.answers === 0) socket.destroy();
    else if (!use.latest.complete) {
      this.#onCut('slow_request');
      answerTimeout(socket, this.#timers);
    } else if (socket.writableLength > 0) {
      this.#onCut('slow_reader');
      socket.destroy();
    }
    // The answer is still being made.
    else socket.setTimeout(this.#limits.stallTimeout);
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

interface Use {
  /** That are being made or sent. */
  answers: number;
  latest: IncomingMessage;
}
