import type { Backend } from '../backend/backend.ts';
import { createPrometheusBackend } from '../backend/prometheus/backend.ts';
import {
  type Authorization,
  basicAuthorization,
  type TlsOptions,
  type TlsSource,
} from '../backend/connection-options.ts';
import { PROMETHEUS_DEFAULTS } from '../backend/prometheus/options.ts';
import type { Config, EndpointConfig, TlsConfig } from '../config/config.ts';
import { labelsFromRecord, type Labels } from '../model/labels.ts';
import { PemFiles, type Pem, type PemNote } from './pem-files.ts';
import { readTextFile } from './read-text-file.ts';
import { type CommonOptions, createGrpcBackend, grpcTls } from './store-api-backend.ts';

/** The labels that a configuration gives an endpoint; undefined where the endpoint is to be asked. */
export function configuredLabels({
  external_labels: labels,
}: Pick<EndpointConfig, 'external_labels'>): Labels | undefined {
  return labels === undefined ? undefined : labelsFromRecord(labels);
}

/** What decides how endpoints are read. Where one of the settings changes, every endpoint is another one. */
export interface BackendSettings extends Pick<Config, 'grpc_client'> {
  readonly query: Pick<Config['query'], 'endpoint_timeout' | 'max_response_bytes' | 'replication'>;
  /** Hears of certificates that were renewed or cannot be used. */
  readonly note: PemNote;
}

/** Makes the backend that an endpoint's address asks for: `http://` and `https://` a Prometheus, all others gRPC. */
export function createBackend(
  endpoint: EndpointConfig,
  { query, grpc_client, note }: BackendSettings,
): Backend {
  const { address } = endpoint;
  const isHttp = /^https?:\/\//.test(address);
  const tls = isHttp ? endpoint.tls : grpcTls(endpoint, grpc_client);
  const labels = configuredLabels(endpoint);
  const authorization = authorizationOf(endpoint);
  const common: CommonOptions = {
    maxResponseBytes: query.max_response_bytes,
    headers: endpoint.headers,
    ...(labels && { externalLabels: labels }),
    ...(authorization && { authorization }),
    ...(tls && { tls: tlsOf(tls, (level, message) => note(level, `endpoint ${address}: ${message}`)) }),
  };
  return isHttp
    ? createPrometheusBackend({
        ...PROMETHEUS_DEFAULTS,
        ...common,
        connectTimeoutMs: endpoint.timeout ?? query.endpoint_timeout,
        url: address,
      })
    : createGrpcBackend(endpoint, grpc_client, common);
}

function authorizationOf(endpoint: EndpointConfig): Authorization | undefined {
  const { basic_auth: basic, bearer_token: token, bearer_token_file: tokenFile } = endpoint;
  if (basic !== undefined) {
    const password = secretOf(basic.password, basic.password_file);
    return () => basicAuthorization(basic.username, password());
  }
  if (token === undefined && tokenFile === undefined) return undefined;
  const bearer = secretOf(token, tokenFile);
  return () => `Bearer ${bearer()}`;
}

/** A secret that stands in the configuration, or that of a file as it is now: those of Kubernetes expire and are renewed. */
function secretOf(text: string | undefined, file: string | undefined): () => string {
  let last = text ?? readSecret(file) ?? '';
  if (file === undefined) return () => last;
  return () => {
    try {
      last = readSecret(file) ?? last;
    } catch {
      // Gone for the moment in which it is renewed. If it stays away, the server refuses the old one and says so.
    }
    return last;
  };
}

function tlsOf(tls: TlsConfig, note: PemNote): TlsSource {
  const files = new PemFiles({ ca: tls.ca_file, cert: tls.cert_file, key: tls.key_file }, note);
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

function readSecret(file: string | undefined): string | undefined {
  return readTextFile(file)?.trim();
}
