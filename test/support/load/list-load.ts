import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../../scripts/build.ts';
import { peakBytes } from '../../bench/e2e/measure/process-figures.ts';
import { startProcess } from '../process.ts';
import { untilEndpointsUp } from '../serve-process.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';

const REPLICA = fileURLToPath(import.meta.resolve('./list-replica-process.ts'));
const REPLICAS = 2;
const START_TIMEOUT_MS = 60_000;

/** A long list that a gateway answers over two replicas that both have all of it. */
export interface ListLoad {
  readonly list: 'series' | 'values';
  readonly count: number;
  /** What the gateway asks itself: the replicas, where this is left out, or a gateway before each, over gRPC. */
  readonly over?: 'servers' | 'stores';
}

export interface MeasuredList {
  /** Items that came. */
  readonly items: number;
  /** The most memory that the process held before it was asked, and until it had answered twice; bytes. */
  readonly restBytes: number;
  readonly peakBytes: number;
}

/** Each item has it once. */
const MARK = 'pod-';
const PATHS = { series: '/api/v1/series?match[]=wide', values: '/api/v1/label/pod/values' } as const;

/** Asks the program as it ships, a process of its own, for a long list, twice. */
export async function measureList({ list, count, over = 'servers' }: ListLoad): Promise<MeasuredList> {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-list-'));
  const stops: (() => Promise<unknown>)[] = [];
  try {
    for (const name of ['proto', 'node_modules', 'package.json'])
      symlinkSync(resolve(name), join(folder, name));
    await build(join(folder, 'dist'));
    const counts = { series: 10, values: 10, [list]: count };
    const replicas = await Promise.all(
      Array.from({ length: REPLICAS }, (_, replica) =>
        startChild(REPLICA, [replica, counts.series, counts.values].map(String)),
      ),
    );
    stops.push(...replicas.map((replica) => () => replica.stop()));
    const start = async (endpoints: readonly string[]): Promise<RunningGateway> => {
      const gateway = await startGateway(join(folder, 'dist', 'main.js'), endpoints);
      stops.push(() => gateway.stop());
      return gateway;
    };
    let endpoints = replicas.map(({ url }) => url);
    if (over === 'stores') {
      const stores = await Promise.all(endpoints.map((url) => start([url])));
      endpoints = stores.map(({ grpcAddress }) => `grpc://${grpcAddress}`);
    }
    const { url, pid } = await start(endpoints);
    const restBytes = peakBytes(pid);
    let items = 0;
    for (let times = 0; times < 2; times++) items = await countItems(`${url}${PATHS[list]}`);
    return { items, restBytes, peakBytes: peakBytes(pid) };
  } finally {
    for (const stop of stops.toReversed()) await stop();
    rmSync(folder, { recursive: true });
  }
}

interface RunningGateway {
  readonly url: string;
  readonly grpcAddress: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

async function startGateway(main: string, endpoints: readonly string[]): Promise<RunningGateway> {
  const gateway = await startProcess(
    process.execPath,
    [
      '--max-semi-space-size=16',
      main,
      'serve',
      '--http-address=127.0.0.1:0',
      '--grpc-address=127.0.0.1:0',
      ...endpoints.map((endpoint) => `--endpoint=${endpoint}`),
    ],
    undefined,
  );
  try {
    await until('it listens', START_TIMEOUT_MS, async () => gateway.output().includes('msg=listening'));
    const { url, grpc } = /url=(?<url>\S+) grpc=(?<grpc>\S+)/.exec(gateway.output())!.groups!;
    await untilEndpointsUp(url!, endpoints.length);
    return { url: url!, grpcAddress: grpc!, pid: gateway.child.pid!, stop: () => gateway.stop('SIGKILL') };
  } catch (thrown) {
    await gateway.stop('SIGKILL');
    throw thrown;
  }
}

/** How many items an answer has, without holding it. */
async function countItems(url: string): Promise<number> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  let items = 0;
  let tail = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const text = tail + part;
    items += text.split(MARK).length - 1;
    // Too short for the mark, of which a part may be in the next piece.
    tail = text.slice(1 - MARK.length);
  }
  if (!tail.endsWith(']}')) throw new Error(`${url} broke off`);
  return items;
}
