import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { SeriesMemory } from '../backend/series-memory.ts';
import type { Config } from '../config/config.ts';
import { SYSTEM_CLOCK } from '../model/clock.ts';
import { Heartbeat } from '../model/lateness.ts';
import { MemoryCeiling } from '../model/memory-ceiling.ts';
import { loggedIds } from '../model/request-ids.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { ThreadPool } from '../select/offload/thread-pool.ts';
import { createSelection } from '../select/create-selection.ts';
import { createCoverageMetrics } from '../telemetry/coverage-metrics.ts';
import { KnownIntervals } from '../select/series/known-intervals.ts';
import { createEndpointMetrics } from '../telemetry/endpoint-metrics.ts';
import { createIntervalMetrics } from '../telemetry/interval-metrics.ts';
import { createLogMetrics } from '../telemetry/log-metrics.ts';
import { STANDARD_ERROR } from '../telemetry/log-sink.ts';
import { createSeriesMetrics } from '../telemetry/series-metrics.ts';
import { startEndpoints } from './endpoints.ts';
import { featureProblem } from './known-features.ts';
import { flagsInForce } from './flags-in-force.ts';
import { IdleCollector } from './idle-collector.ts';
import { listen } from './listen.ts';
import { clientLimits } from './client-limits.ts';
import { labelMemoryLimit, memoryLimits, thisMachine } from './memory-limits.ts';
import { createPromqlCore } from './promql-core.ts';
import { createPromqlServer } from './promql-server.ts';
import { type RunningGrpc, startGrpc } from './start-grpc.ts';
import { threadsOf } from './threads.ts';
import { untilAborted } from './until-aborted.ts';

const OBSTACLES = {
  starting: 'it has not asked its endpoints yet',
  ready: undefined,
  stopping: 'it is stopping',
};

export interface RunningGateway {
  /** Where it listens, for example `http://127.0.0.1:10902`. */
  readonly url: string;
  /** Where it listens for gRPC, for example `127.0.0.1:10901`. */
  readonly grpcAddress: string;
  /**
   * Is not ready any more, but takes requests for another `delayMs`, so that whoever follows its readiness goes elsewhere. Then stops
   * taking them, lets open ones end for up to `graceMs`, and cuts them off.
   */
  close(graceMs: number, delayMs?: number): Promise<void>;
}

/** What a gateway hears from outside, and tells. */
export interface GatewaySurroundings {
  /** Ends a start. */
  readonly stop?: AbortSignal;
  /** Has the process stop. False where it is stopping already. */
  readonly quit?: () => boolean;
}

/**
 * Starts a gateway: listens, asks every endpoint once, then is ready; it waits a few seconds at most for those that do not answer.
 * Rejects where an address cannot be had. A `stop` that comes before ends the wait: what comes back then is for closing alone.
 */
export async function startGateway(
  config: Config,
  version: string,
  logger: FastifyBaseLogger,
  { stop = new AbortController().signal, quit = () => false }: GatewaySurroundings = {},
): Promise<RunningGateway> {
  const { query } = config;
  const machine = thisMachine();
  const memory = memoryLimits(query, machine);
  const seriesMemory = new SeriesMemory(labelMemoryLimit(memory, machine));
  const lateness = new Heartbeat(SYSTEM_CLOCK, SYSTEM_TIMERS);
  const endpoints = startEndpoints(config, logger, { lateness, memory: seriesMemory });
  warnOfFeatures(config.enable_features, logger);
  const threads = new ThreadPool(threadsOf(query), (thrown) =>
    logger.error(
      { err: thrown },
      'a thread that evaluates queries ended, and the queries that it had a part of failed',
    ),
  );
  let stage: 'starting' | 'ready' | 'stopping' = 'starting';
  const intervals = new KnownIntervals(SYSTEM_CLOCK);
  const options = {
    selection: createSelection({
      topology: () => endpoints.topology(),
      status: () => endpoints.status(),
      coverage: endpoints.coverage,
      timers: SYSTEM_TIMERS,
      clock: SYSTEM_CLOCK,
      lateness,
      threads: threads.size > 0 ? threads : undefined,
      intervals,
      onFailure: ({ endpoint: { id }, failure: { kind, reason, detail }, ids, isUnwell }) => {
        logger.debug(
          { ...loggedIds(ids), endpoint: id, kind, reason, detail },
          'an endpoint failed a request',
        );
        if (!isUnwell) return;
        countFailure(id);
        endpoints.suspect(id);
      },
    }),
    defaults: {
      dedup: true,
      dedupMode: query.deduplication,
      replicaLabels: query.replica_labels,
      partialResponse: query.partial_response,
      autoDownsampling: query.auto_downsampling,
      showReplaced: query.show_replaced,
    },
    limits: {
      timeout: query.timeout,
      maxConcurrent: query.max_concurrent,
      maxQueued: query.max_queued,
      maxConcurrentSelects: query.max_concurrent_select,
      maxSelectors: query.max_selectors,
      budget: { bytes: memory.ofQuery, series: query.max_series },
      maxSamples: query.max_samples,
      lookbackDelta: query.lookback_delta,
      defaultEvaluationInterval: query.default_evaluation_interval,
      clients: clientLimits(config),
    },
    features: new Set(config.enable_features),
    ceiling: new MemoryCeiling(memory.ofProcess),
    flags: flagsInForce(config, memory),
    version,
    logger,
    clock: SYSTEM_CLOCK,
    stage: { obstacle: () => OBSTACLES[stage], isDraining: () => stage === 'stopping' },
    control: { isEnabled: () => config.http.enable_lifecycle, quit },
    cors: !config.http.disable_cors,
  };
  const core = createPromqlCore(options);
  const collector = new IdleCollector(options.ceiling, SYSTEM_TIMERS);
  const countFailure = createEndpointMetrics(core.registry, () =>
    endpoints.topology().endpoints.map(({ id, health }) => ({ id, isUp: health.kind === 'up' })),
  );
  createCoverageMetrics(core.registry, () => endpoints.coverage.figures());
  createIntervalMetrics(core.registry, intervals);
  createSeriesMetrics(core.registry, seriesMemory);
  createLogMetrics(core.registry, () => STANDARD_ERROR.dropped());
  const server = createPromqlServer(options, core);
  let grpc: RunningGrpc | undefined;
  let url: string;
  try {
    grpc = await startGrpc(config, core, logger, SYSTEM_CLOCK);
    url = await listen(server, config.http.address);
  } catch (thrown) {
    lateness.stop();
    collector.stop();
    await Promise.all([grpc?.close(0), endpoints.close()]);
    throw thrown;
  }
  await Promise.race([endpoints.ready(), untilAborted(stop)]);
  if (!stop.aborted) {
    stage = 'ready';
    grpc.setServing();
  }
  return {
    url,
    grpcAddress: grpc.address,
    close: async (graceMs, delayMs = 0) => {
      const wasReady = stage === 'ready';
      stage = 'stopping';
      grpc.setStopping();
      if (wasReady) await sleep(delayMs);
      const cut = setTimeout(() => {
        logger.warn(`requests that are open after ${graceMs / 1000} s of grace are cut off`);
        server.server.closeAllConnections();
      }, graceMs);
      await Promise.all([server.close(), grpc.close(graceMs)]);
      clearTimeout(cut);
      await Promise.all([endpoints.close(), threads.close()]);
      lateness.stop();
      collector.stop();
    },
  };
}

function warnOfFeatures(features: readonly string[], logger: FastifyBaseLogger): void {
  for (const feature of features) {
    const problem = featureProblem(feature);
    if (problem !== undefined) logger.warn(`the feature ${feature} ${problem}`);
  }
}
