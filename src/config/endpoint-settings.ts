import type { Config } from './config.ts';
import { placedTenants } from './endpoint-tenants.ts';
import type { FoundEndpointConfig } from './discovery-config.ts';

/** What is set for one endpoint, or for all that a source finds, and where that stands. */
interface EndpointSettings {
  readonly path: readonly PropertyKey[];
  readonly endpoint: FoundEndpointConfig;
}

/** The settings of endpoints at all places of a configuration that have such. */
export function endpointSettings({
  endpoints,
  discovery: { files, http, kubernetes },
}: Pick<Config, 'endpoints' | 'discovery'>): readonly EndpointSettings[] {
  const found = Object.entries({ files, http, kubernetes }).flatMap(([kind, sources]) =>
    sources.map(({ endpoint }, place) => ({ path: ['discovery', kind, place, 'endpoint'], endpoint })),
  );
  return [...endpoints.map((endpoint, place) => ({ path: ['endpoints', place], endpoint })), ...found];
}

/** The headers that some endpoint is sent as callers send them, in lower case, each once. */
export function passedHeaders(config: Pick<Config, 'endpoints' | 'discovery'>): readonly string[] {
  const names = endpointSettings(config).flatMap(({ endpoint }) => endpoint.pass_headers ?? []);
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}

/** The tenants that every server with tenants of its own knows; undefined where there is no such server. */
export function tenantsWithPlace(
  config: Pick<Config, 'endpoints' | 'discovery'>,
): ReadonlySet<string> | undefined {
  return placedTenants(endpointSettings(config).map(({ endpoint }) => endpoint));
}
