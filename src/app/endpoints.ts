import type { FastifyBaseLogger } from 'fastify';
import type { SeriesMemory } from '../backend/series-memory.ts';
import { CoverageIndex } from '../cluster/coverage/coverage-index.ts';
import type { DnsResolver } from '../cluster/discovery/resolver.ts';
import { createSystemResolver } from '../cluster/discovery/system-resolver.ts';
import type { EndpointId } from '../cluster/endpoint-id.ts';
import { EndpointRegistry } from '../cluster/registry.ts';
import type { ClusterStatus, Topology } from '../cluster/topology.ts';
import { WantedEndpoints, type WantedEvent } from '../cluster/wanted-endpoints.ts';
import type { Config } from '../config/config.ts';
import { type Clock, SYSTEM_CLOCK } from '../model/clock.ts';
import { NEVER_LATE, type Lateness } from '../model/lateness.ts';
import { SYSTEM_TIMERS, type Timers } from '../model/timers.ts';
import { createReadUp } from '../select/coverage/read-up.ts';
import { createDiscovery, staticEndpoints } from './discovery.ts';
import { endpointLog } from './endpoint-log.ts';

/** The world that endpoints are looked for in; the system's where nothing else is said. */
export interface EndpointsWorld {
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** How late this process is itself; never where it is left out. */
  readonly lateness?: Lateness;
  readonly resolver?: DnsResolver;
  /** Where the labels of received series are remembered; nowhere where it is left out. */
  readonly memory?: SeriesMemory;
}

export interface RunningEndpoints {
  topology(): Topology;
  /** When they scraped their targets. */
  readonly coverage: CoverageIndex;
  status(): ClusterStatus;
  /** Hears that a request to an endpoint failed. */
  suspect(id: EndpointId): void;
  /** Resolves once every endpoint was found and asked for the first time, and after {@link READY_MS} at the latest. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** A start waits no longer for endpoints than this, ms. Answers say which of them are missing. */
export const READY_MS = 5000;

/** Looks for the endpoints of a configuration and asks them, again and again. Throws where one cannot be had as it is configured. */
export function startEndpoints(
  config: Config,
  logger: FastifyBaseLogger,
  {
    clock = SYSTEM_CLOCK,
    timers = SYSTEM_TIMERS,
    lateness = NEVER_LATE,
    resolver = createSystemResolver(),
    memory,
  }: EndpointsWorld = {},
): RunningEndpoints {
  const { replica_labels: replicaLabels } = config.query;
  const coverage = new CoverageIndex({
    replicaLabels,
    read: createReadUp(timers, lateness),
    clock,
    onProblem: ({ id }, problem) =>
      logger.info({ endpoint: id, problem }, 'it is not known when the endpoint scraped its targets'),
  });
  const registry = new EndpointRegistry({
    replicaLabels,
    refreshIntervalMs: config.refresh_interval,
    clock,
    timers,
    lateness,
    onChange: (endpoint) => logChange(endpoint),
    onAnswer: (endpoint) => {
      coverage.keep(registry.topology().endpoints);
      coverage.refresh(endpoint).catch((thrown: unknown) => {
        logger.error({ endpoint: endpoint.id, err: thrown }, 'reading the scrapes of an endpoint failed');
      });
    },
  });
  const logChange = endpointLog(logger, replicaLabels, () => registry.topology().endpoints);
  const wanted = new WantedEndpoints({
    apply: (specs) => registry.apply(specs),
    onEvent: (event) => log(logger, event),
  });
  wanted.producer(undefined).want(staticEndpoints(config, logger, memory));
  const discovery = createDiscovery(config, { wanted, resolver, clock, timers, logger, memory });
  const found = discovery.start();
  return {
    topology: () => registry.topology(),
    coverage,
    status: () => ({ checkedAt: registry.checkedAt(), sources: discovery.status() }),
    suspect: (id) => registry.suspect(id),
    ready: async () => {
      const late = Promise.withResolvers<void>();
      const cancel = timers.after(READY_MS, late.resolve);
      await Promise.race([found.then(() => registry.asked()), late.promise]);
      cancel();
    },
    close: async () => {
      discovery.close();
      coverage.close();
      await registry.close();
    },
  };
}

function log(logger: FastifyBaseLogger, event: WantedEvent): void {
  switch (event.kind) {
    case 'found':
      return logger.info({ endpoint: event.id, source: event.source }, 'endpoint found');
    case 'gone':
      return logger.info({ endpoint: event.id, source: event.source }, 'endpoint is not told any more');
    case 'repeated':
      return logger.warn(
        `${event.address} is configured more than once with the same headers, labels and credentials; it is asked once, with the settings of the first`,
      );
  }
}
