import type { FastifyBaseLogger } from 'fastify';
import { listen } from '../app/listen.ts';
import { startGateway, type RunningGateway } from '../app/start-gateway.ts';
import { openConfig } from '../config/load.ts';
import { SYSTEM_CLOCK } from '../model/clock.ts';
import { labelsFromRecord } from '../model/labels.ts';
import { createSimulatedServer } from './prometheus-server.ts';
import { ReplicaScraper } from './replica.ts';
import { outageText, REPLICAS } from './schedule.ts';
import { targetsOf } from './targets.ts';

const HISTORY_MS = 3 * 3_600_000;
const KEEP_MS = 2 * HISTORY_MS;
const TICK_MS = 1000;
const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** A simulated server, for those who look at it. */
export interface DemoReplica {
  readonly name: string;
  readonly url: string;
  /** When it goes down. */
  readonly outages: string;
}

export interface RunningDemo {
  readonly gateway: RunningGateway;
  readonly replicas: readonly DemoReplica[];
  close(): Promise<void>;
}

/** Where the gateway of the demo listens, `host:port`. */
export interface DemoAddresses {
  readonly http: string;
  readonly grpc: string;
}

/** Starts the simulated servers on free loopback ports and a gateway over them. */
export async function startDemo(
  addresses: DemoAddresses,
  version: string,
  logger: FastifyBaseLogger,
): Promise<RunningDemo> {
  const startedAt = SYSTEM_CLOCK.now();
  const simulated = REPLICAS.map(({ shard, replica, lag, script }) => {
    const scraper = new ReplicaScraper({
      targets: targetsOf(shard),
      script,
      startedAt,
      historyMs: HISTORY_MS,
      lag,
    });
    scraper.advance(startedAt);
    const externalLabels = labelsFromRecord({ cluster: 'demo', shard, __replica__: replica });
    const server = createSimulatedServer({
      scraper,
      externalLabels,
      logger,
      clock: SYSTEM_CLOCK,
      version,
      historyMs: HISTORY_MS,
    });
    return { name: `${shard}-${replica}`, outages: outageText(script), scraper, server };
  });
  const ticking = setInterval(() => {
    const now = SYSTEM_CLOCK.now();
    for (const { scraper } of simulated) {
      scraper.advance(now);
      scraper.forgetBefore(now - KEEP_MS);
    }
  }, TICK_MS);
  const stopServers = async (): Promise<void> => {
    clearInterval(ticking);
    await Promise.all(
      simulated.map(async ({ server }) => {
        server.server.closeAllConnections();
        await server.close();
      }),
    );
  };
  try {
    const urls = await Promise.all(simulated.map(async ({ server }) => listen(server, LOOPBACK)));
    const { config, shown } = openConfig(undefined, [
      { path: ['http', 'address'], value: addresses.http, source: '--http-address' },
      { path: ['grpc', 'address'], value: addresses.grpc, source: '--grpc-address' },
      { path: ['refresh_interval'], value: '5s', source: 'demo' },
      { path: ['endpoints'], value: urls.map((url) => ({ address: url })), source: 'demo' },
    ]);
    const gateway = await startGateway(config, version, logger, { shown });
    return {
      gateway,
      replicas: simulated.map(({ name, outages }, i) => ({ name, outages, url: urls[i]! })),
      close: async () => {
        await gateway.close(0);
        await stopServers();
      },
    };
  } catch (thrown) {
    await stopServers();
    throw thrown;
  }
}
