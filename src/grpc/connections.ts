import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { ClientLimits } from '../model/client-limits.ts';
import type { Timers } from '../model/timers.ts';
import type { CutObserver } from '../telemetry/cut-metrics.ts';

/** The preface of HTTP/2, and the head of the frame that must follow it (RFC 9113 §3.4). Handshakes of TLS are longer. */
const SHORTEST_BEGINNING = 24 + 9;

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
  readonly #open = new Set<Socket>();

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
  }

  /** Resolves to the port. Rejects with the error of the system. */
  async listen(host: string, port: number): Promise<number> {
    const listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    listener.listen(port, host);
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
    for (const socket of this.#open) socket.destroy();
  }

  /** Where there are too many, one that has not said a word has to go, or else the new one. */
  #accept(socket: Socket): void {
    if (this.#open.size >= this.#limits.maxConnections) {
      this.#onCut('too_many');
      const silent = [...this.#open].find(({ bytesRead }) => bytesRead < SHORTEST_BEGINNING);
      (silent ?? socket).destroy();
      if (silent === undefined) return;
    }
    const stop = this.#timers.after(this.#limits.headersTimeout, () => {
      if (socket.bytesRead >= SHORTEST_BEGINNING) return;
      this.#onCut('slow_request');
      socket.destroy();
    });
    this.#open.add(socket);
    socket.once('close', () => {
      stop();
      this.#open.delete(socket);
    });
    this.#handOn(socket);
  }
}
