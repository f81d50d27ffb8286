import { isDeepStrictEqual } from 'node:util';
import type { FastifyBaseLogger } from 'fastify';
import type { SeriesMemory } from '../backend/series-memory.ts';
import { CoverageIndex, USUAL_LOOK_BACK_MS } from '../cluster/coverage/coverage-index.ts';
import type { DnsResolver } from '../cluster/discovery/resolver.ts';
import { createSystemResolver } from '../cluster/discovery/system-resolver.ts';
import type { EndpointId } from '../cluster/endpoint-id.ts';
import { HealthHistory } from '../cluster/health-history.ts';
import { EndpointRegistry, type RegistrySettings } from '../cluster/registry.ts';
import { overlaps } from '../cluster/time-ranges.ts';
import type { ClusterStatus, Endpoint, Topology } from '../cluster/topology.ts';
import { Vitals } from '../cluster/vitals/vitals.ts';
import { WantedEndpoints, type WantedEvent } from '../cluster/wanted-endpoints.ts';
import type { Config } from '../config/config.ts';
import { type Clock, SYSTEM_CLOCK } from '../model/clock.ts';
import { NEVER_LATE, type Lateness } from '../model/lateness.ts';
import type { BackendFailure } from '../model/loss.ts';
import { SYSTEM_TIMERS, type Timers } from '../model/timers.ts';
import { createReadUp } from '../select/coverage/read-up.ts';
import { Readiness } from './readiness.ts';
import { createDiscovery, searchOf, staticEndpoints } from './discovery.ts';
import { clockLog, endpointLog } from './endpoint-log.ts';

/** The world that endpoints are looked for in; the system's where nothing else is said. */
export interface EndpointsWorld {
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** How late this process is itself; never where it is left out. */
  readonly lateness?: Lateness;
  readonly resolver?: DnsResolver;
  /** Where the labels of received series are remembered; nowhere where it is left out. */
  readonly memory?: SeriesMemory;
  /** How this gateway evaluates; no other one evaluates for it where it is left out. */
  readonly engine?: string;
  /** Whether strict endpoints hold a start up; they do where it is left out. */
  readonly waitsForStrict?: boolean;
}

export interface RunningEndpoints {
  topology(): Topology;
  /** When they scraped their targets. */
  readonly coverage: CoverageIndex;
  /** What calls to them showed. */
  readonly vitals: Vitals;
  status(): ClusterStatus;
  /** Hears that a request to an endpoint failed, or takes long. */
  suspect(id: EndpointId): void;
  /** Hears that an endpoint answers neither requests nor a look at its health. */
  hang(id: EndpointId, failure: BackendFailure): void;
  /** Resolves once they are ready; see {@link Readiness}. */
  ready(): Promise<void>;
  /** What keeps them from being ready, as the second half of a sentence; undefined where they are. */
  obstacle(): string | undefined;
  /**
   * Goes over to the endpoints of another configuration, in one step: a request finds those before or those after. Resolves once that
   * is done, which waits for new names and files to be looked at, and for new endpoints to answer, two seconds at most
   * (`LISTING_GRACE_MS`). Rejects where one cannot be had as it is configured; then nothing has changed. One after the other, please.
   * @param switchOver does what is to change in the same step; it is not called where all is closed meanwhile.
   */
  apply(config: Config, switchOver: () => void): Promise<void>;
  close(): Promise<void>;
}

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
    engine,
    waitsForStrict = true,
  }: EndpointsWorld = {},
): RunningEndpoints {
  let { replica_labels: replicaLabels } = config.query;
  const coverage = new CoverageIndex({
    replicaLabels,
    read: createReadUp(timers, lateness),
    clock,
    onProblem: ({ id }, problem) =>
      logger.info({ endpoint: id, problem }, 'it is not known when the endpoint scraped its targets'),
  });
  const readScrapes = (endpoint: Endpoint): void => {
    const now = clock.now();
    // One that is asked for older times alone would be read for nothing.
    if (!overlaps(endpoint, { minTime: now - USUAL_LOOK_BACK_MS, maxTime: now }, now)) return;
    coverage.refresh(endpoint).catch((thrown: unknown) => {
      logger.error({ endpoint: endpoint.id, err: thrown }, 'reading the scrapes of an endpoint failed');
    });
  };
  const vitals = new Vitals(clock, lateness);
  const history = new HealthHistory(clock);
  const registry = new EndpointRegistry({
    ...registrySettings(config),
    clock,
    timers,
    lateness,
    vitals,
    onChange: (endpoint) => {
      history.note(endpoint);
      logChange(endpoint);
    },
    onAnswer: (endpoint) => {
      readiness.look();
      const { endpoints } = registry.topology();
      coverage.keep(endpoints);
      logClocks(endpoints);
      readScrapes(endpoint);
    },
  });
  const logClocks = clockLog(logger);
  const logChange = endpointLog(
    logger,
    () => replicaLabels,
    () => registry.topology().endpoints,
  );
  const wanted = new WantedEndpoints({
    apply: (specs) => registry.apply(specs),
    onEvent: (event) => log(logger, event),
  });
  const parts = { wanted, resolver, clock, timers, logger, memory, engine };
  const configured = wanted.producer(undefined);
  configured.want(staticEndpoints(config, parts));
  const discovery = createDiscovery(config, parts);
  const readiness = new Readiness(
    discovery.start().then(() => registry.asked()),
    () =>
      registry
        .unanswered()
        .map(({ endpoint, isStrict }) => ({ endpoint, isStrict: isStrict && waitsForStrict })),
    timers,
    (obstacle) => logger.warn(`the gateway is not ready: ${obstacle}`),
  );
  return {
    topology: () => registry.topology(),
    coverage,
    vitals,
    status: () => ({
      checkedAt: registry.checkedAt(),
      changesOf: (endpoint) => history.of(endpoint),
      sources: discovery.status(),
    }),
    suspect: (id) => registry.suspect(id),
    hang: (id, failure) => registry.hang(id, failure),
    ready: () => readiness.ready(),
    obstacle: () => readiness.obstacle(),
    apply: async (next, switchOver) => {
      const endpoints = staticEndpoints(next, parts);
      const transition = await discovery.transition(searchOf(next, parts));
      try {
        wanted.together(() => {
          configured.want(endpoints);
          transition.want();
        });
      } catch (thrown) {
        transition.cancel();
        throw thrown;
      }
      transition.finish();
      readiness.look();
      // What callers may see changes together with whom they ask: of a tenant with a new value, the former endpoints have nothing.
      await registry.withNewOnes(() => {
        switchOver();
        registry.reconfigure(registrySettings(next));
        const isGroupedAnew = !isDeepStrictEqual(replicaLabels, next.query.replica_labels);
        replicaLabels = next.query.replica_labels;
        if (!isGroupedAnew) return;
        coverage.regroup(replicaLabels);
        for (const endpoint of registry.topology().endpoints)
          if (endpoint.health.kind === 'up') readScrapes(endpoint);
      });
    },
    close: async () => {
      readiness.close();
      discovery.close();
      coverage.close();
      await registry.close();
    },
  };
}

function registrySettings({ query, refresh_interval: refreshIntervalMs }: Config): RegistrySettings {
  return { replicaLabels: query.replica_labels, refreshIntervalMs, longestRequestMs: query.timeout };
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
