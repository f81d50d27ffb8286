import { z } from 'zod';
import { hostPort } from '../model/host-port.ts';
import { tls } from './endpoint-schema.ts';
import { byteSize, positiveDuration, text } from './fields.ts';
import type { PortAddress } from './port-address.ts';
import type { MemcachedConfig, RedisConfig, SharedCacheConfig } from './shared-cache-config.ts';

const AN_ADDRESS = 'must be a host and a port, such as cache.example:6379, without a scheme';
const ADDRESS = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:\s/@[\]]+):(?<port>\d{1,5})$/;

const serverAddress: z.ZodType<PortAddress> = z.string({ error: AN_ADDRESS }).transform((given, context) => {
  const groups = ADDRESS.exec(given)?.groups;
  const port = Number(groups?.['port']);
  if (groups === undefined || port < 1 || port > 65_535) {
    // It may be a URL with a password in it.
    context.addIssue(AN_ADDRESS);
    return z.NEVER;
  }
  return { host: groups['host']!.replaceAll(/[[\]]/g, ''), port };
});

const redis: z.ZodType<RedisConfig> = z
  .strictObject({
    address: serverAddress,
    username: text.optional(),
    password: text.optional(),
    password_file: text.optional(),
    database: z.int({ error: 'must be a whole number' }).min(0, { error: 'must be 0 or more' }).default(0),
    tls: tls.optional(),
  })
  .refine(({ password, password_file: file }) => password === undefined || file === undefined, {
    error: 'has both password and password_file; leave one of them out',
  })
  .refine(
    ({ username, password, password_file: file }) =>
      username === undefined || (password ?? file) !== undefined,
    {
      error: 'has a username and no password; add password or password_file',
    },
  );

const MOST_SERVERS = 100;

const memcached: z.ZodType<MemcachedConfig> = z.strictObject({
  addresses: z
    .array(serverAddress)
    .min(1, { error: 'must name a server' })
    .max(MOST_SERVERS, { error: `may name ${MOST_SERVERS} servers at most` })
    .refine((all) => new Set(all.map(({ host, port }) => hostPort(host, port))).size === all.length, {
      error: 'names a server twice; keep one of them',
    }),
  tls: tls.optional(),
});

const NAMESPACE = /^[\w.-]{1,64}$/;
const LONGEST_TIMEOUT = 5000;

export const sharedCache: z.ZodType<SharedCacheConfig> = z
  .strictObject({
    redis: redis.optional(),
    memcached: memcached.optional(),
    namespace: text
      .refine((given) => NAMESPACE.test(given), {
        error: 'must be 1 to 64 letters, digits, dots, dashes and underscores',
      })
      .default('promweave'),
    timeout: positiveDuration
      .refine((ms) => ms <= LONGEST_TIMEOUT, { error: 'must be 5s or less: queries wait for it' })
      .prefault('50ms'),
    max_value_size: byteSize
      .refine((bytes) => bytes > 0, { error: 'must be more than 0; write for example 1000KiB' })
      .prefault('1000KiB'),
  })
  .refine((given) => given.redis === undefined || given.memcached === undefined, {
    error: 'has both redis and memcached; leave one of them out',
  });

/** What is wrong with it beside other settings. */
export function sharedCacheProblem(
  { redis, memcached }: SharedCacheConfig,
  resultsCacheSize: number,
): string | undefined {
  if ((redis ?? memcached) === undefined || resultsCacheSize > 0) return undefined;
  return 'has no effect without query.results_cache_size: set that to a size, such as 256MiB';
}
