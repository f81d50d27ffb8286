import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../free-port.ts';
import { Connection } from './connection.ts';
import { listenDeaf, type DeafPort } from './deaf-port.ts';
import { NO_FAULT, type Fault } from './fault.ts';
import type { Flow } from './flow.ts';
import { Line } from './line.ts';

const HOST = '127.0.0.1';

/**
 * A TCP server on the loopback before another one. It passes bytes on, or treats them as the fault of the moment says. Close it before the
 * test ends.
 */
export class FaultProxy {
  readonly port: number;
  readonly #target: number;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #deaf: DeafPort | undefined;
  #fault: Fault = NO_FAULT;
  #lines: { readonly requests: Line; readonly answers: Line } | undefined;
  #accepted = 0;

  private constructor(target: number, port: number, server: Server) {
    this.#target = target;
    this.port = port;
    this.#server = this.#serve(server);
  }

  /** Passes on to a port of the loopback. */
  static async start(target: number): Promise<FaultProxy> {
    // One that the system gives to nobody while the proxy does not listen on it.
    const port = await freePort();
    return new FaultProxy(target, port, await listen(port));
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#connections.size;
  }

  /** Those of them on which a request waits for the first byte of its answer. */
  get unanswered(): number {
    return [...this.#connections].filter(({ isUnanswered }) => isUnanswered).length;
  }

  /** Connections since the start. */
  get accepted(): number {
    return this.#accepted;
  }

  /** What happens from now on, to open connections as well. */
  async set(fault: Fault): Promise<void> {
    this.#lines?.requests.stop();
    this.#lines?.answers.stop();
    this.#lines = fault.kind === 'slow' ? { requests: new Line(fault), answers: new Line(fault) } : undefined;
    const isMoved = fault.kind === 'instead' || this.#fault.kind === 'instead';
    this.#fault = fault;
    if (isMoved || fault.kind === 'refusing') this.#reset();
    await this.#listenAs(fault);
    for (const connection of this.#connections) {
      connection.answers.passed = 0;
      this.#move(connection, connection.requests);
      this.#move(connection, connection.answers);
    }
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.set({ kind: 'refusing' });
  }

  async #listenAs({ kind }: Fault): Promise<void> {
    if (kind !== 'dropping') {
      await this.#deaf?.close();
      this.#deaf = undefined;
    }
    if (kind === 'refusing' || kind === 'dropping') {
      // Open connections stay: the server is closed once they are gone.
      this.#server?.close();
      this.#server = undefined;
      if (kind === 'dropping') this.#deaf ??= await listenDeaf(this.port);
    } else this.#server ??= this.#serve(await listen(this.port));
  }

  #serve(server: Server): Server {
    return server.on('connection', (client: Socket) => this.#accept(client));
  }

  #accept(client: Socket): void {
    this.#accepted++;
    const port = this.#fault.kind === 'instead' ? this.#fault.port : this.#target;
    const server = connect({ port, host: HOST, noDelay: true });
    const connection = new Connection(client, server, (moved, flow) => this.#move(moved, flow));
    this.#connections.add(connection);
    client.once('close', () => this.#connections.delete(connection));
  }

  #reset(): void {
    for (const connection of this.#connections) connection.reset();
  }

  /** Passes on what waits in a flow, as the fault allows. */
  #move(connection: Connection, flow: Flow): void {
    const fault = this.#fault;
    const isAnswer = flow === connection.answers;
    switch (fault.kind) {
      case 'silent':
      case 'dropping':
      case 'refusing':
        return;
      case 'slow':
        return this.#lines![isAnswer ? 'answers' : 'requests'].carry(flow);
      case 'none':
      case 'instead':
        break;
      case 'resetting':
      case 'truncating':
        if (isAnswer) return passUntil(connection, fault);
        break;
      case 'corrupting':
        if (isAnswer) return passCorrupted(flow, fault.everyBytes);
        break;
    }
    for (let part = flow.take(Infinity); part !== undefined; part = flow.take(Infinity)) flow.pass(part);
    endWhereEnded(flow);
  }
}

function passUntil(
  connection: Connection,
  { kind, afterBytes }: Extract<Fault, { readonly kind: 'resetting' | 'truncating' }>,
): void {
  const { answers } = connection;
  while (answers.passed < afterBytes) {
    const part = answers.take(afterBytes - answers.passed);
    if (part === undefined) return endWhereEnded(answers);
    answers.pass(part);
  }
  if (answers.passed > 0 || !answers.isEmpty) connection.breakOff(kind === 'resetting' ? 'reset' : 'end');
}

function passCorrupted(answers: Flow, everyBytes: number): void {
  for (let part = answers.take(Infinity); part !== undefined; part = answers.take(Infinity)) {
    const corrupted = Buffer.from(part);
    const first = everyBytes - 1 - (answers.passed % everyBytes);
    for (let i = first; i < corrupted.length; i += everyBytes) corrupted[i]! ^= 0xff;
    answers.pass(corrupted);
  }
  endWhereEnded(answers);
}

function endWhereEnded(flow: Flow): void {
  if (flow.takeEnd()) flow.to.end();
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}
