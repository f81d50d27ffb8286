import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { createPromqlCore } from '../app/promql-core.ts';
import { createPromqlServer } from '../app/promql-server.ts';
import type { Backend } from '../backend/backend.ts';
import { createMemoryBackend } from '../backend/memory/backend.ts';
import { fixedEndpoint, fixedTopology } from '../cluster/fixed-endpoint.ts';
import type { Topology } from '../cluster/topology.ts';
import { DEFAULT_CLIENT_LIMITS } from '../model/client-limits.ts';
import type { Clock } from '../model/clock.ts';
import { EMPTY_LABELS, labelsToRecord, type Labels } from '../model/labels.ts';
import { MemoryCeiling } from '../model/memory-ceiling.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { createSelection } from '../select/create-selection.ts';
import { simulatedLists } from './lists.ts';
import type { ReplicaScraper } from './replica.ts';
import { allowedOrigins } from '../http/cors.ts';
import { ANY_ORIGIN } from '../model/any-origin.ts';
import { NO_CONTROL } from '../http/control.ts';
import { ALWAYS_READY } from '../http/stage.ts';

export interface SimulatedServerOptions {
  readonly scraper: ReplicaScraper;
  readonly externalLabels: Labels;
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  readonly version: string;
  /** How far back its rules look, ms. */
  readonly historyMs: number;
}

/**
 * One simulated Prometheus: the query, series and label APIs over the scraper's samples, remote read, its rules and targets, and the
 * configuration that tells its external labels. While its script has it away, it drops every connection.
 */
export function createSimulatedServer(options: SimulatedServerOptions): FastifyInstance {
  const { scraper, externalLabels, logger, clock, version, historyMs } = options;
  const backend = createMemoryBackend({
    address: 'the replica itself',
    externalLabels: EMPTY_LABELS,
    series: [...scraper.series()].map(({ labels, columns }) => ({
      labels,
      data: { kind: 'columns', columns },
    })),
    lists: simulatedLists(scraper, clock, historyMs, () => core.gateway),
  });
  const yaml = stringify({
    global: { scrape_interval: '15s', external_labels: labelsToRecord(externalLabels) },
  });
  const served = {
    selection: createSelection({
      topology: topologyOf(backend),
      timers: SYSTEM_TIMERS,
      clock,
    }),
    defaults: { dedup: false, dedupMode: 'gap-aware' as const, replicaLabels: [], partialResponse: false },
    limits: {
      timeout: 120_000,
      maxConcurrent: 20,
      maxQueued: 200,
      maxConcurrentSelects: 4,
      maxSelectors: 500,
      readSamples: 50_000_000,
      budget: { bytes: 0, series: 0 },
      maxSamples: 50_000_000,
      lookbackDelta: 300_000,
      defaultEvaluationInterval: 60_000,
      clients: DEFAULT_CLIENT_LIMITS,
    },
    ceiling: new MemoryCeiling(0),
    features: new Set<string>(),
    flags: () => ({}),
    yaml: () => yaml,
    version,
    logger,
    clock,
    stage: ALWAYS_READY,
    control: NO_CONTROL,
    cors: () => allowedOrigins(ANY_ORIGIN),
  };
  const core = createPromqlCore(served);
  const server = createPromqlServer(served, core);
  server.addHook('onRequest', async (request) => {
    if (scraper.isAway(clock.now())) request.raw.socket.destroy();
  });
  return server;
}

/** The topology of a server that reads itself alone. */
function topologyOf(backend: Backend): () => Topology {
  const topology = fixedTopology([fixedEndpoint(backend, EMPTY_LABELS)]);
  return () => topology;
}
