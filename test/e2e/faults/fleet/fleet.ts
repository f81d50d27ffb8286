import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../../support/load/child.ts';
import {
  startServe,
  untilEndpointsUp,
  type ServeOptions,
  type ServeProcess,
} from '../../../support/serve-process.ts';
import { until } from '../../../support/until.ts';
import { Replica } from './replica.ts';
import { SHARDS, TARGETS_PER_SHARD, targetsOf } from './truth.ts';

const EXPORTER = fileURLToPath(import.meta.resolve('./exporter-process.ts'));

/** How often gateways ask their endpoints, ms. */
export const REFRESH_MS = 2000;
/** What a query may look back from the begin of the settled time, ms, and a scrape of reserve. */
const BEFORE_MS = 4500;
/** How long the settled time is, ms. */
const SETTLED_MS = 3000;
/** Longer than any scrape takes to become visible, ms. */
const AFTER_MS = 1000;

/** A time of which nothing changes any more, seconds since the epoch, both ends inclusive. */
export interface SettledTime {
  readonly from: number;
  readonly to: number;
}

/** Three shards of two replicas, the last one asked over gRPC, and the gateway over them, all running. */
export interface Fleet {
  readonly replicas: readonly Replica[];
  readonly gateway: ServeProcess;
  /** When every replica scraped all of its targets. */
  readonly settled: SettledTime;
  readonly replica: (name: string) => Replica;
  /** One more gateway over the same replicas. Stop it before the fleet. */
  readonly startGateway: (flags?: readonly string[], options?: ServeOptions) => Promise<ServeProcess>;
  readonly stop: () => Promise<void>;
}

/** Starts everything or nothing. */
export async function startFleet(): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-faults-'));
  const ends: (() => Promise<unknown>)[] = [async () => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const exporter = await startChild(EXPORTER, [
      String(SHARDS.length * TARGETS_PER_SHARD),
      String(Date.now()),
    ]);
    ends.push(() => exporter.stop());
    const addresses = exporter.url.split(' ');
    const replicas = await Promise.all(
      SHARDS.flatMap((shard) =>
        ['a', 'b'].map(async (letter) => {
          const replica = await Replica.start({
            shard,
            letter,
            transport: shard === '2' ? 'grpc' : 'http',
            targets: targetsOf(shard).map((target) => addresses[target]!),
            folder,
          });
          ends.push(() => replica.stop());
          return replica;
        }),
      ),
    );
    const startGateway = async (
      flags: readonly string[] = [],
      options: ServeOptions = {},
    ): Promise<ServeProcess> => {
      const gateway = await startServe(
        [
          ...replicas.map(({ endpoint }) => `--endpoint=${endpoint}`),
          `--refresh-interval=${REFRESH_MS}ms`,
          ...flags,
        ],
        options,
      );
      await untilEndpointsUp(gateway.url, replicas.length);
      return gateway;
    };
    const starting = startGateway().then((gateway) => {
      ends.push(() => gateway.stop('SIGKILL'));
      return gateway;
    });
    const [settled, gateway] = await Promise.all([settledTime(replicas), starting]);
    return {
      replicas,
      gateway,
      settled,
      replica: (name) => {
        const found = replicas.find((replica) => replica.name === name);
        if (found === undefined) throw new Error(`there is no replica ${name}`);
        return found;
      },
      startGateway,
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Waits until there is one. */
async function settledTime(replicas: readonly Replica[]): Promise<SettledTime> {
  const begin = Math.max(...(await Promise.all(replicas.map(firstScrape))));
  const from = Math.ceil((begin + BEFORE_MS) / 1000);
  const to = from + SETTLED_MS / 1000;
  // Gateways learn of scrapes when they ask the next time.
  const known = to * 1000 + AFTER_MS + REFRESH_MS;
  await new Promise((resolve) => setTimeout(resolve, known - Date.now()));
  return { from, to };
}

/** When a replica had scraped all of its targets, ms. */
async function firstScrape({ name, url }: Replica): Promise<number> {
  await until(`replica ${name} scraped its targets`, 30_000, async () => {
    const answer = await fetch(`${url}/api/v1/query?query=count(up==1)`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1] === String(TARGETS_PER_SHARD);
  });
  return Date.now();
}
