import type { TlsConfig } from './endpoint-config.ts';
import type { PortAddress } from './port-address.ts';

/** Where several gateways keep results together: in one of both, or nowhere. */
export interface SharedCacheConfig {
  readonly redis?: RedisConfig | undefined;
  readonly memcached?: MemcachedConfig | undefined;
  /** In front of each key. */
  readonly namespace: string;
  /** How long a query waits for an answer. */
  readonly timeout: number;
  /** Bytes of the largest value that is kept or read. */
  readonly max_value_size: number;
}

export interface RedisConfig {
  readonly address: PortAddress;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly password_file?: string | undefined;
  readonly database: number;
  readonly tls?: TlsConfig | undefined;
}

export interface MemcachedConfig {
  readonly addresses: readonly PortAddress[];
  readonly tls?: TlsConfig | undefined;
}
