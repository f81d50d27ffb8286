import { threadsOf } from './threads.ts';
import type { Config, ListenAddress } from '../config/config.ts';
import { formatBytes } from '../model/byte-size.ts';
import { formatDuration } from '../model/duration.ts';
import { hostPort } from '../model/host-port.ts';
import type { MemoryLimits } from './memory-limits.ts';
import { webPrefix } from './web-prefix.ts';

/** The settings in force by the names of their flags, for `/api/v1/status/flags`. Files and endpoints are not among them. */
export function flagsInForce(
  {
    http,
    grpc,
    query,
    log,
    discovery,
    tenancy,
    refresh_interval: refresh,
    enable_features: features,
  }: Config,
  memory: MemoryLimits,
): Readonly<Record<string, string>> {
  const text = (at: ListenAddress): string => ('path' in at ? `unix:${at.path}` : hostPort(at.host, at.port));
  return {
    'deduplication.func': query.deduplication,
    'enable-feature': features.join(','),
    'grpc-address': text(grpc.address),
    'grpc-server-max-connection-age': formatDuration(grpc.max_connection_age),
    'http-address': text(http.address),
    'http-grace-period': formatDuration(http.grace_period),
    'http-shutdown-delay': formatDuration(http.shutdown_delay),
    'log.format': log.format,
    'log.level': log.level,
    'query.alert-external-labels': String(query.alert_external_labels),
    'query.auto-downsampling': String(query.auto_downsampling),
    'query.default-tenant-id': tenancy.default_tenant ?? '',
    'query.default-evaluation-interval': formatDuration(query.default_evaluation_interval),
    'query.endpoint-timeout': formatDuration(query.endpoint_timeout),
    'query.log-file': query.log_file ?? '',
    'query.slow-query-log-threshold': formatDuration(query.slow_query_log_threshold),
    'query.lookback-delta': formatDuration(query.lookback_delta),
    'query.max-concurrent': String(query.max_concurrent),
    'query.threads': String(threadsOf(query)),
    'query.max-concurrent-select': String(query.max_concurrent_select),
    'query.max-memory': formatBytes(memory.ofProcess),
    'query.max-memory-per-query': formatBytes(memory.ofQuery),
    'query.max-queued': String(query.max_queued),
    'query.max-samples': String(query.max_samples),
    'query.max-selectors': String(query.max_selectors),
    'query.max-series': String(query.max_series),
    'query.metadata.cache-duration': formatDuration(query.metadata_cache_duration),
    'query.metadata.default-time-range': formatDuration(query.metadata_default_time_range),
    'query.partial-response': String(query.partial_response),
    'query.show-replaced': String(query.show_replaced),
    'query.read-once': query.read_once,
    'query.results-cache.lifetime': formatDuration(query.results_cache_lifetime),
    'query.results-cache.min-fresh': formatDuration(query.results_cache_min_fresh),
    'query.results-cache.size': formatBytes(query.results_cache_size),
    'query.pushdown': query.pushdown,
    'query.replica-label': query.replica_labels.join(','),
    'query.replication': query.replication,
    'query.enforce-tenancy': String(tenancy.enforce),
    'query.tenant-certificate-field': tenancy.certificate_field ?? '',
    'query.tenant-header': tenancy.header,
    'query.tenant-label-name': tenancy.label,
    'query.timeout': formatDuration(query.timeout),
    'refresh-interval': formatDuration(refresh),
    'storage.remote.read-sample-limit': String(query.remote_read_sample_limit),
    'store.sd-dns-interval': formatDuration(discovery.dns_interval),
    'store.sd-interval': formatDuration(discovery.file_interval),
    'web.admin-address': http.admin_address === undefined ? '' : text(http.admin_address),
    'web.allowed-host': http.allowed_hosts.join(','),
    'web.cors.origin': http.cors_origin ?? '',
    'web.disable-cors': String(http.disable_cors),
    'web.external-prefix': http.external_prefix ?? '',
    'web.external-url': http.external_url ?? '',
    'web.prefix-header': http.prefix_header ?? '',
    'web.route-prefix': webPrefix(http).route || '/',
    'web.enable-lifecycle': String(http.enable_lifecycle),
    'web.max-connections': String(http.max_connections),
    'web.read-timeout': formatDuration(http.read_timeout),
    'web.write-timeout': formatDuration(http.write_timeout),
  };
}
