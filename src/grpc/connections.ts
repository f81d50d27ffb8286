import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { MOST_PENDING, type ClientLimits } from '../model/client-limits.ts';
import { OpenConnections } from '../model/open-connections.ts';
import type { Timers } from '../model/timers.ts';
import { connectionArrived, enter } from '../model/turns.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';

/** The preface of HTTP/2, and the head of the frame that must follow it (RFC 9113 §3.4). Handshakes of TLS are longer. */
const SHORTEST_BEGINNING = 24 + 9;

/** Both ends of a connection, as sockets and calls tell them. */
interface Ends {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * Takes the connections of a gRPC server and hands them on to it. The library can listen itself, but then it takes any number of
 * connections, and keeps such as never say a word.
 */
export class Connections {
  readonly #handOn: (socket: Socket) => void;
  readonly #limits: Pick<ClientLimits, 'maxConnections' | 'headersTimeout'>;
  readonly #timers: Timers;
  readonly #onCut: CutObserver;
  readonly #listeners: Server[] = [];
  readonly #open: OpenConnections<Socket>;
  /** By {@link keyOf}, since a call tells no more of its connection than its ends. */
  readonly #sockets = new Map<string, Socket>();

  constructor(
    handOn: (socket: Socket) => void,
    limits: Pick<ClientLimits, 'maxConnections' | 'headersTimeout'>,
    timers: Timers,
    onCut: CutObserver,
  ) {
    this.#handOn = handOn;
    this.#limits = limits;
    this.#timers = timers;
    this.#onCut = onCut;
    this.#open = new OpenConnections(limits.maxConnections, () => onCut('too_many'));
  }

  /** Resolves to the port. Rejects with the error of the system. */
  async listen(host: string, port: number): Promise<number> {
    const listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    listener.listen({ port, host, backlog: MOST_PENDING });
    await once(listener, 'listening');
    this.#listeners.push(listener);
    const bound = listener.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  /** Takes no more connections. Resolves once those that are open have ended. */
  async close(): Promise<void> {
    const closing = this.#listeners.splice(0).map(async (listener) => {
      listener.close();
      await once(listener, 'close');
    });
    await Promise.all(closing);
  }

  /** Ends all connections, whatever their clients do. */
  destroy(): void {
    this.#open.destroy();
  }

  /** Hears that the whole request of a call is there. Call what it returns, once, when the call is over. */
  begin(ends: Ends): () => void {
    const socket = this.#sockets.get(keyOf(ends));
    return socket === undefined ? () => undefined : this.#open.begin(socket);
  }

  #accept(socket: Socket): void {
    connectionArrived();
    if (!this.#open.accept(socket)) return;
    const stop = this.#timers.after(this.#limits.headersTimeout, () => {
      if (socket.bytesRead >= SHORTEST_BEGINNING) return;
      this.#onCut('slow_request');
      socket.destroy();
    });
    const key = keyOf(socket);
    this.#sockets.set(key, socket);
    socket.once('close', () => {
      stop();
      // A client may have come again from the same port.
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    });
    // To begin a session costs a millisecond.
    enter(() => {
      if (!socket.destroyed) this.#handOn(socket);
    });
  }
}

function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Ends): string {
  return `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
}
