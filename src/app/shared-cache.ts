import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import type { TlsConfig } from '../config/endpoint-config.ts';
import type { PortAddress } from '../config/port-address.ts';
import type { RedisConfig, SharedCacheConfig } from '../config/shared-cache-config.ts';
import type { SharedResults } from '../gateway/results-cache/shared/shared-pieces.ts';
import type { Clock } from '../model/clock.ts';
import { hostPort } from '../model/host-port.ts';
import type { Lateness } from '../model/lateness.ts';
import type { Timers } from '../model/timers.ts';
import type { CacheTls, ConnectCache } from '../shared-cache/cache-client.ts';
import type { SharedCache, SharedCacheCall } from '../shared-cache/shared-cache.ts';
import { type FileNote, PemFiles } from './pem-files.ts';
import { SecretFile } from './secret-file.ts';

/** What of a running gateway a shared cache needs, and tells. */
export interface SharedCacheParts {
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lateness: Lateness;
  readonly onCall: (call: SharedCacheCall) => void;
}

/** Where gateways keep results together, and how each of its servers fares. */
export interface RunningSharedCache {
  readonly cache: SharedCache;
  servers(): readonly { readonly server: string; readonly isThere: boolean }[];
}

/**
 * Begins to connect to the servers of a shared cache; undefined where there is none. What speaks to them is loaded only then. Rejects with
 * `bad_data` where a file of it cannot be used; a server that is not there is only logged.
 */
export async function startSharedCache(
  config: SharedCacheConfig,
  { logger, ...parts }: SharedCacheParts,
): Promise<RunningSharedCache | undefined> {
  const { redis, memcached, timeout: timeoutMs, max_value_size: mostValueBytes } = config;
  if (redis === undefined && memcached === undefined) return undefined;
  const note: FileNote = (level, message) => logger[level](`shared cache: ${message}`);
  const connectors =
    redis === undefined
      ? await toMemcached(memcached!.addresses, tlsSource(memcached!.tls, note), mostValueBytes)
      : [await toRedis(redis, note)];
  const { GuardedCache } = await import('../shared-cache/guarded-cache.ts');
  const { RingCache } = await import('../shared-cache/ring-cache.ts');
  const guards = connectors.map(({ server, connect }) => ({
    name: server,
    cache: new GuardedCache(
      { server, timeoutMs, mostValueBytes },
      {
        ...parts,
        connect,
        onChange: (trouble) =>
          trouble === undefined
            ? logger.info({ server }, 'the shared cache is asked again')
            : logger.warn(
                { server, reason: trouble },
                'the shared cache is not asked until it answers again',
              ),
      },
    ),
  }));
  return {
    cache: guards.length === 1 ? guards[0]!.cache : new RingCache(guards),
    servers: () => guards.map(({ name: server, cache: { isThere } }) => ({ server, isThere })),
  };
}

interface Connector {
  readonly server: string;
  readonly connect: ConnectCache;
}

async function toRedis(config: RedisConfig, note: FileNote): Promise<Connector> {
  const { redisConnector } = await import('../shared-cache/redis/connect.ts');
  const { address, username, password, password_file: file, database } = config;
  const secret = file === undefined ? undefined : new SecretFile(file, note);
  const tls = tlsSource(config.tls, note);
  return {
    server: hostPort(address.host, address.port),
    // Files are read again for each connection.
    connect: (signal) =>
      redisConnector({
        ...address,
        username,
        password: secret?.current() ?? password,
        database,
        tls: tls?.(),
      })(signal),
  };
}

async function toMemcached(
  addresses: readonly PortAddress[],
  tls: (() => CacheTls) | undefined,
  mostValueBytes: number,
): Promise<readonly Connector[]> {
  const { memcachedConnector } = await import('../shared-cache/memcached/connect.ts');
  return addresses.map((address) => ({
    server: hostPort(address.host, address.port),
    connect: (signal) => memcachedConnector({ ...address, tls: tls?.() }, mostValueBytes)(signal),
  }));
}

function tlsSource(tls: TlsConfig | undefined, note: FileNote): (() => CacheTls) | undefined {
  if (tls === undefined) return undefined;
  const files = new PemFiles({ ca: tls.ca_file, cert: tls.cert_file, key: tls.key_file }, note);
  const { server_name: serverName, insecure_skip_verify: acceptsAnyCertificate } = tls;
  return () => ({ ...files.current(), serverName, acceptsAnyCertificate });
}

/**
 * What of a configuration makes results of a gateway unlike those of another one, beside what the key of a query says of the query, its
 * caller, and the endpoints as they are seen. Which server answers may depend on secrets, so these go into it; it is a digest.
 */
export function sharedResults(
  cache: SharedCache,
  version: string,
  { query, endpoints, discovery, enable_features: features, grpc_client, shared_cache }: Config,
  hearers: Pick<SharedResults, 'onPiece' | 'onWaiting'>,
): SharedResults {
  const deciding = [
    version,
    endpoints,
    discovery,
    grpc_client,
    features.toSorted(),
    query.default_evaluation_interval,
    query.replication,
    query.results_cache_min_fresh,
  ];
  const fingerprint = createHash('sha256').update(JSON.stringify(deciding)).digest('base64');
  return { cache, namespace: shared_cache.namespace, fingerprint, ...hearers };
}
