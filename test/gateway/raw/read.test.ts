import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { RawQuery } from '../../../src/gateway/raw/read.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import { labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { decodeChunk } from '../../../src/wire/chunk/decode.ts';
import { columnsSeries, failingEndpoint, memoryEndpoint, type Samples } from '../../select/support.ts';
import { gatewayAt, NOW, until } from './support.ts';

type Labels = Readonly<Record<string, string>>;
/** Of each query its series: labels and samples, times in seconds before {@link NOW}. */
type Found = readonly (readonly (readonly [labels: Labels, samples: Samples])[])[];

const named = (value: string): readonly Matcher[] => [{ kind: '=', name: '__name__', value }];
const of = (name: string, from = 600, to = 0): RawQuery => ({
  matchers: named(name),
  minTime: NOW - 1000 * from,
  maxTime: NOW - 1000 * to,
});

function samplesOf({ length, t, v }: SampleBuffer): Samples {
  return Array.from({ length }, (_, i) => [(NOW - t[i]!) / 1000, v[i]!] as const);
}

const WAYS: Readonly<
  Record<
    string,
    (endpoints: readonly Endpoint[], queries: readonly RawQuery[], wishes?: ReadWishes) => Promise<Found>
  >
> = {
  samples: async (endpoints, queries, wishes) => {
    const { gateway, scope } = gatewayAt(endpoints, wishes);
    const found: (readonly [Labels, Samples])[][] = [];
    let open: (readonly [Labels, Samples])[] = [];
    await gateway.raw.readSamples(scope, queries, {
      bytes: 0,
      addSeries: ({ labels, columns }) => {
        open.push([labelsToRecord(labels), samplesOf(columns as SampleBuffer)]);
      },
      endQuery: () => {
        found.push(open);
        open = [];
      },
    });
    return found;
  },
  chunks: async (endpoints, queries, wishes) => {
    const { gateway, scope } = gatewayAt(endpoints, wishes);
    const { sets } = await gateway.raw.readChunks(scope, queries);
    return sets.map(({ series }) =>
      [...series].map((each) => {
        const buffer = new SampleBuffer();
        for (const { raw } of each.read()) decodeChunk(raw!, buffer, -Infinity, Infinity);
        return [labelsToRecord(each.labels), samplesOf(buffer)] as const;
      }),
    );
  },
};

/** Two replicas of which the first one missed a minute. */
function pair(): readonly Endpoint[] {
  const holey = until(4).filter(([t]) => t < NOW - 200_000 || t > NOW - 140_000);
  return [
    memoryEndpoint('a:1', { shard: '0', __replica__: 'a' }, [columnsSeries({ __name__: 'm' }, holey)]),
    memoryEndpoint('b:1', { shard: '0', __replica__: 'b' }, [columnsSeries({ __name__: 'm' }, until(4))]),
  ];
}

for (const [way, read] of Object.entries(WAYS))
  describe(`a read of ${way}`, () => {
    it('has series once, without holes of single replicas', async () => {
      const [[series, ...more]] = (await read(pair(), [of('m')])) as [Found[0]];
      assert.deepEqual(more, []);
      assert.deepEqual(series, [
        { __name__: 'm', shard: '0' },
        until(4).map(([t, v]) => [(NOW - t) / 1000, v]),
      ]);
    });

    it('has both ends of the range, and nothing beyond', async () => {
      const [[series]] = (await read(pair(), [of('m', 64, 34)])) as [Found[0]];
      assert.deepEqual(
        series![1].map(([ago]) => ago),
        [64, 49, 34],
      );
    });

    it('answers each query by itself, and nothing to those that select nothing', async () => {
      const queries = [of('m'), of('other'), { ...of('m'), matchers: [] }, of('m', 0, 10), of('m', 60)];
      const found = await read(pair(), queries);
      assert.deepEqual(
        found.map((series) => series.length),
        [1, 0, 0, 0, 1],
      );
    });

    it('fails where something is missing, unless an answer in part will do', async () => {
      const endpoints = [...pair(), failingEndpoint('c:1', { shard: '1' })];
      await assert.rejects(read(endpoints, [of('m')], { partialResponse: false }), { kind: 'unavailable' });
      const [series] = await read(endpoints, [of('m')], { partialResponse: true });
      assert.equal(series!.length, 1);
    });

    it('refuses patterns that are malformed', async () => {
      const matchers: readonly Matcher[] = [{ kind: '=~', name: 'a', value: '(' }];
      await assert.rejects(read(pair(), [{ ...of('m'), matchers }]), { kind: 'bad_data' });
    });
  });

test('a read without queries is answered, and is no query that people can look at', async () => {
  const { gateway, scope } = gatewayAt(pair());
  assert.deepEqual(await gateway.raw.readChunks(scope, []), { sets: [], annotations: [] });
  assert.deepEqual(gateway.watch.top('samples', 10), []);
  await gateway.raw.readChunks(scope, [of('m')]);
  assert.equal(gateway.watch.top('samples', 10).length, 1);
});

test('what turns out to be missing is known before the series are read, or once they were, where it can be told late', async () => {
  const chunk = { encoding: 1, minTime: NOW - 60_000, maxTime: NOW, data: Uint8Array.of(0, 9) };
  const damaged: RawSeries = {
    labels: labelsFromRecord({ __name__: 'm' }),
    data: { kind: 'chunks', chunks: [chunk] },
  };
  for (const isToldLate of [false, true]) {
    const endpoints = [
      memoryEndpoint('a:1', { shard: '0', __replica__: 'a' }, [damaged]),
      memoryEndpoint('b:1', { shard: '0', __replica__: 'b' }, [columnsSeries({ __name__: 'm' }, until(4))]),
    ];
    const { gateway, scope } = gatewayAt(endpoints, { partialResponse: true });
    const found = await gateway.raw.readChunks(scope, [of('m')], isToldLate);
    assert.equal(found.annotations.length, isToldLate ? 0 : 1);
    for (const each of found.sets[0]!.series) each.read();
    assert.equal(found.annotations.length, 1);
  }
});

describe('the limit on samples', () => {
  const sink = { bytes: 0, addSeries: () => undefined, endQuery: () => undefined };

  it('is that of one query', async () => {
    const { gateway, scope } = gatewayAt(pair(), {}, { readSamples: 40 });
    await gateway.raw.readSamples(scope, [of('m'), of('m')], sink);
    const { gateway: narrow, scope: other } = gatewayAt(pair(), {}, { readSamples: 39 });
    await assert.rejects(narrow.raw.readSamples(other, [of('m')], sink), {
      kind: 'bad_data',
      message: /^exceeded sample limit \(39\)/,
    });
  });

  it('is none where it is 0', async () => {
    const { gateway, scope } = gatewayAt(pair(), {}, { readSamples: 0 });
    await gateway.raw.readSamples(scope, [of('m')], sink);
  });
});
