import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { startGateway } from '../../bench/e2e/servers/gateway.ts';
import type { Store } from '../../bench/e2e/workload/stores.ts';
import { writeStore } from '../../bench/e2e/workload/write-store.ts';
import { startPrometheus } from '../../support/prometheus-server.ts';
import type { Stores } from './stores.ts';

/** Whom the queries are asked. */
export interface Servers {
  /** A gateway that reads one replica, lets servers compute, and keeps results. */
  readonly full: Pool;
  /** Where the metrics of that are. */
  readonly fullUrl: string;
  /** One over the same servers that does none of it. */
  readonly plain: Pool;
  /** A Prometheus that was never away. */
  readonly direct: Pool;
  stop(): Promise<void>;
}

const FEATURES = [...ALL_FEATURES];
const FULL = ['--query.pushdown=auto', '--query.read-once=auto', '--query.results-cache.size=256MiB'];
const PLAIN = ['--query.pushdown=off', '--query.read-once=off', '--query.results-cache.size=0'];

/** Starts everything or nothing. What is asked of a gateway at once is one query, so nothing is waited for. */
export async function startServers(stores: Stores): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-fuzz-'));
  const ends: (() => Promise<unknown>)[] = [async () => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  const start = async (store: Store): Promise<string> => {
    const server = await startStore(store, folder);
    ends.push(() => server.stop());
    return server.url;
  };
  const gatewayOver = async (urls: readonly string[], flags: readonly string[]): Promise<string> => {
    const features = FEATURES.map((name) => `--enable-feature=${name}`);
    const gateway = await startGateway('src/main.ts', urls, [...flags, ...features], []);
    ends.push(() => gateway.stop());
    return gateway.url;
  };
  const poolOf = (url: string): Pool => {
    const pool = new Pool(url, { connections: 4 });
    ends.push(() => pool.close());
    return pool;
  };
  try {
    await mkdir(join(folder, 'stores'));
    const direct = await start(stores.direct);
    const urls: string[] = [];
    for (const store of stores.replicas) urls.push(await start(store));
    const [full, plain] = [await gatewayOver(urls, FULL), await gatewayOver(urls, PLAIN)];
    return { full: poolOf(full), fullUrl: full, plain: poolOf(plain), direct: poolOf(direct), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function startStore(store: Store, folder: string): ReturnType<typeof startPrometheus> {
  const dataDir = join(folder, 'stores', store.name);
  await writeStore(store, dataDir);
  const labels = Object.entries(store.externalLabels).map(([name, value]) => `    ${name}: '${value}'`);
  return startPrometheus({
    config: labels.length === 0 ? '' : `global:\n  external_labels:\n${labels.join('\n')}\n`,
    dataDir,
    args: ['--storage.tsdb.retention.time=100y', `--enable-feature=${FEATURES.join(',')}`],
  });
}
