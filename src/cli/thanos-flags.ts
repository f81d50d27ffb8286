/**
 * Flags of `thanos query` that have no effect here. They are accepted, so that such a command line starts the gateway; the
 * log names each of them with the reason. None of them keeps clients out: without the effect of such a flag the server would be open.
 */
export interface ThanosFlag {
  readonly kind: 'value' | 'switch';
  readonly reason: string;
}

const NOT_YET = 'not supported yet';
const NO_MEANING = 'has no meaning here';
const GRPC = `${NOT_YET} for gRPC`;
const RELABEL = `${NOT_YET}: every endpoint is asked for every block that it has`;
const PARTIAL = `${NOT_YET} apart from queries: use --query.partial-response or the parameter partial_response`;

const value = (reason: string): ThanosFlag => ({ kind: 'value', reason });
const toggle = (reason: string): ThanosFlag => ({ kind: 'switch', reason });

const FLAGS: Readonly<Record<string, ThanosFlag>> = {
  'alert.query-url': value(NOT_YET),
  'auto-gomemlimit.ratio': value(`${NO_MEANING}: the runtime is not Go`),
  'enable-auto-gomemlimit': toggle(`${NO_MEANING}: the runtime is not Go`),
  'endpoint.info-timeout': value(GRPC),
  'endpoint.sd-config': value(`${NOT_YET}: use --endpoint.sd-config-file`),
  'exemplar.partial-response': toggle(PARTIAL),
  'grpc-client-tls-min-version': value(GRPC),
  'grpc-compression': value(
    `${NO_MEANING}: samples are compressed already; for requests set grpc_client.compression to gzip`,
  ),
  'grpc-grace-period': value(`${NO_MEANING}: --http-grace-period counts for both`),
  'grpc-server-tls-ciphers': value(GRPC),
  'grpc-server-tls-curves': value(GRPC),
  'grpc-server-tls-min-version': value(GRPC),
  'grpc.proxy-strategy': value(GRPC),
  'metric-metadata.partial-response': toggle(PARTIAL),
  'query.active-query-path': value(NOT_YET),
  'query.conn-metric.label': value(GRPC),
  'query.default-step': value(`${NO_MEANING}: the page chooses steps by the width of its graphs`),
  'query.disable-fallback': toggle(`${NO_MEANING}: there is one engine`),
  'query.distributed-with-overlapping-interval': toggle(NOT_YET),
  'query.dynamic-lookback-delta': toggle(`${NO_MEANING}: it is always on for downsampled data`),
  'query.enable-x-functions': toggle(NOT_YET),
  'query.instant.default.max_source_resolution': value(`${NOT_YET}: use the parameter max_source_resolution`),
  'query.lazy-retrieval-max-buffered-responses': value(GRPC),
  'query.mode': value(`${NO_MEANING}: queries are evaluated here, on raw samples`),
  'query.partition-label': value(NOT_YET),
  'query.promql-engine': value(`${NO_MEANING}: there is one engine`),
  'query.telemetry.request-duration-seconds-quantiles': value(NOT_YET),
  'query.telemetry.request-samples-quantiles': value(NOT_YET),
  'query.telemetry.request-series-seconds-quantiles': value(NOT_YET),
  'request.logging-config': value(NOT_YET),
  'request.logging-config-file': value(NOT_YET),
  'rule.partial-response': toggle(PARTIAL),
  'selector-label': value(GRPC),
  'selector.relabel-config': value(RELABEL),
  'selector.relabel-config-file': value(RELABEL),
  'status.partial-response': toggle(NOT_YET),
  'store.limits.request-samples': value(GRPC),
  'store.limits.request-series': value(GRPC),
  'store.response-timeout': value(`${NOT_YET}: use --query.endpoint-timeout`),
  'store.sd-dns-resolver': value(`${NO_MEANING}: names are looked up by the DNS servers of the system`),
  'store.unhealthy-timeout': value(
    `${NO_MEANING}: an endpoint is listed for as long as it is configured or found`,
  ),
  'target.partial-response': toggle(PARTIAL),
};

export const THANOS_FLAGS: ReadonlyMap<string, ThanosFlag> = new Map(Object.entries(FLAGS));
