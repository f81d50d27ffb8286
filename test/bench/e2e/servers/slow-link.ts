import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface LinkOptions {
  /** Time that a byte takes from one end to the other, ms. */
  readonly delayMs: number;
  /** What the link carries in each direction, all connections together. */
  readonly bytesPerMs: number;
}

export interface SlowLink {
  readonly url: string;
  close(): Promise<void>;
}

/** Bytes under way on one connection beyond which the sender waits. More than delay times bandwidth. */
const WINDOW = 1_000_000;

/** A TCP server on the loopback that passes everything on to `port`, as late as a network would. */
export async function startSlowLink(port: number, options: LinkOptions): Promise<SlowLink> {
  const [up, down] = [new Lane(options), new Lane(options)];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const backend = connect({ port, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(from);
      // What an ended side sent is still under way: the lane ends the other side behind it.
      from.once('close', () => sockets.delete(from));
      from.on('error', () => to.destroy());
    }
    up.carry(client, backend);
    down.carry(backend, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** One direction of the link. A part begins when the line is free of those before it. */
class Lane {
  readonly #options: LinkOptions;
  #freeAt = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  carry(from: Socket, to: Socket): void {
    const waiting: { readonly part: Buffer; readonly dueAt: number }[] = [];
    let underWay = 0;
    let isTimerSet = false;
    let hasEnded = false;

    const deliver = (): void => {
      isTimerSet = false;
      const now = performance.now();
      while (waiting.length > 0 && waiting[0]!.dueAt <= now) {
        const { part } = waiting.shift()!;
        to.write(part, () => {
          underWay -= part.length;
          if (underWay < WINDOW) from.resume();
        });
      }
      if (waiting.length > 0) schedule();
      else if (hasEnded) to.end();
    };
    const schedule = (): void => {
      if (isTimerSet) return;
      isTimerSet = true;
      // Timers are late by half a millisecond on average.
      setTimeout(deliver, Math.max(0, waiting[0]!.dueAt - performance.now() - 0.5));
    };

    from.on('data', (part: Buffer) => {
      const { delayMs, bytesPerMs } = this.#options;
      this.#freeAt = Math.max(this.#freeAt, performance.now()) + part.length / bytesPerMs;
      waiting.push({ part, dueAt: this.#freeAt + delayMs });
      underWay += part.length;
      if (underWay >= WINDOW) from.pause();
      schedule();
    });
    from.on('end', () => {
      hasEnded = true;
      if (waiting.length === 0) to.end();
    });
  }
}
