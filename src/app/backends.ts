import type { Backend } from '../backend/backend.ts';
import { createPrometheusBackend } from '../backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../backend/prometheus/options.ts';
import type { SeriesMemory } from '../backend/series-memory.ts';
import type { Config } from '../config/config.ts';
import type { EndpointConfig } from '../config/endpoint-config.ts';
import { labelsFromRecord, type Labels } from '../model/labels.ts';
import type { FileNote } from './pem-files.ts';
import { serverAccess } from './server-access.ts';
import { type CommonOptions, createGrpcBackend, grpcTls } from './store-api-backend.ts';

/** The labels that a configuration gives an endpoint; undefined where the endpoint is to be asked. */
export function configuredLabels({
  external_labels: labels,
}: Pick<EndpointConfig, 'external_labels'>): Labels | undefined {
  return labels === undefined ? undefined : labelsFromRecord(labels);
}

/** What decides how one endpoint is asked. */
type HowToAsk = Omit<EndpointConfig, 'strict'>;

/** What decides how endpoints are read. Where one of the settings changes, every endpoint is another one. */
export interface BackendSettings extends Pick<Config, 'grpc_client'> {
  readonly query: Pick<Config['query'], 'endpoint_timeout' | 'max_response_bytes' | 'replication'>;
  /** Hears of certificates and secrets that were renewed or cannot be used. */
  readonly note: FileNote;
  /** How this gateway evaluates; no other one evaluates for it where it is left out. */
  readonly engine?: string | undefined;
  /** Where the labels of received series are remembered; nowhere where it is left out. */
  readonly memory?: SeriesMemory | undefined;
}

/** Makes the backend that an endpoint's address asks for: `http://` and `https://` a Prometheus, all others gRPC. */
export function createBackend(
  endpoint: HowToAsk,
  { query, grpc_client, note, engine, memory }: BackendSettings,
): Backend {
  const { address } = endpoint;
  const isHttp = /^https?:\/\//.test(address);
  const tls = isHttp ? endpoint.tls : grpcTls(endpoint, grpc_client);
  const labels = configuredLabels(endpoint);
  const told: FileNote = (level, message) => note(level, `endpoint ${address}: ${message}`);
  const { options, trouble, certificateExpiry } = serverAccess(endpoint, tls, told);
  const common: CommonOptions = {
    maxResponseBytes: query.max_response_bytes,
    ...options,
    ...(labels && { externalLabels: labels }),
  };
  const backend = isHttp
    ? createPrometheusBackend({
        ...PROMETHEUS_DEFAULTS,
        ...common,
        ...(memory && { memory }),
        connectTimeoutMs: endpoint.timeout ?? query.endpoint_timeout,
        url: address,
        kind: endpoint.kind,
        parameters: endpoint.parameters,
        passedHeaders: endpoint.pass_headers,
      })
    : createGrpcBackend(endpoint, grpc_client, { ...common, engine });
  return Object.assign(backend, trouble && { trouble }, certificateExpiry && { certificateExpiry });
}
