import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { SeriesMemory } from '../backend/series-memory.ts';
import { shardsOf } from '../cluster/shard.ts';
import { breakerStatus } from '../cluster/vitals/breaker-status.ts';
import type { Config } from '../config/config.ts';
import type { ShownConfig } from '../config/shown-config.ts';
import { SYSTEM_CLOCK } from '../model/clock.ts';
import { Heartbeat } from '../model/lateness.ts';
import { MemoryCeiling } from '../model/memory-ceiling.ts';
import { loggedIds } from '../model/request-ids.ts';
import { success } from '../model/result.ts';
import { SYSTEM_TIMERS } from '../model/timers.ts';
import { ThreadPool } from '../select/offload/thread-pool.ts';
import { createSelection } from '../select/create-selection.ts';
import { Pushdown } from '../select/pushdown/pushdown.ts';
import { ReadOnce } from '../select/read-once/read-once.ts';
import { allocatorInUse } from '../telemetry/allocator.ts';
import { createShardMetrics } from '../telemetry/shard-metrics.ts';
import { createCoverageMetrics } from '../telemetry/coverage-metrics.ts';
import { KnownIntervals } from '../select/series/known-intervals.ts';
import { createConfigMetrics } from '../telemetry/config-metrics.ts';
import { createEndpointMetrics } from '../telemetry/endpoint-metrics.ts';
import { createIntervalMetrics } from '../telemetry/interval-metrics.ts';
import { createLogMetrics } from '../telemetry/log-metrics.ts';
import { STANDARD_ERROR } from '../telemetry/log-sink.ts';
import {
  createJoinedReadMetrics,
  createPushMetrics,
  createReadingMetrics,
} from '../telemetry/reading-metrics.ts';
import { createSharedCacheMetrics } from '../telemetry/shared-cache-metrics.ts';
import { createSeriesMetrics } from '../telemetry/series-metrics.ts';
import { createAccessMetrics } from '../telemetry/access-metrics.ts';
import { openListeners, plainListener } from './access/open-listeners.ts';
import { startAccess } from './access/start-access.ts';
import { startEndpoints } from './endpoints.ts';
import { engineName } from './engine-name.ts';
import { featureProblem } from './known-features.ts';
import { flagsInForce } from './flags-in-force.ts';
import { IdleCollector } from './idle-collector.ts';
import { lackOfEndpoints } from './no-endpoints.ts';
import { listen } from './listen.ts';
import { labelMemoryLimit, type MemoryLimits, memoryLimits, thisMachine } from './memory-limits.ts';
import { createPromqlCore } from './promql-core.ts';
import { createPromqlServer } from './promql-server.ts';
import { promqlSettings } from './promql-settings.ts';
import { createQueryLogs } from './query-logs.ts';
import type { ConfigSource } from './reload/config-source.ts';
import { FileWatch } from './reload/file-watch.ts';
import { Reloader } from './reload/reloader.ts';
import { type RunningGrpc, startGrpc } from './start-grpc.ts';
import { threadsOf } from './threads.ts';
import { sharedResults, startSharedCache } from './shared-cache.ts';
import { startTracing } from './tracing.ts';
import { untilAborted } from './until-aborted.ts';
import { webOrigins } from './web-origins.ts';
import { webPrefix } from './web-prefix.ts';

export interface RunningGateway {
  /** Where it listens, for example `http://127.0.0.1:10902`. */
  readonly url: string;
  /** Where it listens for those who run it; the same where nothing else is said. */
  readonly adminUrl: string;
  /** Where it listens for gRPC, for example `127.0.0.1:10901`. */
  readonly grpcAddress: string;
  /** Who hands out the memory of the process, for example `jemalloc`. */
  readonly allocator: string;
  /** The configuration in force. */
  config(): Config;
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
  /** Whether strict endpoints hold the start up; they do where it is left out. */
  readonly waitsForStrict?: boolean;
  /** Has the process stop. False where it is stopping already. */
  readonly quit?: () => boolean;
  /** Where the configuration comes from; it stays the same where this is left out. */
  readonly source?: ConfigSource;
  /** What clients see of a configuration that has no source. */
  readonly shown?: ShownConfig;
  /** Subscribes to requests of the system to read the configuration again. What it returns ends that. */
  readonly onHangUp?: (reload: () => void) => () => void;
}

/**
 * Starts a gateway: listens, asks every endpoint once, then is ready; it waits a few seconds at most for those that do not answer,
 * unless they are strict.
 * Rejects where an address cannot be had. A `stop` that comes before ends the wait: what comes back then is for closing alone.
 */
export async function startGateway(
  config: Config,
  version: string,
  logger: FastifyBaseLogger,
  {
    stop = new AbortController().signal,
    waitsForStrict = true,
    quit = () => false,
    source,
    onHangUp,
    shown = source?.first.shown ?? {},
  }: GatewaySurroundings = {},
): Promise<RunningGateway> {
  const { query } = config;
  let inForce = config;
  const isGuarded = (): boolean => access.isGuarded().http;
  let origins = webOrigins(config.http, isGuarded);
  const machine = thisMachine();
  const memory = memoryLimits(query, machine);
  const tracing = await startTracing(config.tracing, version, logger, SYSTEM_TIMERS);
  const access = await startAccess(config, () => inForce, logger, SYSTEM_TIMERS);
  const queryLogs = createQueryLogs(query, logger, SYSTEM_CLOCK);
  const seriesMemory = new SeriesMemory(labelMemoryLimit(memory, machine));
  const lateness = new Heartbeat(SYSTEM_CLOCK, SYSTEM_TIMERS);
  const sharedCache = await startSharedCache(config.shared_cache, {
    logger,
    clock: SYSTEM_CLOCK,
    timers: SYSTEM_TIMERS,
    lateness,
    onCall: (call) => sharedCacheMetrics.called(call),
  });
  const settingsOf = (wanted: Config, limits: MemoryLimits): ReturnType<typeof promqlSettings> =>
    promqlSettings(
      wanted,
      limits,
      sharedCache &&
        sharedResults(sharedCache.cache, version, wanted, {
          onPiece: (outcome) => sharedCacheMetrics.piece(outcome),
          onWaiting: (pieces) => sharedCacheMetrics.waiting(pieces),
        }),
    );
  const settings = settingsOf(config, memory);
  const engine = engineName(version, config.enable_features);
  const endpoints = startEndpoints(config, logger, {
    lateness,
    memory: seriesMemory,
    engine,
    waitsForStrict,
  });
  warnOfFeatures(config.enable_features, logger);
  const threads = new ThreadPool(threadsOf(query), (thrown) =>
    logger.error(
      { err: thrown },
      'a thread that evaluates queries ended, and the queries that it had a part of failed',
    ),
  );
  let isStopping = false;
  const ceiling = new MemoryCeiling(memory.ofProcess);
  const trouble = (): string | undefined =>
    endpoints.topology().endpoints.length === 0 ? lackOfEndpoints(inForce) : undefined;
  const reloader = new Reloader({
    started: config,
    shown,
    source: source ?? { read: async () => ({ config: success(config), shown, files: new Map() }) },
    apply: async (next) => {
      const nextOrigins = webOrigins(next.http, isGuarded);
      const limits = memoryLimits(next.query, machine);
      const nextSettings = settingsOf(next, limits);
      await endpoints.apply(next, () => {
        origins = nextOrigins;
        ceiling.setLimit(limits.ofProcess);
        core.use(nextSettings);
        inForce = next;
      });
      logger.level = next.log.level;
      warnOfFeatures(next.enable_features, logger);
    },
    logger,
    clock: SYSTEM_CLOCK,
    onRead: ({ files }) => watch?.follow(files),
  });
  let watch: FileWatch | undefined;
  const intervals = new KnownIntervals(SYSTEM_CLOCK);
  const options = {
    selection: createSelection({
      topology: () => endpoints.topology(),
      status: () => endpoints.status(),
      coverage: endpoints.coverage,
      vitals: endpoints.vitals,
      readOnce:
        query.read_once === 'auto'
          ? new ReadOnce(SYSTEM_CLOCK, SYSTEM_TIMERS, (reason) => countReading(reason))
          : undefined,
      pushdown: new Pushdown(SYSTEM_CLOCK, (outcome) => countPush(outcome)),
      timers: SYSTEM_TIMERS,
      clock: SYSTEM_CLOCK,
      lateness,
      threads: threads.size > 0 ? threads : undefined,
      intervals,
      joinsEqual: () => inForce.query.join_equal,
      onJoinedRead: () => countJoined(),
      onCall: (call) => endpointMetrics.called(call),
      onFailure: ({ endpoint: { id }, failure: { kind, reason, detail }, ids, isUnwell }) => {
        logger.debug(
          { ...loggedIds(ids), endpoint: id, kind, reason, detail },
          'an endpoint failed a request',
        );
        if (isUnwell) endpointMetrics.failed(id);
      },
      onDoubt: ({ id }) => endpoints.suspect(id),
      onHang: ({ id }, failure) => endpoints.hang(id, failure),
      onRetry: ({ id }) => endpointMetrics.retried(id),
    }),
    ...settings,
    onSent: queryLogs.onSent,
    tracing,
    ceiling,
    flags: () => flagsInForce(inForce, memoryLimits(inForce.query, machine)),
    config: () => reloader.status(),
    yaml: () => reloader.yaml(),
    version,
    logger,
    clock: SYSTEM_CLOCK,
    stage: {
      obstacle: () => (isStopping ? 'it is stopping' : endpoints.obstacle()),
      trouble,
      isDraining: () => isStopping,
    },
    control: {
      isEnabled: () => inForce.http.enable_lifecycle,
      quit,
      reload: () => reloader.reload('POST /-/reload'),
    },
    cors: () => origins(),
    prefix: webPrefix(config.http),
    access,
  };
  const core = createPromqlCore(options);
  const collector = new IdleCollector(options.ceiling, SYSTEM_TIMERS);
  const endpointMetrics = createEndpointMetrics(core.registry, () =>
    endpoints.topology().endpoints.map((endpoint) => ({
      id: endpoint.id,
      clockOffsetMs: endpoint.clockOffsetMs,
      certificateExpiry: endpoint.backend.certificateExpiry?.(),
      isUp: endpoint.health.kind === 'up',
      breaker: breakerStatus(endpoint, endpoints.vitals.of(endpoint.backend)).state,
    })),
  );
  const sharedCacheMetrics = createSharedCacheMetrics(core.registry, () => sharedCache?.servers() ?? []);
  const countReading = createReadingMetrics(core.registry);
  const countPush = createPushMetrics(core.registry);
  const countJoined = createJoinedReadMetrics(core.registry);
  createShardMetrics(core.registry, () =>
    shardsOf(endpoints.topology(), new Set(inForce.query.replica_labels)).map((shard) => ({
      name: shard.name,
      endpoints: shard.endpoints.map(({ health }) => ({ isUp: health.kind === 'up' })),
    })),
  );
  createCoverageMetrics(core.registry, () => endpoints.coverage.figures());
  createIntervalMetrics(core.registry, intervals);
  createSeriesMetrics(core.registry, seriesMemory);
  createAccessMetrics(core.registry, access);
  createConfigMetrics(core.registry, () => reloader.status());
  createLogMetrics(core.registry, { standardError: STANDARD_ERROR, queryLog: queryLogs });
  const { address, admin_address: adminAddress } = config.http;
  const server = createPromqlServer(options, core, adminAddress === undefined ? 'all' : 'queries');
  const admin = adminAddress && {
    server: createPromqlServer(options, core, 'administration'),
    address: adminAddress,
  };
  const servers = [server, ...(admin === undefined ? [] : [admin.server])];
  /** Ends all that requests need, once there are none. */
  const closeParts = async (): Promise<void> => {
    await Promise.all([endpoints.close(), threads.close(), queryLogs.close(), tracing.close()]);
    access.close();
    sharedCache?.cache.close();
    lateness.stop();
    collector.stop();
  };
  let grpc: RunningGrpc | undefined;
  let url: string;
  let adminUrl: string | undefined;
  try {
    grpc = await startGrpc(config, core, logger, SYSTEM_CLOCK, engine, access, tracing.sample);
    url = await listen(server, address);
    adminUrl = admin && (await listen(admin.server, admin.address, '--web.admin-address'));
  } catch (thrown) {
    await Promise.all([...servers.map((each) => each.close()), grpc?.close(0)]);
    await closeParts();
    throw thrown;
  }
  const { all: takesCredentials } = access.isGuarded();
  const warnings = [
    openListeners(config, access.isGuarded()),
    plainListener(config, takesCredentials, access.tls !== undefined),
  ];
  for (const warning of warnings) if (warning !== undefined) logger.warn(warning);
  watch = source && new FileWatch(source.first.files, SYSTEM_TIMERS, () => reloader.filesChanged());
  const endHangUps = onHangUp?.(() => {
    queryLogs.reopen();
    void reloader.reload('SIGHUP');
  });
  await Promise.race([endpoints.ready(), untilAborted(stop)]);
  if (!stop.aborted) grpc.setServing();
  const lack = trouble();
  if (lack !== undefined && !stop.aborted) logger.warn(`the gateway is ready, but ${lack}`);
  return {
    url,
    adminUrl: adminUrl ?? url,
    grpcAddress: grpc.address,
    allocator: allocatorInUse(),
    config: () => inForce,
    close: async (graceMs, delayMs = 0) => {
      watch?.stop();
      endHangUps?.();
      const wasReady = endpoints.obstacle() === undefined;
      isStopping = true;
      grpc.setStopping();
      if (wasReady) await sleep(delayMs);
      const cut = setTimeout(() => {
        logger.warn(`requests that are open after ${graceMs / 1000} s of grace are cut off`);
        for (const each of servers) each.server.closeAllConnections();
      }, graceMs);
      await Promise.all([...servers.map((each) => each.close()), grpc.close(graceMs)]);
      clearTimeout(cut);
      await closeParts();
    },
  };
}

function warnOfFeatures(features: readonly string[], logger: FastifyBaseLogger): void {
  for (const feature of features) {
    const problem = featureProblem(feature);
    if (problem !== undefined) logger.warn(`the feature ${feature} ${problem}`);
  }
}
