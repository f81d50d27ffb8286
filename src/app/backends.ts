import { readFileSync } from 'node:fs';
import type { Backend } from '../backend/backend.ts';
import { createPrometheusBackend } from '../backend/prometheus/backend.ts';
import type { HttpAuth, TlsOptions } from '../backend/connection-options.ts';
import { PROMETHEUS_DEFAULTS } from '../backend/prometheus/options.ts';
import type { Config, EndpointConfig, TlsConfig } from '../config/config.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { labelsFromRecord, type Labels } from '../model/labels.ts';
import { type CommonOptions, createGrpcBackend, grpcTls } from './store-api-backend.ts';

/** The labels that a configuration gives an endpoint; undefined where the endpoint is to be asked. */
export function configuredLabels({
  external_labels: labels,
}: Pick<EndpointConfig, 'external_labels'>): Labels | undefined {
  return labels === undefined ? undefined : labelsFromRecord(labels);
}

/** The settings that decide how endpoints are read. */
export type BackendSettings = Pick<Config, 'query' | 'grpc_client'>;

/** Makes the backend that an endpoint's address asks for: `http://` and `https://` a Prometheus, all others gRPC. */
export function createBackend(endpoint: EndpointConfig, { query, grpc_client }: BackendSettings): Backend {
  const { address } = endpoint;
  const isHttp = /^https?:\/\//.test(address);
  const tls = isHttp ? endpoint.tls : grpcTls(endpoint, grpc_client);
  const labels = configuredLabels(endpoint);
  const auth = authOf(endpoint);
  const common: CommonOptions = {
    timeoutMs: endpoint.timeout ?? query.endpoint_timeout,
    maxResponseBytes: query.max_response_bytes,
    headers: endpoint.headers,
    ...(labels && { externalLabels: labels }),
    ...(auth && { auth }),
    ...(tls && { tls: tlsOf(tls) }),
  };
  return isHttp
    ? createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, ...common, url: address })
    : createGrpcBackend(endpoint, grpc_client, common);
}

function authOf(endpoint: EndpointConfig): HttpAuth | undefined {
  const { basic_auth: basic, bearer_token: token, bearer_token_file: tokenFile } = endpoint;
  if (basic !== undefined) {
    const password = basic.password ?? readSecret(basic.password_file) ?? '';
    return { kind: 'basic', username: basic.username, password };
  }
  const bearer = token ?? readSecret(tokenFile);
  return bearer === undefined ? undefined : { kind: 'bearer', token: bearer };
}

function tlsOf(tls: TlsConfig): TlsOptions {
  const [ca, cert, key] = [readSecret(tls.ca_file), readSecret(tls.cert_file), readSecret(tls.key_file)];
  return {
    insecureSkipVerify: tls.insecure_skip_verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.server_name !== undefined && { serverName: tls.server_name }),
  };
}

function readSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read ${file}: ${messageOf(thrown)}`, { cause: thrown });
  }
}
