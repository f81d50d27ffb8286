/** How a flag is written: `--name=value`, `--name`/`--no-name`, or repeated. */
export type FlagKind = 'value' | 'switch' | 'repeated' | 'number';

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** Shown in `--help` behind the name. */
  readonly placeholder?: string;
  readonly help: string;
  /** The setting of the configuration file that the flag replaces; undefined for flags of the command itself. */
  readonly setting?: readonly string[];
}

/** `promweave serve`. Names are those of `thanos query` wherever the meaning is the same. */
export const SERVE_FLAGS: readonly Flag[] = [
  {
    name: 'config',
    kind: 'value',
    placeholder: 'FILE',
    help: 'Configuration file (YAML). Flags replace what it says.',
  },
  {
    name: 'http-address',
    kind: 'value',
    placeholder: 'HOST:PORT',
    help: 'Where to listen for HTTP. Default 0.0.0.0:10902.',
    setting: ['http', 'address'],
  },
  {
    name: 'http-grace-period',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'How long open requests may go on after a signal to stop. Default 2m.',
    setting: ['http', 'grace_period'],
  },
  {
    name: 'grpc-address',
    kind: 'value',
    placeholder: 'HOST:PORT',
    help: 'Where to listen for gRPC. Default 0.0.0.0:10901.',
    setting: ['grpc', 'address'],
  },
  {
    name: 'grpc-server-tls-cert',
    kind: 'value',
    placeholder: 'FILE',
    help: 'Certificate of the gRPC server (PEM). Plain text where it is left out.',
    setting: ['grpc', 'tls', 'cert_file'],
  },
  {
    name: 'grpc-server-tls-key',
    kind: 'value',
    placeholder: 'FILE',
    help: 'Key of that certificate (PEM).',
    setting: ['grpc', 'tls', 'key_file'],
  },
  {
    name: 'grpc-server-tls-client-ca',
    kind: 'value',
    placeholder: 'FILE',
    help: 'Certificate authority (PEM) that must have signed the certificates of gRPC clients.',
    setting: ['grpc', 'tls', 'client_ca_file'],
  },
  {
    name: 'endpoint',
    kind: 'repeated',
    placeholder: 'URL',
    help: 'A Prometheus-compatible backend, such as http://prometheus-a:9090, or a name to look up: dns+http://prometheus:9090. Repeat it for each one.',
    setting: ['endpoints'],
  },
  {
    name: 'endpoint-strict',
    kind: 'repeated',
    placeholder: 'ADDRESS',
    help: 'The same as --endpoint: every endpoint is asked, and named where it does not answer.',
    setting: ['endpoints'],
  },
  {
    name: 'endpoint-group',
    kind: 'repeated',
    placeholder: 'ADDRESS',
    help: 'The same as --endpoint: all servers behind a name are asked, not one after the other.',
    setting: ['endpoints'],
  },
  {
    name: 'endpoint-group-strict',
    kind: 'repeated',
    placeholder: 'ADDRESS',
    help: 'The same as --endpoint-group.',
    setting: ['endpoints'],
  },
  {
    name: 'endpoint.sd-config-file',
    kind: 'value',
    placeholder: 'FILE',
    help: 'File with endpoints: [{ address }], read again at each interval.',
    setting: ['discovery', 'endpoints_file'],
  },
  {
    name: 'endpoint.sd-config-reload-interval',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'How often files with endpoints are read again; the same as --store.sd-interval. Default 5m.',
    setting: ['discovery', 'file_interval'],
  },
  {
    name: 'store.sd-files',
    kind: 'repeated',
    placeholder: 'PATH',
    help: 'Files that list endpoints as Prometheus file discovery does; a path or a pattern. Repeatable.',
    setting: ['discovery', 'files'],
  },
  {
    name: 'store.sd-interval',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'How often files with endpoints are read again. Default 5m.',
    setting: ['discovery', 'file_interval'],
  },
  {
    name: 'store.sd-dns-interval',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'Longest time between two lookups of a name; a shorter TTL leads to a sooner one. Default 30s.',
    setting: ['discovery', 'dns_interval'],
  },
  {
    name: 'query.replica-label',
    kind: 'repeated',
    placeholder: 'LABEL',
    help: 'External label that tells replicas apart. Repeatable, or separated by commas. Default __replica__.',
    setting: ['query', 'replica_labels'],
  },
  {
    name: 'query.timeout',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'Longest time for a whole query. Default 2m.',
    setting: ['query', 'timeout'],
  },
  {
    name: 'query.endpoint-timeout',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'Longest time for one endpoint to answer; past it the query goes on without it. Default 30s.',
    setting: ['query', 'endpoint_timeout'],
  },
  {
    name: 'query.max-concurrent',
    kind: 'number',
    placeholder: 'N',
    help: 'Queries evaluated at the same time; further ones wait. Default 20.',
    setting: ['query', 'max_concurrent'],
  },
  {
    name: 'query.max-samples',
    kind: 'number',
    placeholder: 'N',
    help: 'Samples that one query may hold. Default 50000000.',
    setting: ['query', 'max_samples'],
  },
  {
    name: 'query.lookback-delta',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'How far back an instant selector looks for a sample. Default 5m.',
    setting: ['query', 'lookback_delta'],
  },
  {
    name: 'query.default-evaluation-interval',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'Step of subqueries that name none. Default 1m.',
    setting: ['query', 'default_evaluation_interval'],
  },
  {
    name: 'query.partial-response',
    kind: 'switch',
    help: 'Answer without a lost shard, with a warning (default). Off: such queries fail with 503.',
    setting: ['query', 'partial_response'],
  },
  {
    name: 'deduplication.func',
    kind: 'value',
    placeholder: 'gap-aware|chain|penalty',
    help: 'How replicas become one series; requests may ask for another by dedup_func. Default gap-aware.',
    setting: ['query', 'deduplication'],
  },
  {
    name: 'query.replication',
    kind: 'value',
    placeholder: 'auto|redundant|disjoint',
    help: 'Whether endpoints that differ by replica label alone hold the same series. Default auto: compare targets.',
    setting: ['query', 'replication'],
  },
  {
    name: 'refresh-interval',
    kind: 'value',
    placeholder: 'DURATION',
    help: 'How often endpoints are asked for their labels and health. Default 30s.',
    setting: ['refresh_interval'],
  },
  {
    name: 'enable-feature',
    kind: 'repeated',
    placeholder: 'NAME',
    help: 'PromQL features by their Prometheus names, such as promql-experimental-functions. Repeatable or with commas.',
    setting: ['enable_features'],
  },
  {
    name: 'web.disable-cors',
    kind: 'switch',
    help: 'Send no CORS headers.',
    setting: ['http', 'disable_cors'],
  },
  {
    name: 'log.level',
    kind: 'value',
    placeholder: 'debug|info|warn|error',
    help: 'Least severe messages to log. Default info.',
    setting: ['log', 'level'],
  },
  {
    name: 'log.format',
    kind: 'value',
    placeholder: 'logfmt|json',
    help: 'Form of log lines. Default logfmt.',
    setting: ['log', 'format'],
  },
];
