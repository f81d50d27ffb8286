import type { Backend } from '../../src/backend/backend.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { CoverageIndex } from '../../src/cluster/coverage/coverage-index.ts';
import { PIECE_MS, pieceStart } from '../../src/cluster/coverage/piece.ts';
import { fixedEndpoint } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../src/model/labels.ts';
import { NEVER_LATE } from '../../src/model/lateness.ts';
import { success } from '../../src/model/result.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createReadUp } from '../../src/select/coverage/read-up.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { testPacer } from '../support/pace.ts';
import { randomFrom } from '../truth/random.ts';

const TARGETS = 20_000;
const DAY = 24 * 3_600_000;
const NOW = pieceStart(Date.UTC(2026, 0, 5)) + PIECE_MS - 1000;
/** What the index may take for one endpoint with so many targets and a day of them. */
const MOST_MB = 64;
const MOST_BUILD_S = 1;
const MOST_REFRESH_MS = 50;

interface Case {
  /** ms. */
  readonly interval: number;
  /** Part of the scrapes that come some ms late. */
  readonly late: number;
}

const CASES: Readonly<Record<string, Case>> = {
  'every 15 s': { interval: 15_000, late: 0 },
  'every 15 s, one in a hundred late': { interval: 15_000, late: 0.01 },
  'every 15 s, one in ten late': { interval: 15_000, late: 0.1 },
  'every minute, one in ten late': { interval: 60_000, late: 0.1 },
};

/**
 * The coverage index over two replicas of 20,000 targets: processor time to build a day of one of them out of what it sent, to extend the
 * tail by one refresh, and to compare both over the day; and the memory of one. Fails where a bound is not kept.
 */
export async function run(): Promise<void> {
  const rows: Record<string, Row> = {};
  // What runs first is slower.
  await measure(CASES['every 15 s']!);
  for (const [name, each] of Object.entries(CASES)) rows[name] = await measure(each);
  console.table(rows);
  console.log(`bounds: ${MOST_BUILD_S} s, ${MOST_REFRESH_MS} ms, ${MOST_MB} MB`);
  for (const [name, row] of Object.entries(rows))
    if (row['build, s'] > MOST_BUILD_S || row['refresh, ms'] > MOST_REFRESH_MS || row['MB'] > MOST_MB)
      console.log(`beyond the bounds: ${name}`);
}

interface Row {
  readonly 'build, s': number;
  readonly 'refresh, ms': number;
  readonly 'compare, ms': number;
  readonly MB: number;
}

async function measure(each: Case): Promise<Row> {
  let now = NOW;
  const clock = { now: () => now, monotonic: () => 0 };
  const read = createReadUp(SYSTEM_TIMERS, NEVER_LATE);
  let spent = 0;
  let bytes = 0;
  let refresh = Infinity;
  let compare = Infinity;
  const index = new CoverageIndex({ replicaLabels: ['__replica__'], read: timed, clock });
  const endpoints = ['a', 'b'].map((name) => endpointOf(name));
  for (const endpoint of endpoints) {
    const before = index.bytes;
    spent = 0;
    await index.refresh(endpoint);
    await index.load(endpoint, { minTime: NOW - DAY, maxTime: NOW });
    bytes = index.bytes - before;
  }
  const build = spent / 1000;
  for (let round = 0; round < 5; round++) {
    now += 30_000;
    for (const endpoint of endpoints) {
      spent = 0;
      await index.refresh(endpoint);
      refresh = Math.min(refresh, spent);
    }
    const started = process.cpuUsage();
    const answer = await index.compare(
      endpoints,
      () => ({ from: NOW - DAY, to: now, missed: 1 }),
      testPacer(),
    );
    compare = Math.min(compare, since(started));
    if (answer.kind !== 'compared' || answer.comparison.targets !== TARGETS)
      throw new Error('not all is known');
    if (!answer.comparison.replicas.every(({ lacks }) => lacks.isEmpty))
      throw new Error('a healthy replica lacks something');
  }
  return {
    'build, s': rounded(build),
    'refresh, ms': rounded(refresh),
    'compare, ms': rounded(compare),
    MB: rounded(bytes / 1024 ** 2),
  };

  async function timed(...args: Parameters<typeof read>): ReturnType<typeof read> {
    // What the server sends is made before the clock runs.
    const [endpoint, { range }] = args;
    const answer = success({
      series: batchOf(endpoint, each, range.minTime, range.maxTime),
      annotations: [],
      bytes: 0,
    });
    const prepared: Endpoint = { ...endpoint, backend: { ...endpoint.backend, select: async () => answer } };
    const started = process.cpuUsage();
    const result = await read(
      prepared,
      ...(args.slice(1) as [(typeof args)[1], (typeof args)[2], (typeof args)[3]]),
    );
    spent += since(started);
    return result;
  }
}

function endpointOf(name: string): Endpoint {
  const labels = labelsFromRecord({ cluster: 'eu', __replica__: name });
  const backend: Backend = createMemoryBackend({
    address: `${name}:1`,
    externalLabels: EMPTY_LABELS,
    series: [],
  });
  return fixedEndpoint(backend, labels);
}

/** `up` as a server sends it: chunks of 120 samples, of which those at the start are whole. */
function batchOf({ address }: Endpoint, { interval, late }: Case, from: number, to: number): SeriesBatch {
  const batch = new SeriesBatch();
  const phases = 16;
  const chunk = 120 * interval;
  const forms = Array.from({ length: phases }, (_, phase) => {
    const random = randomFrom(phase);
    const buffer = new SampleBuffer();
    const offset = ((phase * interval) / phases + (address.startsWith('a') ? 0 : interval / 3)) % interval;
    for (let t = Math.floor(from / chunk) * chunk + offset; t <= to; t += interval)
      buffer.push(Math.floor(t) + (random() < late ? Math.ceil(random() * 9) : 0), 1);
    return encodeColumns(buffer).filter(({ maxTime }) => maxTime >= from);
  });
  const { table } = batch;
  const fixed = [
    ['__name__', 'up'],
    ['__replica__', address[0]!],
    ['cluster', 'eu'],
  ] as const;
  const ids = fixed.map(([name, value]) => table.idOf(name, value));
  for (let target = 0; target < TARGETS; target++) {
    for (const id of ids) batch.addLabel(id);
    batch.addLabel(table.idOf('instance', `10.${target >> 16}.${(target >> 8) & 255}.${target & 255}:9100`));
    batch.addLabel(table.idOf('job', `job-${target % 50}`));
    batch.addLabel(table.idOf('namespace', `team-${target % 200}`));
    batch.addLabel(table.idOf('pod', `some-deployment-${target % 1000}-7f9c6b5d4-${target}`));
    for (const { encoding, minTime, maxTime, data } of forms[target % phases]!)
      batch.addChunk(encoding, minTime, maxTime, data, 0, data.length);
    batch.endSeries();
  }
  return batch;
}

/** Processor time, ms. */
function since(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
