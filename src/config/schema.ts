import { z } from 'zod';
import type {
  Config,
  GrpcClientConfig,
  GrpcConfig,
  HttpConfig,
  QueryConfig,
  ServerTlsConfig,
} from './config.ts';
import { access } from './access-schema.ts';
import { discovery } from './discovery-schema.ts';
import { endpoints, replication, tls } from './endpoint-schema.ts';
import { DEDUP_MODES, type DedupMode } from '../model/dedup-mode.ts';
import {
  byteSize,
  count,
  countOrNone,
  duration,
  externalUrl,
  headerName,
  hostName,
  listenAddress,
  portAddress,
  positiveDuration,
  text,
  webPath,
} from './fields.ts';
import { passedDespiteTenants } from './endpoint-rules.ts';
import { tenantsDespite } from './endpoint-tenants.ts';
import { endpointSettings } from './endpoint-settings.ts';
import { blockedQueries, limits } from './limits-schema.ts';
import { sharedCache, sharedCacheProblem } from './shared-cache-schema.ts';
import { tenancy } from './tenancy-schema.ts';

const deduplication: z.ZodType<DedupMode> = z.enum(DEDUP_MODES);

const http: z.ZodType<HttpConfig> = z.strictObject({
  address: listenAddress.prefault('0.0.0.0:10902'),
  admin_address: listenAddress.optional(),
  config_file: text.optional(),
  shutdown_delay: duration.prefault('5s'),
  grace_period: duration.prefault('2m'),
  route_prefix: webPath.optional(),
  external_url: externalUrl.optional(),
  external_prefix: webPath.optional(),
  prefix_header: headerName.optional(),
  disable_cors: z.boolean().default(false),
  cors_origin: text.optional(),
  allowed_hosts: z.array(hostName).default([]),
  enable_lifecycle: z.boolean().default(false),
  max_connections: count.default(512),
  read_timeout: positiveDuration.prefault('5m'),
  write_timeout: positiveDuration.prefault('10m'),
});

const serverTls: z.ZodType<ServerTlsConfig> = z.strictObject({
  cert_file: text,
  key_file: text,
  client_ca_file: text.optional(),
});

const grpc: z.ZodType<GrpcConfig> = z.strictObject({
  address: portAddress.prefault('0.0.0.0:10901'),
  tls: serverTls.optional(),
  max_connection_age: duration.prefault('0s'),
});

const grpcClient: z.ZodType<GrpcClientConfig> = z.strictObject({
  secure: z.boolean().default(false),
  tls: tls.optional(),
  compression: z.enum(['none', 'gzip']).default('none'),
  max_message_bytes: count.default(64 * 1024 ** 2),
});

const log: z.ZodType<Config['log']> = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  format: z.enum(['logfmt', 'json']).default('logfmt'),
});

const query: z.ZodType<QueryConfig> = z.strictObject({
  replica_labels: z.array(text).default(['__replica__']),
  deduplication: deduplication.default('gap-aware'),
  replication: replication.default('auto'),
  timeout: positiveDuration.prefault('2m'),
  endpoint_timeout: positiveDuration.prefault('20s'),
  max_concurrent: count.default(20),
  max_queued: count.default(200),
  max_concurrent_select: count.default(4),
  threads: countOrNone.optional(),
  max_samples: count.default(50_000_000),
  max_selectors: count.default(500),
  lookback_delta: positiveDuration.prefault('5m'),
  default_evaluation_interval: positiveDuration.prefault('1m'),
  partial_response: z.boolean().default(true),
  show_replaced: z.boolean().default(false),
  read_once: z.enum(['auto', 'off']).default('auto'),
  pushdown: z.enum(['auto', 'off']).default('off'),
  auto_downsampling: z.boolean().default(false),
  alert_external_labels: z.boolean().default(false),
  metadata_default_time_range: duration.prefault('0s'),
  metadata_cache_duration: duration.prefault('0s'),
  metadata_cache_bytes: count.default(32 * 1024 ** 2),
  results_cache_size: byteSize.default(0),
  results_cache_lifetime: positiveDuration.prefault('1h'),
  results_cache_min_fresh: duration.prefault('10m'),
  max_response_bytes: count.default(1024 ** 3),
  max_memory: byteSize.optional(),
  max_memory_per_query: byteSize.optional(),
  max_series: countOrNone.default(0),
  join_equal: z.boolean().default(false),
  remote_read_sample_limit: countOrNone.default(50_000_000),
  log_file: text.optional(),
  slow_query_log_threshold: duration.prefault('0s'),
});

const tracing: z.ZodType<Config['tracing']> = z
  .strictObject({ config: text.optional(), config_file: text.optional() })
  .refine(({ config, config_file: file }) => config === undefined || file === undefined, {
    error: 'has both config and config_file; leave one of them out',
  });

const WITH_TENANTS = 'has no effect where tenancy.enforce is true: clients count for their tenants then';
const WITHOUT_TENANTS = 'has no effect: set tenancy.enforce to true, or give limits.clients';

const BESIDE_TENANTS =
  "has a selector, which does not say whose data a server with tenants of its own (endpoints[].tenants) is asked for; make it ''";

/** The configuration file, and, key for key, what flags may override. */
export const configSchema: z.ZodType<Config> = z
  .strictObject({
    http: http.prefault({}),
    grpc: grpc.prefault({}),
    access: access.prefault({}),
    grpc_client: grpcClient.prefault({}),
    log: log.prefault({}),
    query: query.prefault({}),
    shared_cache: sharedCache.prefault({}),
    refresh_interval: positiveDuration.prefault('30s'),
    enable_features: z.array(text).default([]),
    endpoints,
    discovery: discovery.prefault({}),
    tracing: tracing.prefault({}),
    tenancy: tenancy.prefault({}),
    limits: limits.prefault({}),
    blocked_queries: blockedQueries,
  })
  .superRefine((config, context) => {
    if (!config.tenancy.enforce) return;
    for (const { path, endpoint } of endpointSettings(config)) {
      const message = passedDespiteTenants(endpoint);
      if (message !== undefined)
        context.addIssue({ code: 'custom', path: [...path, 'pass_headers'], message });
    }
  })
  .superRefine((config, context) => {
    const mapping = endpointSettings(config).filter(({ endpoint }) => endpoint.tenants !== undefined);
    for (const { path, endpoint } of mapping)
      for (const problem of tenantsDespite(endpoint, config.tenancy))
        context.addIssue({ code: 'custom', path: [...path, ...problem.path], message: problem.message });
    if (mapping.length === 0) return;
    for (const [name, selector] of Object.entries(config.tenancy.tenants))
      if (selector !== '')
        context.addIssue({ code: 'custom', path: ['tenancy', 'tenants', name], message: BESIDE_TENANTS });
  })
  .superRefine(({ query, shared_cache: shared }, context) => {
    const problem = sharedCacheProblem(shared, query.results_cache_size);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['shared_cache'], message: problem });
  })
  .superRefine(({ tenancy: { enforce }, limits: { tenants, clients } }, context) => {
    const without = enforce
      ? (['clients', clients, WITH_TENANTS] as const)
      : (['tenants', tenants, WITHOUT_TENANTS] as const);
    const [key, named, message] = without;
    if (Object.keys(named).length > 0) context.addIssue({ code: 'custom', path: ['limits', key], message });
  });
