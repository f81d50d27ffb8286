import type { Config } from '../config/config.ts';
import { passedHeaders, tenantsWithPlace } from '../config/endpoint-settings.ts';
import { blockedQueriesOf } from './blocked-queries.ts';
import { callerLimits } from './caller-limits.ts';
import { clientLimits } from './client-limits.ts';
import type { SharedResults } from '../gateway/results-cache/shared/shared-pieces.ts';
import type { MemoryLimits } from './memory-limits.ts';
import type { PromqlServerOptions } from './promql-server.ts';
import { tenancyOf } from './tenancy.ts';

/**
 * What a configuration says about how requests are answered.
 * @param shared where several gateways keep results together.
 */
export function promqlSettings(
  config: Config,
  memory: MemoryLimits,
  shared?: SharedResults,
): Pick<
  PromqlServerOptions,
  'defaults' | 'limits' | 'features' | 'tenancy' | 'callers' | 'blocked' | 'listCache' | 'resultsCache'
> {
  const { query } = config;
  return {
    defaults: {
      dedup: true,
      dedupMode: query.deduplication,
      replicaLabels: query.replica_labels,
      partialResponse: query.partial_response,
      autoDownsampling: query.auto_downsampling,
      metadataRange: query.metadata_default_time_range || undefined,
      showReplaced: query.show_replaced,
      pushdown: query.pushdown === 'auto',
      alertExternalLabels: query.alert_external_labels,
      passedHeaders: passedHeaders(config),
    },
    limits: {
      timeout: query.timeout,
      maxConcurrent: query.max_concurrent,
      maxQueued: query.max_queued,
      maxConcurrentSelects: query.max_concurrent_select,
      maxSelectors: query.max_selectors,
      joinsEqual: query.join_equal,
      readSamples: query.remote_read_sample_limit,
      budget: { bytes: memory.ofQuery, series: query.max_series },
      maxSamples: query.max_samples,
      lookbackDelta: query.lookback_delta,
      defaultEvaluationInterval: query.default_evaluation_interval,
      clients: clientLimits(config),
    },
    features: new Set(config.enable_features),
    tenancy: tenancyOf(config.tenancy, tenantsWithPlace(config)),
    resultsCache: {
      bytes: query.results_cache_size,
      lifetime: query.results_cache_lifetime,
      minFresh: query.results_cache_min_fresh,
      shared,
    },
    callers: callerLimits(config.limits),
    blocked: blockedQueriesOf(config.blocked_queries),
    listCache: { lifetime: query.metadata_cache_duration, bytes: query.metadata_cache_bytes },
  };
}
