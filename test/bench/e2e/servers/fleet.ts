import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../../support/load/child.ts';
import { startPrometheus, type PrometheusServer } from '../../../support/prometheus-server.ts';
import { CACHE, keptStore, linkBlocks } from '../workload/kept-store.ts';
import type { SizeName } from '../workload/sizes.ts';
import type { Fleet, Store } from '../workload/stores.ts';
import { startGateway, type Gateway } from './gateway.ts';

/** Servers of one kind of load and the gateway over them, all running. */
export interface RunningFleet {
  readonly gateway: Gateway;
  /** Starts one more over the same servers. It ends with the fleet at the latest. */
  another(flags: readonly string[]): Promise<Gateway>;
  /** What the gateway is compared with. */
  readonly direct: PrometheusServer;
  /** Process ids of the servers behind the gateway. */
  readonly backends: readonly number[];
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly size: SizeName;
  /** Version of Prometheus, which data are kept by. */
  readonly server: string;
  /** A network between the gateway and each backend. */
  readonly network: boolean;
  /** The program: `dist/main.js`. */
  readonly program: string;
  /** More flags of the gateway. */
  readonly flags: readonly string[];
  /** More options of Node for the gateway. */
  readonly execArgv: readonly string[];
}

const LINK = fileURLToPath(import.meta.resolve('./slow-link-process.ts'));
/** RTT 2 ms, 1 Gbit/s. */
const LINK_DELAY_MS = 1;
const LINK_BYTES_PER_MS = 125_000;

/** Folders of running servers begin with it, and with the process id of the run. */
const RUNNING = 'running-';

/** Starts everything or nothing: a server that is missing is an error. */
export async function startFleet(fleet: Fleet, options: FleetOptions): Promise<RunningFleet> {
  await removeLeftovers();
  const folder = join(CACHE, `${RUNNING}${process.pid}-${fleet.name}`);
  const ends: (() => Promise<unknown>)[] = [async () => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  const start = async (store: Store): Promise<PrometheusServer> => {
    const server = await startStore(store, join(folder, store.name), options);
    ends.push(() => server.stop());
    return server;
  };
  try {
    await mkdir(folder, { recursive: true });
    const direct = await start(fleet.direct);
    const backends: PrometheusServer[] = [];
    for (const store of fleet.backends) backends.push(await start(store));
    const urls: string[] = [];
    for (const { url, port } of backends) {
      if (options.network) {
        const link = await startChild(LINK, [port, LINK_DELAY_MS, LINK_BYTES_PER_MS].map(String));
        ends.push(() => link.stop());
        urls.push(link.url);
      } else urls.push(url);
    }
    const another = async (flags: readonly string[]): Promise<Gateway> => {
      const gateway = await startGateway(options.program, urls, flags, options.execArgv);
      ends.push(() => gateway.stop());
      return gateway;
    };
    const gateway = await another(options.flags);
    return { gateway, another, direct, backends: backends.map(({ pid }) => pid), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** A run that was killed left the folders of its servers behind. */
async function removeLeftovers(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const name of await readdir(CACHE)) {
    const pid = name.startsWith(RUNNING) ? Number.parseInt(name.slice(RUNNING.length), 10) : process.pid;
    if (pid !== process.pid && !existsSync(`/proc/${pid}`))
      await rm(join(CACHE, name), { recursive: true, force: true });
  }
}

async function startStore(
  store: Store,
  dataDir: string,
  { size, server }: FleetOptions,
): Promise<PrometheusServer> {
  await linkBlocks(await keptStore(size, store, server), dataDir);
  const labels = Object.entries(store.externalLabels).map(([name, value]) => `    ${name}: '${value}'`);
  return startPrometheus({
    config: labels.length === 0 ? '' : `global:\n  external_labels:\n${labels.join('\n')}\n`,
    dataDir,
    args: ['--storage.tsdb.retention.time=100y', '--enable-feature=native-histograms'],
  });
}
