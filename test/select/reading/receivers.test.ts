import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { START_MS, workload } from '../../truth/workload.ts';
import {
  columnsSeries,
  memoryEndpoint,
  readAll,
  REQUEST,
  scopeOf,
  selectionOf,
  type Samples,
} from '../support.ts';

const HOUR = 3_600_000;
const REPLICAS = ['a', 'b'] as const;
const ALL = [
  ...workload(1, { targets: 4, countersPerTarget: 2, gaugesPerTarget: 1, histogramsPerTarget: 0 }),
];

function within({ t, v, length }: SampleBuffer, from: number, to: number): Samples {
  const kept: (readonly [number, number])[] = [];
  for (let i = 0; i < length; i++) if (t[i]! >= from && t[i]! < to) kept.push([t[i]!, v[i]!]);
  return kept;
}

type Labels = Record<string, string>;

function held(replica: 'a' | 'b', from: number, to: number, more: Labels = {}) {
  return ALL.map((watched) =>
    columnsSeries(
      { __name__: watched.metric, ...watched.labels, ...more },
      within(watched[replica], START_MS + from, START_MS + to),
    ),
  );
}

/** Both replicas of a shard, with their samples since `from`, ms behind the start. */
function servers(from: number): readonly Endpoint[] {
  return REPLICAS.map((__replica__) =>
    memoryEndpoint(`m-${__replica__}`, { cluster: 'eu', __replica__ }, held(__replica__, from, Infinity)),
  );
}

/** What both have written to one store until `to`: their external labels are labels of the series there. */
function receiver(address: string, to: number, own: Labels = {}): Endpoint {
  const series = REPLICAS.flatMap((__replica__) => held(__replica__, 0, to, { cluster: 'eu', __replica__ }));
  return memoryEndpoint(address, own, series);
}

async function samplesOf(endpoints: readonly Endpoint[], from = 0, to = Infinity) {
  const scope = scopeOf();
  const range = { minTime: START_MS + from, maxTime: Math.min(START_MS + to, 8e15) };
  return readAll(
    await selectionOf(...endpoints)
      .source(scope)
      .select({ ...REQUEST, ...range }, scope.signal),
  );
}

describe('a store that both replicas of a shard write to', () => {
  // Replicas are ordered by name, so both orders count.
  for (const address of ['a-store', 'z-store'])
    for (const [what, until, since] of [
      ['all', Infinity, 0],
      ['old samples, some of which the servers have, too', 3 * HOUR, 2 * HOUR],
      ['old samples up to those of the servers', 3 * HOUR, 3 * HOUR],
      ['all that there is', Infinity, Infinity],
    ] as const)
      it(`gives with ${what} the samples of servers that have all (${address})`, async () => {
        const wanted = await samplesOf(servers(0));
        const fleet = [receiver(address, until), ...servers(since)];
        assert.deepEqual(await samplesOf(fleet), wanted);
        assert.deepEqual(await samplesOf(fleet.toReversed()), wanted);
      });

  it('is the same where its shard is configured', async () => {
    const fleet = [receiver('z-store', 3 * HOUR, { cluster: 'eu' }), ...servers(3 * HOUR)];
    assert.deepEqual(await samplesOf(fleet), await samplesOf(servers(0)));
  });

  it('is the same where two such stores have it', async () => {
    const fleet = [receiver('a-store', 3 * HOUR), receiver('z-store', 4 * HOUR), ...servers(3 * HOUR)];
    assert.deepEqual(await samplesOf(fleet), await samplesOf(servers(0)));
  });

  it('gives the same samples in a shorter range', async () => {
    const fleet = [receiver('z-store', 3 * HOUR), ...servers(3 * HOUR)];
    const [from, to] = [2 * HOUR, 4 * HOUR];
    assert.deepEqual(await samplesOf(fleet, from, to), await samplesOf(servers(0), from, to));
  });
});

/** Scrapes of 15 s, from a phase on. */
const every15 = (phase: number): Samples =>
  Array.from({ length: 40 }, (_, i) => [1_000_000 + phase + 15_000 * i, i] as const);

function leastGap(samples: Samples): number {
  return Math.min(...samples.slice(1).map(([t], i) => t - samples[i]![0]));
}

test('servers of one shard with the same replica label may scrape by themselves, so they are no one replica', async () => {
  const fleet = [0, 6000].map((phase, i) =>
    memoryEndpoint(`m-${i}`, { __replica__: 'a' }, [columnsSeries({ __name__: 'm' }, every15(phase))]),
  );
  const scope = scopeOf();
  const [series] = readAll(
    await selectionOf(...fleet)
      .source(scope)
      .select(REQUEST, scope.signal),
  );
  assert.equal(leastGap(series![1]), 15_000);
});

test('servers whose series carry the replica label as data are no one replica', async () => {
  const fleet = REPLICAS.map((__replica__, i) =>
    memoryEndpoint(
      `m-${__replica__}`,
      { cluster: 'eu' },
      [columnsSeries({ __name__: 'm', __replica__: 'of the application' }, every15(6000 * i))],
      {
        externalLabels: labelsFromRecord({ __replica__, cluster: 'eu' }),
        ownLabels: new Set(['__replica__']),
      },
    ),
  );
  const scope = scopeOf();
  const [series, ...others] = readAll(
    await selectionOf(...fleet)
      .source(scope)
      .select(REQUEST, scope.signal),
  );
  assert.deepEqual(others, []);
  assert.match(series![0], /of the application/);
  assert.equal(leastGap(series![1]), 15_000);
});
