import type { FastifyBaseLogger } from 'fastify';
import { parseEndpointAddress, type DnsName } from '../cluster/discovery/address.ts';
import { EndpointDiscovery, type DiscoveryEvent } from '../cluster/discovery/discovery.ts';
import { createDnsSource } from '../cluster/discovery/dns-source.ts';
import { createFileSource } from '../cluster/discovery/file-source.ts';
import type { AddressSource, EndpointMaker } from '../cluster/discovery/source.ts';
import { createSystemResolver } from '../cluster/discovery/system-resolver.ts';
import type { EndpointRegistry, EndpointSpec } from '../cluster/registry.ts';
import type { Config, EndpointConfig, QueryConfig } from '../config/config.ts';
import { SYSTEM_CLOCK } from '../model/clock.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { configuredLabels, createBackend } from './backends.ts';

/** A name with a short TTL is not looked up more often than this, ms. */
const MIN_DNS_INTERVAL_MS = 5000;

/** What endpoints are that only files name. */
const PLAIN: Omit<EndpointConfig, 'address'> = { headers: {} };

/** The endpoints that are configured by their address, and need not be looked for. Throws where one is none. */
export function staticEndpoints({ endpoints, query }: Config): readonly EndpointSpec[] {
  return endpoints
    .filter(({ address }) => parseEndpointAddress(address).kind === 'static')
    .map((endpoint) => ({ ...settingsOf(endpoint, query), backend: createBackend(endpoint, query) }));
}

/** Looks for the other ones: names in DNS, and files. */
export function createDiscovery(
  { endpoints, discovery, query }: Config,
  registry: EndpointRegistry,
  logger: FastifyBaseLogger,
): EndpointDiscovery {
  const resolver = createSystemResolver();
  const { dns_interval: longest, file_interval: interval } = discovery;
  const timing = { minIntervalMs: Math.min(MIN_DNS_INTERVAL_MS, longest), maxIntervalMs: longest };
  const sourceOf = (name: DnsName, maker: EndpointMaker): AddressSource =>
    createDnsSource(name, resolver, timing, maker);
  const names = endpoints.flatMap((endpoint) => {
    const parsed = parseEndpointAddress(endpoint.address);
    return parsed.kind === 'static' ? [] : [sourceOf(parsed, makerOf(endpoint, query))];
  });
  const listed = makerOf(PLAIN, query);
  const files = [
    ...discovery.files,
    ...(discovery.endpoints_file === undefined ? [] : [discovery.endpoints_file]),
  ];
  return new EndpointDiscovery({
    registry,
    sources: [...names, ...files.map((file) => createFileSource(file, interval, listed))],
    known: new Set(endpoints.map(({ address }) => address)),
    sourceOf,
    maxRetryMs: longest,
    clock: SYSTEM_CLOCK,
    timers: SYSTEM_TIMERS,
    onEvent: (event) => log(logger, event),
  });
}

function makerOf(endpoint: Omit<EndpointConfig, 'address'>, query: QueryConfig): EndpointMaker {
  return {
    settings: settingsOf(endpoint, query),
    backendOf: ({ address, serverName }) =>
      createBackend({ ...endpoint, address, ...tlsFor(endpoint, address, serverName) }, query),
  };
}

/** A certificate is for the name that was looked up, not for the address that was found. */
function tlsFor(
  { tls }: Omit<EndpointConfig, 'address'>,
  address: string,
  serverName: string | undefined,
): Pick<EndpointConfig, 'tls'> {
  if (serverName === undefined || tls?.server_name !== undefined) return {};
  if (tls === undefined && !address.startsWith('https://')) return {};
  return { tls: { insecure_skip_verify: false, ...tls, server_name: serverName } };
}

function settingsOf(
  endpoint: Omit<EndpointConfig, 'address'>,
  query: QueryConfig,
): Omit<EndpointSpec, 'backend'> {
  return {
    externalLabels: configuredLabels(endpoint),
    replication: endpoint.replication ?? query.replication,
    timeoutMs: endpoint.timeout ?? query.endpoint_timeout,
  };
}

function log(logger: FastifyBaseLogger, event: DiscoveryEvent): void {
  const { source } = event;
  switch (event.kind) {
    case 'found':
      return logger.info({ endpoint: event.address, source }, 'endpoint found');
    case 'gone':
      return logger.info({ endpoint: event.address, source }, 'endpoint is not told any more');
    case 'failed':
      return logger.warn({ source, reason: event.reason }, 'looking for endpoints failed; those known stay');
    case 'recovered':
      return logger.info({ source }, 'looking for endpoints works again');
  }
}
