import { createHash } from 'node:crypto';
import type { EndpointIdentity } from '../cluster/endpoint-id.ts';
import { unreadable } from '../cluster/discovery/found-endpoints.ts';
import type { WantedEndpoint } from '../cluster/wanted-endpoints.ts';
import type { EndpointConfig } from '../config/endpoint-config.ts';
import { accessKey } from '../config/endpoint-rules.ts';
import { endpointsByTenant } from '../config/endpoint-tenants.ts';
import { formatLabels } from '../model/format-labels.ts';
import { type BackendSettings, configuredLabels, createBackend } from './backends.ts';

/** Headers by which servers choose the tenant: `X-Scope-OrgID`, `THANOS-TENANT`, `AccountID` … Others may be secrets. */
const TENANT_HEADER = /tenant|org-?id|account-?id|project-?id/i;
const GRPC_TENANTS =
  'tenants are told apart over HTTP alone; write http:// in front of the address, or set the scheme of the list';
/** Longer texts say little to a reader. */
const MOST_MARK_CHARACTERS = 100;

export interface WantedSettings extends BackendSettings {
  /** The label whose value is the name of a tenant. */
  readonly tenantLabel: string;
}

/** What a configured endpoint is to be: one, or one of each tenant that the server has. */
export function wantedEndpoints(
  endpoint: EndpointConfig,
  settings: WantedSettings,
): readonly WantedEndpoint[] {
  // All tenants would be told of everything: what a gRPC server has no tenants for, it sends to each.
  if (endpoint.tenants !== undefined && !isHttp(endpoint.address))
    return [unreadable(endpoint.address, () => GRPC_TENANTS, GRPC_TENANTS)];
  return endpointsByTenant(endpoint, settings.tenantLabel).map((each) => wantedEndpoint(each, settings));
}

/** What an endpoint is to be, and what makes it another than others at its address. */
function wantedEndpoint(
  endpoint: EndpointConfig,
  { query, grpc_client, note, engine, memory }: BackendSettings,
): WantedEndpoint {
  const { strict, ...how } = endpoint;
  const { address, replication, timeout, min_time: min, max_time: max } = how;
  const isBounded = min !== undefined || max !== undefined;
  const { endpoint_timeout, max_response_bytes, replication: usual } = query;
  const settings = { query: { endpoint_timeout, max_response_bytes, replication: usual }, grpc_client };
  const effective = {
    ...how,
    // Whether a replica has all is known of what the gateway itself is shown, and not of what each caller is.
    replication: (how.pass_headers ?? []).length > 0 ? ('disjoint' as const) : (replication ?? usual),
    timeout: timeout ?? endpoint_timeout,
    max_response_bytes,
    ...(!isHttp(address) && { grpc_client }),
  };
  const identity = identityOf(endpoint);
  return {
    identity,
    spec: {
      address,
      externalLabels: configuredLabels(endpoint),
      replication: effective.replication,
      timeoutMs: effective.timeout,
      isStrict: strict,
      ...(isBounded && { window: { min, max } }),
      fingerprint: digest(canonicalText(effective)),
      server: identity.key,
      createBackend: () => createBackend(endpoint, { ...settings, note, engine, memory }),
    },
  };
}

const NOTHING = accessKey({ headers: {} });

function identityOf(endpoint: EndpointConfig): EndpointIdentity {
  const { address } = endpoint;
  const place = placeOf(address);
  const access = accessKey(endpoint);
  return {
    address,
    place,
    key: digest(JSON.stringify([place, access])),
    isPlain: access === NOTHING,
    marks: marksOf(endpoint),
  };
}

function isHttp(address: string): boolean {
  return /^https?:/.test(address);
}

/** `http://A:80/` and `http://a` are one. */
function placeOf(address: string): string {
  if (!isHttp(address) || !URL.canParse(address)) return address;
  const { protocol, host, pathname, search } = new URL(address);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}${search}`;
}

function marksOf(endpoint: EndpointConfig): readonly string[] {
  const labels = configuredLabels(endpoint);
  const marks = Object.entries(endpoint.headers)
    .filter(([name]) => TENANT_HEADER.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  if (endpoint.basic_auth !== undefined) marks.push(`user ${endpoint.basic_auth.username}`);
  if (labels !== undefined) marks.push(formatLabels(labels));
  return marks.filter((mark) => mark.length <= MOST_MARK_CHARACTERS);
}

/** JSON with the keys of objects sorted: their order in a file means nothing. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Secrets go into it, so that nothing that is held for comparing can be read. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
