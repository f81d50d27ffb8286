import type { Socket } from 'node:net';
import { Flow } from './flow.ts';

/** The last bytes arrive before the end does. */
const END_AFTER_MS = 5;

/** A client's connection and the one to the server that belongs to it. */
export class Connection {
  readonly requests: Flow;
  readonly answers: Flow;
  readonly #client: Socket;
  readonly #server: Socket;

  constructor(client: Socket, server: Socket, moved: (connection: Connection, flow: Flow) => void) {
    this.#client = client;
    this.#server = server;
    client.setNoDelay(true);
    this.requests = new Flow(client, server, () => moved(this, this.requests));
    this.answers = new Flow(server, client, () => moved(this, this.answers));
    // A client that is gone wants no answer. What a server sent before it ended is still under way.
    client.once('close', () => server.destroy());
    client.on('error', () => {});
    server.on('error', () => this.reset());
  }

  /** Whether something came from the client since the last bytes were passed on to it. */
  get isUnanswered(): boolean {
    return this.requests.arrivedAt > this.answers.passedAt;
  }

  reset(): void {
    this.#server.destroy();
    this.#resetClient();
  }

  /** Ends it without a word. */
  close(): void {
    this.#server.destroy();
    this.#client.destroy();
  }

  /** Ends it in the middle of an answer, behind what was passed on. */
  breakOff(how: 'reset' | 'end'): void {
    this.#server.destroy();
    setTimeout(() => {
      if (how === 'reset') this.#resetClient();
      else this.#client.destroySoon();
    }, END_AFTER_MS);
  }

  /** Node 24 loses a socket that is reset while its end is under way, and then waits for it for ever when the process ends. */
  #resetClient(): void {
    if (this.#client.writableEnded) this.#client.destroy();
    else this.#client.resetAndDestroy();
  }
}
