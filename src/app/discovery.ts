import type { FastifyBaseLogger } from 'fastify';
import { parseEndpointAddress, type DnsName } from '../cluster/discovery/address.ts';
import { EndpointDiscovery, type DiscoveryEvent } from '../cluster/discovery/discovery.ts';
import { createDnsSource } from '../cluster/discovery/dns-source.ts';
import { createFileSource } from '../cluster/discovery/file-source.ts';
import type { AddressSource, EndpointMaker } from '../cluster/discovery/source.ts';
import { createSystemResolver } from '../cluster/discovery/system-resolver.ts';
import type { EndpointRegistry, EndpointSpec } from '../cluster/registry.ts';
import type { Config, EndpointConfig, TlsConfig } from '../config/config.ts';
import { SYSTEM_CLOCK } from '../model/clock.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { type BackendSettings, configuredLabels, createBackend } from './backends.ts';
import { grpcTls } from './store-api-backend.ts';

/** A name with a short TTL is not looked up more often than this, ms. */
const MIN_DNS_INTERVAL_MS = 5000;

/** What endpoints are that only files name. */
const PLAIN: Omit<EndpointConfig, 'address'> = { headers: {} };

/** The endpoints that are configured by their address, and need not be looked for. Throws where one is none. */
export function staticEndpoints(config: Config, logger: FastifyBaseLogger): readonly EndpointSpec[] {
  const settings = backendSettings(config, logger);
  return config.endpoints
    .filter(({ address }) => parseEndpointAddress(address).kind === 'static')
    .map((endpoint) => ({ ...settingsOf(endpoint, config), backend: createBackend(endpoint, settings) }));
}

function backendSettings({ query, grpc_client }: Config, logger: FastifyBaseLogger): BackendSettings {
  return { query, grpc_client, note: (level, message) => logger[level](message) };
}

/** Looks for the other ones: names in DNS, and files. */
export function createDiscovery(
  config: Config,
  registry: EndpointRegistry,
  logger: FastifyBaseLogger,
): EndpointDiscovery {
  const { endpoints, discovery } = config;
  const settings = backendSettings(config, logger);
  const resolver = createSystemResolver();
  const { dns_interval: longest, file_interval: interval } = discovery;
  const timing = { minIntervalMs: Math.min(MIN_DNS_INTERVAL_MS, longest), maxIntervalMs: longest };
  const sourceOf = (name: DnsName, maker: EndpointMaker): AddressSource =>
    createDnsSource(name, resolver, timing, maker);
  const names = endpoints.flatMap((endpoint) => {
    const parsed = parseEndpointAddress(endpoint.address);
    return parsed.kind === 'static' ? [] : [sourceOf(parsed, makerOf(endpoint, settings))];
  });
  const listed = makerOf(PLAIN, settings);
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

function makerOf(endpoint: Omit<EndpointConfig, 'address'>, config: BackendSettings): EndpointMaker {
  return {
    settings: settingsOf(endpoint, config),
    backendOf: ({ address, serverName }) =>
      createBackend(
        { ...endpoint, address, ...tlsFor({ ...endpoint, address }, serverName, config) },
        config,
      ),
  };
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

function settingsOf(
  endpoint: Omit<EndpointConfig, 'address'>,
  { query }: Pick<Config, 'query'>,
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
