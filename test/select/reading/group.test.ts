import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { RawSeriesSet } from '../../../src/backend/backend.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import {
  compareLabels,
  labelsFrom,
  labelsFromRecord,
  labelsKey,
  labelValue,
  type Labels,
  valuesKey,
} from '../../../src/model/labels.ts';
import { Pacer } from '../../../src/model/pacer.ts';
import { ALWAYS } from '../../../src/model/time-range.ts';
import { success } from '../../../src/model/result.ts';
import { groupSeries } from '../../../src/select/reading/group.ts';
import { GroupMemory } from '../../../src/select/reading/group-memory.ts';
import { labelMerger } from '../../../src/select/reading/label-merger.ts';
import type { ShardOutcome } from '../../../src/select/routing/fan-out.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { assertProperty } from '../../support/property.ts';
import { memoryEndpoint } from '../support.ts';

const NEVER = new AbortController().signal;
const RANGE = { minTime: 0, maxTime: 100, completeUntil: 100 };
const VIEW = { replicaLabels: ['r', 'unused'], mergedHere: new Set(['r']) };

const LABELS = fc
  .array(fc.tuple(fc.constantFrom('__name__', 'a', 'r', 'é'), fc.constantFrom('x', 'y', 'z')))
  .map((pairs) => labelsFrom(pairs));

/** A chunk whose start tells where it came from. */
function answer(endpoint: Endpoint, all: readonly Labels[], first: number): ShardOutcome<RawSeriesSet> {
  const series = new SeriesBatch();
  all.forEach((labels, i) => {
    const minTime = first + i;
    const chunk = { encoding: 1, minTime, maxTime: minTime, data: Uint8Array.of(0, 9) };
    series.add(labels, { kind: 'chunks', chunks: [chunk] });
  });
  const value = { series, annotations: [], bytes: 0 };
  const route = { endpoint, within: ALWAYS, matcherSets: [], wanted: [] };
  return { name: 'shard', outcomes: [{ route, result: success(value), elapsedMs: 1 }] };
}

async function grouped(shards: readonly ShardOutcome<RawSeriesSet>[]) {
  const groups = await groupSeries(shards, VIEW, RANGE, new Pacer({ signal: NEVER }), new GroupMemory());
  return Array.from({ length: groups.length }, (_, i) => {
    const { labels, replicas } = groups.at(i);
    assert.deepEqual(groups.labels(i), labels);
    const pieces = replicas.map(({ name, pieces }) => [
      name,
      pieces.flatMap((piece) => (piece.kind === 'chunks' ? piece.chunks.map(({ minTime }) => minTime) : [])),
    ]);
    return [labels, pieces];
  });
}

/** The same by texts and maps. */
function expected(all: readonly (readonly [Endpoint, readonly Labels[], number])[]) {
  const sources = new Map<string, string>();
  const groups = new Map<string, { labels: Labels; replicas: Map<string, number[]> }>();
  for (const [endpoint, series, first] of all)
    series.forEach((own, i) => {
      const labels = labelMerger(endpoint, VIEW.mergedHere)(own);
      const key = labelsKey(labels);
      const group = groups.get(key) ?? { labels, replicas: new Map<string, number[]>() };
      groups.set(key, group);
      const name = `${valuesKey(own, VIEW.replicaLabels)} ${endpoint.id}`;
      // What an endpoint with a mark of its own carries besides is data.
      const value = labelValue(own, 'r');
      const isData = labelValue(endpoint.externalLabels!, 'r') !== '' && value !== 'x';
      sources.set(name, value === '' || isData ? name : value);
      group.replicas.set(name, [...(group.replicas.get(name) ?? []), first + i]);
    });
  return [...groups.values()]
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .map(({ labels, replicas }) => {
      const sorted = [...replicas].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      const bySource = Map.groupBy(sorted, ([name]) => sources.get(name)!);
      return [
        labels,
        [...bySource.values()].map((same) => [same[0]![0], same.flatMap(([, pieces]) => pieces)]),
      ];
    });
}

describe('series of several answers', () => {
  it('become those that labels and replica labels tell apart', async () => {
    const plain = memoryEndpoint('a:1', { s: '1' }, []);
    const marked: Endpoint = {
      ...memoryEndpoint('b:1', { s: '1', r: 'x' }, []),
      ownLabels: new Set(['r']),
    };
    await assertProperty(
      fc.asyncProperty(fc.array(LABELS), fc.array(LABELS), fc.array(LABELS), async (one, two, three) => {
        const all = [
          [plain, one, 0],
          [marked, two, 1000],
          [plain, three, 2000],
        ] as const;
        assert.deepEqual(
          await grouped(all.map(([endpoint, series, first]) => answer(endpoint, series, first))),
          expected(all),
        );
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('are laid out in time where one group has very many replicas, whatever their order', async () => {
    const endpoint = memoryEndpoint('a:1', { s: '1' }, []);
    const series = Array.from({ length: 20_000 }, (_, i) =>
      labelsFromRecord({ a: 'x', r: `${200_000 - i}` }),
    );
    const began = process.cpuUsage();
    const [[, replicas]] = (await grouped([answer(endpoint, series, 0)])) as [[Labels, [string, number[]][]]];
    const { user } = process.cpuUsage(began);
    assert.equal(replicas.length, series.length);
    assert.deepEqual(replicas[0]![1], [series.length - 1]);
    assert.ok(user < 5_000_000, `${user / 1e6} s`);
  });

  it('are left out where they are not wanted', async () => {
    const endpoint = memoryEndpoint('a:1', { s: '1' }, []);
    const series = ['1', '2', '3'].map((a) => labelsFromRecord({ a }));
    const { name, outcomes } = answer(endpoint, series, 0);
    const [outcome] = outcomes;
    const route = { ...outcome!.route, wanted: [[{ kind: '=', name: 'a', value: '2' } as const]] };
    const shards = [{ name, outcomes: [{ ...outcome!, route }] }];
    assert.deepEqual(await grouped(shards), [
      [series[1], [[valuesKey(series[1]!, VIEW.replicaLabels) + ' a:1', [1]]]],
    ]);
  });

  it('tell whether all have the same metric identity', async () => {
    const endpoint = memoryEndpoint('a:1', { s: '1' }, []);
    const identity = fc.record({
      __name__: fc.constantFrom('x', 'y', ''),
      __type__: fc.constantFrom('counter', '', ''),
      A: fc.constantFrom('1', '2', ''),
      b: fc.constantFrom('1', '2'),
    });
    await assertProperty(
      fc.asyncProperty(fc.array(identity, { maxLength: 3 }), async (all) => {
        const labels = all.map(labelsFromRecord);
        const pacer = new Pacer({ signal: NEVER });
        const groups = await groupSeries(
          [answer(endpoint, labels, 0)],
          VIEW,
          RANGE,
          pacer,
          new GroupMemory(),
        );
        const identities = new Set(all.map(({ __name__, __type__ }) => `${__name__} ${__type__}`));
        assert.equal(await groups.isOneMetric(pacer), identities.size < 2);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('tell the endpoints of which a series comes more than once', async () => {
    const [a, b, c] = ['a:1', 'b:1', 'c:1'].map((id) => memoryEndpoint(id, { s: '1' }, [])) as [
      Endpoint,
      Endpoint,
      Endpoint,
    ];
    const shared = labelsFromRecord({ a: 'x' });
    const both = [labelsFromRecord({ a: 'y', r: 'x' }), labelsFromRecord({ a: 'y', r: 'y' })];
    const alone = labelsFromRecord({ a: 'z' });
    const sharersOf = async (...shards: ShardOutcome<RawSeriesSet>[]): Promise<readonly string[]> => {
      const groups = await groupSeries(shards, VIEW, RANGE, new Pacer({ signal: NEVER }), new GroupMemory());
      return groups.sharers().map(({ id }) => id);
    };
    assert.deepEqual(await sharersOf(answer(a, [shared], 0), answer(b, [shared], 0), answer(c, [alone], 0)), [
      'a:1',
      'b:1',
    ]);
    assert.deepEqual(await sharersOf(answer(a, [alone], 0), answer(c, both, 0)), ['c:1']);
    assert.deepEqual(await sharersOf(answer(a, [alone, alone], 0)), [], 'pieces of one replica');
  });
});
