import type { DedupMode } from '../model/dedup-mode.ts';
import type { Replication } from '../model/replication.ts';
import type { DiscoveryConfig } from './discovery-config.ts';
import type { EndpointConfig, TlsConfig } from './endpoint-config.ts';
import type { BlockedQueryConfig, LimitsConfig } from './limits-config.ts';
import type { PortAddress } from './port-address.ts';
import type { SharedCacheConfig } from './shared-cache-config.ts';
import type { TenancyConfig } from './tenancy-config.ts';

/** A validated configuration. Keys are those of the file; durations are milliseconds. */
export interface Config {
  readonly http: HttpConfig;
  readonly grpc: GrpcConfig;
  readonly access: AccessConfig;
  readonly grpc_client: GrpcClientConfig;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'logfmt' | 'json' };
  readonly query: QueryConfig;
  readonly shared_cache: SharedCacheConfig;
  /** How often endpoints are asked for their labels and health. */
  readonly refresh_interval: number;
  /** Names as Prometheus' `--enable-feature` takes them. */
  readonly enable_features: readonly string[];
  readonly endpoints: readonly EndpointConfig[];
  readonly tracing: TracingSource;
  readonly discovery: DiscoveryConfig;
  readonly tenancy: TenancyConfig;
  readonly limits: LimitsConfig;
  readonly blocked_queries: readonly BlockedQueryConfig[];
}

/** Where it is said where spans go: as a text, or in a file. Nowhere where both are left out. */
interface TracingSource {
  readonly config?: string | undefined;
  readonly config_file?: string | undefined;
}

/** A port, or the path of a socket of Unix. */
export type ListenAddress = PortAddress | { readonly path: string };

export interface HttpConfig {
  readonly address: ListenAddress;
  /** Where what is for those who run the gateway is served, and nowhere else; beside queries where it is left out. */
  readonly admin_address?: ListenAddress | undefined;
  /** A file of TLS and users, in the format of Prometheus. */
  readonly config_file?: string | undefined;
  /** How long requests are still taken after a signal to stop, so that load balancers see in time that it is not ready. */
  readonly shutdown_delay: number;
  /** How long open requests may go on after that. */
  readonly grace_period: number;
  readonly disable_cors: boolean;
  /** A pattern of RE2 for the whole origin of pages that may read answers; any where it is left out and everybody may ask. */
  readonly cors_origin?: string | undefined;
  /** The hosts that are served beside that of `external_url`; any where there is none. */
  readonly allowed_hosts: readonly string[];
  /** In front of every route, such as `/prometheus`; empty for none. That which clients use where it is left out. */
  readonly route_prefix?: string | undefined;
  /** Where clients reach this server. */
  readonly external_url?: string | undefined;
  /** What clients have in front of routes, whatever `external_url` and a proxy say. */
  readonly external_prefix?: string | undefined;
  /** The header in which a proxy tells what clients have in front of routes. */
  readonly prefix_header?: string | undefined;
  /** Whether clients may have the process stop or read its configuration again. */
  readonly enable_lifecycle: boolean;
  /** Of HTTP, and as many of gRPC. */
  readonly max_connections: number;
  /** Until a request is there; it counts for gRPC, too. */
  readonly read_timeout: number;
  /** From the first byte of an answer until a client has taken the last; it counts for gRPC, too. */
  readonly write_timeout: number;
}

/** Who may ask, over HTTP and over gRPC. */
export interface AccessConfig {
  /** Whether the health is told to callers without credentials. */
  readonly open_health: boolean;
  /** A file with bearer tokens by the names of clients. */
  readonly tokens_file?: string | undefined;
  readonly jwt?: JwtConfig | undefined;
  /** Addresses and networks of proxies that say in `user_header` whose request they pass on. */
  readonly trusted_proxies: readonly string[];
  readonly user_header: string;
}

/** Signed tokens that are taken. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** One of both says where the keys are. */
  readonly jwks_url?: string | undefined;
  readonly jwks_file?: string | undefined;
  readonly user_claim: string;
  readonly tenant_claim?: string | undefined;
  readonly clock_skew: number;
}

export interface GrpcConfig {
  readonly address: PortAddress;
  /** Plain text where it is left out. */
  readonly tls?: ServerTlsConfig | undefined;
  /** After how long a connection ends once its calls did; 0 for never. */
  readonly max_connection_age: number;
}

/** How endpoints of gRPC are called. */
export interface GrpcClientConfig {
  /** TLS for addresses without a scheme. */
  readonly secure: boolean;
  /** For endpoints that have no TLS settings of their own. */
  readonly tls?: TlsConfig | undefined;
  /** Of requests; answers are compressed as the server likes. */
  readonly compression: 'none' | 'gzip';
  /** Largest single message that is read. */
  readonly max_message_bytes: number;
}

/** Files in PEM format. */
export interface ServerTlsConfig {
  readonly cert_file: string;
  readonly key_file: string;
  /** Clients must show a certificate that this one signed. */
  readonly client_ca_file?: string | undefined;
}

export interface QueryConfig {
  readonly replica_labels: readonly string[];
  readonly deduplication: DedupMode;
  readonly replication: Replication;
  readonly timeout: number;
  /** One endpoint's share of `timeout`: a backend that hangs is given up after this. */
  readonly endpoint_timeout: number;
  readonly max_concurrent: number;
  /** Requests that wait for their turn; beyond, they are refused. */
  readonly max_queued: number;
  /** Selects of one query that run at the same time. */
  readonly max_concurrent_select: number;
  /** Threads that evaluate large queries beside the one that serves requests; as many as there are cores where it is left out. */
  readonly threads?: number | undefined;
  readonly max_samples: number;
  /** Different selectors of one query. */
  readonly max_selectors: number;
  readonly lookback_delta: number;
  readonly default_evaluation_interval: number;
  readonly partial_response: boolean;
  /** Whether answers tell of lost replicas that stand-ins make up for. */
  readonly show_replaced: boolean;
  /** Whether one replica of a shard is read alone where it is proven to have all. */
  readonly read_once: 'auto' | 'off';
  readonly pushdown: 'auto' | 'off';
  /** Range queries that name no resolution may read data with five samples a step, as Thanos' `auto` does. */
  readonly auto_downsampling: boolean;
  /** Whether lists of alerts have the external labels of the servers that the alerts are of. */
  readonly alert_external_labels: boolean;
  /** How far back lists of series and labels reach where a request gives no start; 0 means all times. */
  readonly metadata_default_time_range: number;
  /** How long lists of series, labels and metadata are kept; 0 keeps none. */
  readonly metadata_cache_duration: number;
  /** Most bytes that such lists take, all together. */
  readonly metadata_cache_bytes: number;
  /** Most bytes that results of range queries take which are kept, all together; 0 keeps none. */
  readonly results_cache_size: number;
  /** How long they are kept. */
  readonly results_cache_lifetime: number;
  /** Results of samples that are younger are not kept. */
  readonly results_cache_min_fresh: number;
  /** Most bytes that one endpoint may answer to one request. */
  readonly max_response_bytes: number;
  /** Bytes that all requests may hold together; 0 for no limit. A share of what the process has where it is left out. */
  readonly max_memory?: number | undefined;
  /** Bytes that one request may hold; 0 for no limit. Half of `max_memory` where it is left out. */
  readonly max_memory_per_query?: number | undefined;
  /** Series that one request may receive from all endpoints; 0 for no limit. */
  readonly max_series: number;
  /** Whether equal queries that come at nearly the same time are evaluated once. */
  readonly join_equal: boolean;
  /** Samples that one query of a remote read may be answered with, where they are not streamed; 0 for no limit. */
  readonly remote_read_sample_limit: number;
  /** Where each query is written down as Prometheus does it; nowhere where it is left out. */
  readonly log_file?: string | undefined;
  /** Queries that take so long are logged; 0 for none. */
  readonly slow_query_log_threshold: number;
}
