import type { FastifyBaseLogger } from 'fastify';
import { parseEndpointAddress } from '../cluster/discovery/address.ts';
import type { AddressSource, EndpointMaker, FoundAddress } from '../cluster/discovery/address-source.ts';
import { EndpointDiscovery, type DiscoveryEvent, type Search } from '../cluster/discovery/discovery.ts';
import { createDnsSource } from '../cluster/discovery/dns-source.ts';
import { FileSource } from '../cluster/discovery/file-source.ts';
import type { DnsResolver } from '../cluster/discovery/resolver.ts';
import type { WantedEndpoint, WantedEndpoints } from '../cluster/wanted-endpoints.ts';
import type { Config } from '../config/config.ts';
import type { EndpointConfig, TlsConfig } from '../config/endpoint-config.ts';
import type { FoundEndpointConfig, ListConfig } from '../config/discovery-config.ts';
import { countOfTenants } from '../config/endpoint-tenants.ts';
import type { Clock } from '../model/clock.ts';
import type { Timers } from '../model/timers.ts';
import type { BackendSettings } from './backends.ts';
import { kubernetesSources, listSource, withJitter } from './discovery-servers.ts';
import { grpcTls } from './store-api-backend.ts';
import { type WantedSettings, wantedEndpoints } from './wanted-endpoint.ts';

/** A name with a short TTL is not looked up more often than this, ms. */
const MIN_DNS_INTERVAL_MS = 5000;

/** What endpoints are that only a file of Thanos' form names. */
const PLAIN: ListConfig = { labels_as_external: false, endpoint: { headers: {}, strict: false } };

/** What reading endpoints needs beside the configuration. */
interface BackendParts extends Pick<BackendSettings, 'memory' | 'engine'> {
  readonly logger: FastifyBaseLogger;
}

/** The endpoints that are configured by their address, and need not be looked for. Throws where one is none. */
export function staticEndpoints(config: Config, parts: BackendParts): readonly WantedEndpoint[] {
  const settings = backendSettings(config, parts);
  return config.endpoints
    .filter(({ address }) => parseEndpointAddress(address).kind === 'static')
    .flatMap((endpoint) => wantedEndpoints(endpoint, settings));
}

function backendSettings(
  { query, grpc_client, tenancy }: Config,
  { logger, memory, engine }: BackendParts,
): WantedSettings {
  return {
    query,
    grpc_client,
    tenantLabel: tenancy.label,
    memory,
    engine,
    note: (level, message) => logger[level](message),
  };
}

/** What looking for endpoints needs beside the configuration. */
export interface DiscoveryParts extends BackendParts {
  readonly wanted: WantedEndpoints;
  readonly resolver: DnsResolver;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Where a configuration has the other ones looked for: names in DNS, files, and servers that list them. */
export function searchOf(config: Config, parts: Omit<DiscoveryParts, 'wanted'>): Search {
  const { resolver, clock, timers } = parts;
  const { endpoints, discovery } = config;
  const settings = backendSettings(config, parts);
  const { dns_interval: longest, file_interval: interval } = discovery;
  const timing = { minIntervalMs: Math.min(MIN_DNS_INTERVAL_MS, longest), maxIntervalMs: longest };
  const sourceOf: Search['sourceOf'] = (name, maker) => createDnsSource(name, resolver, timing, maker);
  const names = endpoints.flatMap((endpoint) => {
    const parsed = parseEndpointAddress(endpoint.address);
    return parsed.kind === 'static'
      ? []
      : [{ ...sourceOf(parsed, makerOf(endpoint, settings)), isStrict: endpoint.strict }];
  });
  const { endpoints_file: list } = discovery;
  const files = [...discovery.files, ...(list === undefined ? [] : [{ path: list, ...PLAIN }])].map(
    ({ path, ...how }) => strictAs(how, new FileSource(path, interval, listedMaker(how, settings))),
  );
  const lists = discovery.http.map((server) =>
    strictAs(server, listSource(server, settings.note, listedMaker(server, settings))),
  );
  const slices = discovery.kubernetes.flatMap((place) =>
    kubernetesSources(place, settings.note, { clock, timers }, makerOf(place.endpoint, settings)).map(
      (source) => strictAs(place, source),
    ),
  );
  return {
    sources: [...names, ...files, ...lists, ...slices],
    maxRetryMs: longest,
    sourceOf,
  };
}

/** Looks for what a configuration has looked for. */
export function createDiscovery(config: Config, parts: DiscoveryParts): EndpointDiscovery {
  const { wanted, clock, timers, logger } = parts;
  return new EndpointDiscovery({
    ...searchOf(config, parts),
    wanted,
    clock,
    timers,
    jitter: withJitter,
    onEvent: (event) => log(logger, event),
  });
}

function strictAs(
  { endpoint }: { readonly endpoint: FoundEndpointConfig },
  source: AddressSource,
): AddressSource {
  return Object.assign(source, { isStrict: endpoint.strict });
}

/** Makes endpoints of listed addresses. */
function listedMaker(
  { labels_as_external: areExternal, endpoint }: ListConfig,
  settings: WantedSettings,
): EndpointMaker {
  const maker = (found: FoundAddress): readonly WantedEndpoint[] => {
    const labels = areExternal && found.labels;
    const endpointHere = {
      ...endpoint,
      strict: endpoint.strict || found.isStrict === true,
      ...(labels && { external_labels: { ...endpoint.external_labels, ...labels } }),
    };
    return makerOf(endpointHere, settings)(found);
  };
  return Object.assign(maker, { ofEach: countOfTenants(endpoint) });
}

function makerOf(endpoint: FoundEndpointConfig, config: WantedSettings): EndpointMaker {
  const maker = ({ address, serverName }: FoundAddress): readonly WantedEndpoint[] =>
    wantedEndpoints(
      { ...endpoint, address, ...tlsFor({ ...endpoint, address }, serverName, config) },
      config,
    );
  return Object.assign(maker, { ofEach: countOfTenants(endpoint) });
}

/** A certificate is for the name that was looked up, not for the address that was found. */
function tlsFor(
  endpoint: EndpointConfig,
  serverName: string | undefined,
  { grpc_client }: BackendSettings,
): Pick<EndpointConfig, 'tls'> {
  if (serverName === undefined) return {};
  const tls = /^https?:/.test(endpoint.address) ? httpTls(endpoint) : grpcTls(endpoint, grpc_client);
  return tls === undefined || tls.server_name !== undefined
    ? {}
    : { tls: { ...tls, server_name: serverName } };
}

function httpTls({ address, tls }: EndpointConfig): TlsConfig | undefined {
  return tls ?? (address.startsWith('https:') ? { insecure_skip_verify: false } : undefined);
}

function log(logger: FastifyBaseLogger, event: DiscoveryEvent): void {
  const { source } = event;
  switch (event.kind) {
    case 'failed':
      return logger.warn(
        { source, reason: event.reason },
        'looking for endpoints failed; what was found before stays',
      );
    case 'recovered':
      return logger.info({ source }, 'looking for endpoints works again');
    case 'bug':
      return logger.error({ source, stack: event.stack }, 'that is a mistake of promweave itself');
  }
}
