import type { Backend } from '../backend/backend.ts';
import { createPrometheusBackend } from '../backend/prometheus/backend.ts';
import {
  type Authorization,
  basicAuthorization,
  type TlsOptions,
  type TlsSource,
} from '../backend/connection-options.ts';
import { PROMETHEUS_DEFAULTS } from '../backend/prometheus/options.ts';
import type { SeriesMemory } from '../backend/series-memory.ts';
import type { Config, EndpointConfig, TlsConfig } from '../config/config.ts';
import { labelsFromRecord, type Labels } from '../model/labels.ts';
import { type FileNote, PemFiles, type Pem } from './pem-files.ts';
import { SecretFile } from './secret-file.ts';
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
  /** Where the labels of received series are remembered; nowhere where it is left out. */
  readonly memory?: SeriesMemory | undefined;
}

/** Makes the backend that an endpoint's address asks for: `http://` and `https://` a Prometheus, all others gRPC. */
export function createBackend(
  endpoint: HowToAsk,
  { query, grpc_client, note, memory }: BackendSettings,
): Backend {
  const { address } = endpoint;
  const isHttp = /^https?:\/\//.test(address);
  const tls = isHttp ? endpoint.tls : grpcTls(endpoint, grpc_client);
  const labels = configuredLabels(endpoint);
  const told: FileNote = (level, message) => note(level, `endpoint ${address}: ${message}`);
  const secret = secretFileOf(endpoint, told);
  const authorization = authorizationOf(endpoint, secret);
  const pem = tls && new PemFiles({ ca: tls.ca_file, cert: tls.cert_file, key: tls.key_file }, told);
  const common: CommonOptions = {
    maxResponseBytes: query.max_response_bytes,
    headers: endpoint.headers,
    ...(labels && { externalLabels: labels }),
    ...(authorization && { authorization }),
    ...(tls && pem && { tls: tlsOf(tls, pem) }),
  };
  const backend = isHttp
    ? createPrometheusBackend({
        ...PROMETHEUS_DEFAULTS,
        ...common,
        ...(memory && { memory }),
        connectTimeoutMs: endpoint.timeout ?? query.endpoint_timeout,
        url: address,
      })
    : createGrpcBackend(endpoint, grpc_client, common);
  if (secret === undefined && pem === undefined) return backend;
  return Object.assign(backend, { trouble: () => secret?.problem() ?? pem?.problem() });
}

/** The file of the one secret that an endpoint may have. */
function secretFileOf(endpoint: HowToAsk, note: FileNote): SecretFile | undefined {
  const file = endpoint.basic_auth?.password_file ?? endpoint.bearer_token_file;
  return file === undefined ? undefined : new SecretFile(file, note);
}

function authorizationOf(
  { basic_auth: basic, bearer_token: token }: HowToAsk,
  secret: SecretFile | undefined,
): Authorization | undefined {
  if (basic !== undefined)
    return () => basicAuthorization(basic.username, secret?.current() ?? basic.password ?? '');
  if (token === undefined && secret === undefined) return undefined;
  return () => `Bearer ${secret?.current() ?? token ?? ''}`;
}

function tlsOf(tls: TlsConfig, files: PemFiles): TlsSource {
  let texts: Pem | undefined;
  let options: TlsOptions = {};
  return () => {
    const now = files.current();
    if (now !== texts) options = tlsOptions(now, tls);
    texts = now;
    return options;
  };
}

function tlsOptions({ ca, cert, key }: Pem, tls: TlsConfig): TlsOptions {
  return {
    insecureSkipVerify: tls.insecure_skip_verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.server_name !== undefined && { serverName: tls.server_name }),
  };
}
