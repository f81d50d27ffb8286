import type { Flag } from './flag.ts';

/** Where several gateways keep results together. Passwords and TLS are for the file alone. */
export const SHARED_CACHE_FLAGS: readonly Flag[] = [
  {
    name: 'shared-cache.redis',
    kind: 'value',
    placeholder: 'HOST:PORT',
    help: 'Redis server where several gateways keep results of range queries together; needs --query.results-cache.size. Default none.',
    setting: ['shared_cache', 'redis', 'address'],
  },
  {
    name: 'shared-cache.memcached',
    kind: 'repeated',
    placeholder: 'HOST:PORT',
    help: 'memcached server for the same; repeatable, or a list with commas, and then keys are parted among the servers. Default none.',
    setting: ['shared_cache', 'memcached', 'addresses'],
  },
  {
    name: 'shared-cache.namespace',
    kind: 'value',
    placeholder: 'NAME',
    help: 'In front of each key. Gateways see the results of those with the same name. Default promweave.',
    setting: ['shared_cache', 'namespace'],
  },
  {
    name: 'shared-cache.timeout',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'How long a query waits for the shared cache; one that takes longer is not asked for a while. Default 50ms.',
    setting: ['shared_cache', 'timeout'],
  },
];
