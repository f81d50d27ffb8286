import { readFileSync } from 'node:fs';
import type { Backend } from '../backend/backend.ts';
import { createPrometheusBackend } from '../backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS, type HttpAuth, type TlsOptions } from '../backend/prometheus/options.ts';
import { createUnsupportedBackend } from '../backend/unsupported.ts';
import type { EndpointConfig, QueryConfig, TlsConfig } from '../config/config.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { labelsFromRecord, type Labels } from '../model/labels.ts';

/** The labels that a configuration gives an endpoint; undefined where the endpoint is to be asked. */
export function configuredLabels({
  external_labels: labels,
}: Pick<EndpointConfig, 'external_labels'>): Labels | undefined {
  return labels === undefined ? undefined : labelsFromRecord(labels);
}

/**
 * Makes the backend that an endpoint's address asks for. An address that can not be read yet becomes a backend that
 * fails and says so, so that a command line for Thanos starts, and its answers name what is missing.
 */
export function createBackend(endpoint: EndpointConfig, query: QueryConfig): Backend {
  const { address } = endpoint;
  if (!/^https?:\/\//.test(address)) return createUnsupportedBackend(address, unsupported(address));
  const labels = configuredLabels(endpoint);
  const auth = authOf(endpoint);
  return createPrometheusBackend({
    ...PROMETHEUS_DEFAULTS,
    url: address,
    timeoutMs: endpoint.timeout ?? query.endpoint_timeout,
    maxResponseBytes: query.max_response_bytes,
    headers: endpoint.headers,
    ...(labels && { externalLabels: labels }),
    ...(auth && { auth }),
    ...(endpoint.tls && { tls: tlsOf(endpoint.tls) }),
  });
}

function unsupported(address: string): string {
  const scheme = /^(?<scheme>grpcs?:\/\/)/.exec(address)?.groups?.['scheme'];
  const what = scheme === undefined ? 'an address without http:// (gRPC) is' : `${scheme} addresses are`;
  return `${what} not supported yet; name a Prometheus as http://host:port`;
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
