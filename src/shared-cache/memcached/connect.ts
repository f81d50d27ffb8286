import type { Socket } from 'node:net';
import type { CacheClient, CacheServer, ConnectCache } from '../cache-client.ts';
import { openSocket } from '../open-socket.ts';
import { type Reply, ReplyReader } from './reply-reader.ts';

/** A call that waits for its answer. The server answers in the order in which it was asked. */
interface Waiting {
  /** Hears of each reply; true where that was the last one of the call. Throws where it is none that belongs to the call. */
  readonly take: (reply: Reply) => boolean;
  readonly fail: (reason: Error) => void;
}

/** Longer times would be taken for a moment since 1970, s. */
const LONGEST_LIFETIME_S = 30 * 24 * 3600;

/** How a server says that it did not keep a value, and is well. */
const NOT_KEPT = /^(?:NOT_STORED$|SERVER_ERROR )/;

/** Connects to memcached servers by their text protocol, which proxies in front of them speak as well. */
export function memcachedConnector(server: CacheServer, mostValueBytes: number): ConnectCache {
  return async (signal) => {
    const socket = await openSocket(server, signal);
    const client = new MemcachedClient(socket, mostValueBytes);
    const giveUp = (): void => client.close();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await client.ping();
    } catch (thrown) {
      client.close();
      throw signal.aborted ? signal.reason : thrown;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
    return client;
  };
}

class MemcachedClient implements CacheClient {
  readonly #socket: Socket;
  readonly #reader: ReplyReader;
  readonly #waiting: Waiting[] = [];
  #end: Error | undefined;

  constructor(socket: Socket, mostValueBytes: number) {
    this.#socket = socket;
    this.#reader = new ReplyReader(mostValueBytes);
    socket.on('data', (piece: Buffer) => this.#read(piece));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('it ended the connection')));
  }

  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const found = new Map<string, Uint8Array>();
    return this.#ask([`get ${keys.join(' ')}\r\n`], (reply) => {
      if (reply.kind === 'line') {
        if (reply.text === 'END') return { result: keys.map((key) => found.get(key)) };
      } else if (keys.includes(reply.key) && !found.has(reply.key)) {
        found.set(reply.key, reply.bytes);
        return undefined;
      }
      return unexpected(reply);
    });
  }

  async put(key: string, value: Uint8Array, lifetimeMs: number): Promise<void> {
    const seconds = Math.min(Math.floor(lifetimeMs / 1000), LONGEST_LIFETIME_S);
    // 0 would be for ever.
    if (seconds < 1) return;
    const parts = [`set ${key} 0 ${seconds} ${value.length}\r\n`, value, '\r\n'];
    await this.#ask(parts, (reply) => {
      const isAnswer = reply.kind === 'line' && (reply.text === 'STORED' || NOT_KEPT.test(reply.text));
      return isAnswer ? { result: undefined } : unexpected(reply);
    });
  }

  async ping(): Promise<void> {
    await this.#ask(['version\r\n'], (reply) =>
      reply.kind === 'line' && reply.text.startsWith('VERSION ') ? { result: undefined } : unexpected(reply),
    );
  }

  close(): void {
    this.#fail(new Error('the connection was closed'));
  }

  /** @param take what a reply makes of the call: its result, or undefined where more is to come. */
  #ask<T>(
    parts: readonly (string | Uint8Array)[],
    take: (reply: Reply) => { readonly result: T } | undefined,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(this.#end);
        return;
      }
      this.#waiting.push({
        take: (reply) => {
          const done = take(reply);
          if (done !== undefined) resolve(done.result);
          return done !== undefined;
        },
        fail: reject,
      });
      this.#socket.cork();
      for (const part of parts) this.#socket.write(part);
      this.#socket.uncork();
    });
  }

  #read(piece: Buffer): void {
    try {
      for (const reply of this.#reader.read(piece)) {
        const [first] = this.#waiting;
        if (first === undefined) throw new Error('it sent something that nobody asked for');
        if (first.take(reply)) this.#waiting.shift();
      }
    } catch (thrown) {
      this.#fail(thrown as Error);
    }
  }

  #fail(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.#socket.destroy();
    for (const { fail } of this.#waiting.splice(0)) fail(reason);
  }
}

function unexpected(reply: Reply): never {
  const text = reply.kind === 'line' ? reply.text.slice(0, 100) : `the value of ${reply.key.slice(0, 100)}`;
  throw new Error(`it answered ${JSON.stringify(text)}, which was not asked for`);
}
