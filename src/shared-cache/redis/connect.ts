import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import type { CacheClient, CacheServer, ConnectCache } from '../cache-client.ts';
import { tlsOptions } from '../open-socket.ts';

export interface RedisServer extends CacheServer {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database: number;
}

/** Calls that wait for an answer; the guard in front of it lets fewer through. */
const MOST_WAITING = 2048;

/** Connects to a Redis server, or to what speaks its protocol. It does not connect again by itself: that is decided elsewhere. */
export function redisConnector({ host, port, tls, username, password, database }: RedisServer): ConnectCache {
  return async (signal) => {
    const client = createClient({
      // Of version 2, as older servers and proxies speak it.
      RESP: 2,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      database,
      socket: {
        host,
        port,
        reconnectStrategy: false,
        ...(tls === undefined ? {} : { tls: true, ...tlsOptions(host, tls) }),
      },
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: 'disabled',
      commandsQueueMaxLength: MOST_WAITING,
    });
    let broken: Error | undefined;
    // Answers that nobody waits for, and bytes that are no answers, show here alone.
    client.on('error', (error: Error) => {
      broken = error;
      if (client.isOpen) client.destroy();
    });
    const giveUp = (): void => client.destroy();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await client.connect();
      // Without a password and a database nothing was asked yet.
      await client.ping();
    } catch (thrown) {
      if (client.isOpen) client.destroy();
      throw signal.aborted ? signal.reason : (broken ?? thrown);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
    const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    return {
      get: async (keys) => {
        const values: readonly unknown[] = await binary.mGet([...keys]);
        if (!Array.isArray(values) || values.length !== keys.length)
          throw new Error('it answered with another number of values than were asked for');
        return values.map((value) => (value instanceof Uint8Array ? value : undefined));
      },
      put: async (key, value, lifetimeMs) => {
        const expiration = { type: 'PX', value: Math.floor(lifetimeMs) } as const;
        const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
        await client.set(key, bytes, { expiration }).catch((thrown: unknown) => {
          // It has no room, or is a copy that is read alone: what is there can be had all the same.
          if (!(thrown instanceof ErrorReply)) throw thrown;
        });
      },
      ping: async () => void (await client.ping()),
      close: () => {
        if (client.isOpen) client.destroy();
      },
    } satisfies CacheClient;
  };
}
