import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ClientLimits } from '../model/client-limits.ts';
import { OpenConnections } from '../model/open-connections.ts';
import type { Timers } from '../model/timers.ts';
import { connectionArrived, enter } from '../model/turns.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';
import { keepArrival } from './caller.ts';
import { answerFull, answerTimeout } from './client-error.ts';
import { connectionOf, createSecureServer, type TlsSource } from './secure-connections.ts';
import { trackAnswer, whenSent } from './when-sent.ts';

/** What Go's servers take: long queries come by GET, too. */
const LONGEST_HEADERS = 1024 * 1024;

/** Longer than load balancers keep theirs, mostly 60 s, so that those never send on one that ends at that moment. */
const KEEP_ALIVE_MS = 72_000;

/** Most time by which headers and requests may be late before the server notices, ms. */
const SLOWEST_CHECK_MS = 5000;

/**
 * When a client that ended its side is asked again whether it is still there, ms; then after twice as long, and so on. The work of one
 * that left should end within 100 ms.
 */
const ASK_AGAIN_MS = 20;

/** Requests that a client sends on one connection before the first of them is answered. Browsers and Go send one. */
const MOST_PIPELINED = 100;

/**
 * What balancers ask. It costs next to nothing, so it is answered before all that came earlier, and so many more connections than there
 * may be are kept until it shows that they do not ask that.
 */
const SPARE_FOR_PROBES = 1 / 8;
const PROBES: ReadonlySet<string> = new Set(['/-/healthy', '/-/ready']);

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
  readonly #routeOf: (url: string) => string;
  readonly #uses = new WeakMap<Socket, Use>();
  readonly #open: OpenConnections<Socket>;

  /** @param routeOf what of a request's URL routes are found by. */
  constructor(
    limits: ClientLimits,
    timers: Timers,
    onCut: CutObserver,
    routeOf: (url: string) => string = (url) => url,
  ) {
    this.#limits = limits;
    this.#timers = timers;
    this.#onCut = onCut;
    this.#routeOf = routeOf;
    const { maxConnections } = limits;
    const spare = Math.floor(maxConnections * SPARE_FOR_PROBES);
    this.#open = new OpenConnections(maxConnections, () => onCut('too_many'), spare);
  }

  /**
   * A server of Node that keeps to the limits, apart from those that {@link watch} adds.
   * @param tls plain text where it is left out.
   */
  createServer(handler: RequestListener, tls?: TlsSource): Server | SecureServer {
    const { readTimeout } = this.#limits;
    const headersTimeout = Math.min(this.#limits.headersTimeout, readTimeout);
    const options: ServerOptions = {
      maxHeaderSize: LONGEST_HEADERS,
      headersTimeout,
      requestTimeout: readTimeout,
      connectionsCheckingInterval: Math.min(SLOWEST_CHECK_MS, Math.ceil(headersTimeout / 2)),
      keepAliveTimeout: KEEP_ALIVE_MS,
    };
    const arrived: RequestListener = (request, answer) => this.#arrived(request, answer, handler);
    const server: Server | SecureServer =
      tls === undefined
        ? createServer(options, arrived)
        : createSecureServer(options, tls, headersTimeout, arrived);
    // A client may end its side behind its request and wait for the answer. Over TLS none does, and one that left in a handshake would stay.
    if (tls === undefined) Object.assign(server, { httpAllowHalfOpen: true });
    server.on('connection', (socket: Socket) => {
      connectionArrived();
      if (this.#open.accept(socket) && tls === undefined) socket.once('end', () => this.#sideEnded(socket));
    });
    server.on('timeout', (socket: Socket) => this.#stalled(socket));
    return server;
  }

  /** Watches how the answers of a server are taken. */
  watch(server: FastifyInstance): void {
    server.addHook('onSend', (request, _reply, payload, done) => {
      const cut = (): void => {
        this.#onCut('long_answer');
        request.raw.socket.destroy();
      };
      whenSent(request, this.#timers.after(this.#limits.writeTimeout, cut));
      done(null, payload);
    });
  }

  #arrived(request: IncomingMessage, answer: ServerResponse, handler: RequestListener): void {
    const { socket } = request;
    // What came in one packet is read to its end, even where the connection was cut meanwhile.
    if (socket.destroyed) return;
    keepArrival(request);
    trackAnswer(request, answer);
    const use = this.#begin(request, answer);
    const leave = this.#keep(request);
    whenSent({ raw: request }, () => {
      use.open.delete(answer);
      leave();
    });
    const isProbe = PROBES.has(this.#routeOf(request.url ?? ''));
    if (use.open.size > MOST_PIPELINED) {
      this.#onCut('too_many');
      socket.destroy();
    } else if (this.#open.isFull && !isProbe) {
      this.#onCut('too_many');
      answerFull(answer, this.#limits.maxConnections);
    }
    // A balancer asks one thing after the other. Whoever sends many at once waits as with anything else.
    else if (isProbe && use.open.size === 1) handler(request, answer);
    else
      enter(() => {
        if (!socket.destroyed) handler(request, answer);
      });
  }

  #begin(request: IncomingMessage, answer: ServerResponse): Use {
    const { socket } = request;
    const use = this.#uses.get(socket) ?? { open: new Set(), latest: request };
    this.#uses.set(socket, use);
    use.open.add(answer);
    use.latest = request;
    // Every byte of either side starts it anew. Node sets its own between requests.
    socket.setTimeout(this.#limits.stallTimeout);
    return use;
  }

  /**
   * The client ended its side: it waits for its answers, or has left. TCP tells the two apart only where something is sent: the system of
   * one that left resets the connection then, and the next thing that is sent finds that out. So it is told again and again that its
   * request is being worked on. HTTP/1.0 has no such word, so there who ends its side has left.
   */
  #sideEnded(socket: Socket): void {
    const use = this.#uses.get(socket);
    const [first] = use?.open ?? [];
    if (use === undefined || first === undefined) return;
    if (use.latest.httpVersionMinor === 0) {
      if (!first.headersSent) socket.destroy();
      return;
    }
    let cancel = (): void => undefined;
    const ask = (againMs: number): void => {
      const [answer] = use.open;
      if (answer?.headersSent === false) answer.writeProcessing();
      cancel = this.#timers.after(againMs, () => ask(2 * againMs));
    };
    socket.once('close', () => cancel());
    ask(ASK_AGAIN_MS);
  }

  /**
   * A request keeps its connection once it is whole. Its body may come after the answer. Call what it returns when the answer was
   * sent.
   */
  #keep(request: IncomingMessage): () => void {
    let isAnswered = false;
    let leave: (() => void) | undefined;
    const arrived = (): void => {
      if (!isAnswered) leave = this.#open.begin(connectionOf(request.socket));
    };
    if (!hasBody(request)) arrived();
    else request.once('end', arrived);
    return () => {
      isAnswered = true;
      leave?.();
    };
  }

  /** Nothing was read or written for a while. */
  #stalled(socket: Socket): void {
    const use = this.#uses.get(socket);
    if (use === undefined || use.open.size === 0) socket.destroy();
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
  /** That are being made or sent, in the order of their requests. */
  readonly open: Set<ServerResponse>;
  latest: IncomingMessage;
}
