import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { BackendSelect } from '../../../src/backend/backend.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { ChunkEncoding } from '../../../src/model/chunk.ts';
import type { EncodedChunk } from '../../../src/model/chunk.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN, isStale } from '../../../src/model/stale.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import {
  coveredBy,
  NEVER,
  messages,
  scopeOf,
  REQUEST,
  columnsOf,
  columnsSeries,
  memoryEndpoint,
  readAll,
  selectionOf,
} from '../support.ts';
import type { Samples } from '../support.ts';

const EVERY_15_S: Samples = Array.from({ length: 20 }, (_, i) => [15_000 * (i + 1), i] as const);

function select(matchers: readonly Matcher[], ...endpoints: readonly Endpoint[]) {
  return selectionOf(...endpoints)
    .source(scopeOf())
    .select({ ...REQUEST, matchers }, NEVER);
}

test('replicas of one series become one, without the replica label', async () => {
  const series = columnsSeries({ __name__: 'm' }, EVERY_15_S);
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', { __replica__: 'a' }, [series]),
    memoryEndpoint('b:1', { __replica__: 'b' }, [series]),
  );
  assert.deepEqual(readAll(set), [['__name__ m', EVERY_15_S]]);
  assert.deepEqual(readAll(set), [['__name__ m', EVERY_15_S]], 'a series may be read again');
});

test('without deduplication each replica is there with its label', async () => {
  const series = columnsSeries({ __name__: 'm' }, EVERY_15_S);
  const set = await selectionOf(
    memoryEndpoint('b:1', { __replica__: 'b' }, [series]),
    memoryEndpoint('a:1', { __replica__: 'a' }, [series]),
  )
    .source(scopeOf({ dedup: false }))
    .select(REQUEST, NEVER);
  assert.deepEqual(
    readAll(set).map(([labels]) => labels),
    ['__name__ m __replica__ a', '__name__ m __replica__ b'],
  );
});

test('disjoint series of endpoints that differ by replica label alone pass through', async () => {
  const one = columnsSeries({ __name__: 'm', instance: '1' }, EVERY_15_S);
  const ended = columnsOf([[7, 0]]);
  ended.v.set(Float64Array.of(STALE_NAN));
  const two: RawSeries = {
    labels: labelsFromRecord({ __name__: 'm', instance: '2' }),
    data: { kind: 'columns', columns: ended },
  };
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', { __replica__: 'shard-0' }, [one]),
    memoryEndpoint('b:1', { __replica__: 'shard-1' }, [two]),
  );
  assert.deepEqual(readAll(set)[0], ['__name__ m instance 1', EVERY_15_S]);
  const buffer = new SampleBuffer();
  set.series.at(1)!.read(buffer);
  assert.equal(buffer.t[0], 7);
  assert.ok(isStale(buffer.v[0]!));
});

test('series come sorted by labels, whatever the order of the endpoints', async () => {
  const endpoints = ['2', '0', '1'].map((shard) =>
    memoryEndpoint(`${shard}:1`, { shard }, [
      columnsSeries({ __name__: 'm' }, EVERY_15_S),
      columnsSeries({ __name__: 'a' }, EVERY_15_S),
    ]),
  );
  const set = await select(REQUEST.matchers, ...endpoints);
  assert.deepEqual(
    Array.from(set.series, ({ labels }) => labels.join(' ')),
    [
      '__name__ a shard 0',
      '__name__ a shard 1',
      '__name__ a shard 2',
      '__name__ m shard 0',
      '__name__ m shard 1',
      '__name__ m shard 2',
    ],
  );
});

test('matchers on external labels choose endpoints and are not sent on', async () => {
  const seen: BackendSelect[] = [];
  const endpoint = memoryEndpoint('a:1', { cluster: 'eu' }, []);
  const spying = {
    ...endpoint,
    backend: {
      address: 'a:1',
      describe: (signal: AbortSignal) => endpoint.backend.describe(signal),
      series: endpoint.backend.series.bind(endpoint.backend),
      labelNames: endpoint.backend.labelNames.bind(endpoint.backend),
      labelValues: endpoint.backend.labelValues.bind(endpoint.backend),
      lists: endpoint.backend.lists,
      close: () => endpoint.backend.close(),
      select: (scope: RequestScope, request: BackendSelect) => {
        seen.push(request);
        return endpoint.backend.select(scope, request);
      },
    },
  };
  const job = { kind: '=', name: 'job', value: 'x' } as const;
  await select([{ kind: '=~', name: 'cluster', value: 'eu|us' }, job], spying);
  assert.deepEqual(
    seen.map(({ matchers }) => matchers),
    [[job]],
  );
  await select([{ kind: '!=', name: 'cluster', value: 'eu' }, job], spying);
  assert.equal(seen.length, 1);
});

test('a matcher on a replica label reads that replica alone', async () => {
  const set = await select(
    [...REQUEST.matchers, { kind: '=', name: '__replica__', value: 'b' }],
    memoryEndpoint('a:1', { __replica__: 'a' }, [columnsSeries({ __name__: 'm' }, [[1000, 1]])]),
    memoryEndpoint('b:1', { __replica__: 'b' }, [columnsSeries({ __name__: 'm' }, [[1000, 2]])]),
  );
  assert.deepEqual(readAll(set), [['__name__ m', [[1000, 2]]]]);
});

test('endpoints without data in the range are not asked', async () => {
  const early = memoryEndpoint('a:1', {}, [columnsSeries({ __name__: 'm' }, [[1000, 1]])], { maxTime: -1 });
  assert.equal((await select(REQUEST.matchers, early)).series.length, 0);
});

function chunkOf(samples: Samples): EncodedChunk {
  return encodeColumns(columnsOf(samples))[0]!;
}

function chunkSeries(...chunks: readonly EncodedChunk[]): RawSeries {
  return { labels: labelsFromRecord({ __name__: 'm' }), data: { kind: 'chunks', chunks } };
}

const BROKEN: EncodedChunk = {
  encoding: ChunkEncoding.xor,
  minTime: 0,
  maxTime: 1000,
  data: Uint8Array.of(0, 9, 1),
};

test('chunks of one endpoint that overlap become one ascending column', async () => {
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', {}, [
      chunkSeries(
        chunkOf([
          [1000, 1],
          [2000, 2],
          [4000, 4],
        ]),
        chunkOf([
          [2000, 2],
          [3000, 3],
          [5000, 5],
        ]),
        chunkOf([[6000, 6]]),
      ),
    ]),
  );
  assert.deepEqual(readAll(set), [
    [
      '__name__ m',
      [
        [1000, 1],
        [2000, 2],
        [3000, 3],
        [4000, 4],
        [5000, 5],
        [6000, 6],
      ],
    ],
  ]);
});

test('the same series twice from one endpoint is one', async () => {
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', {}, [
      chunkSeries(
        chunkOf([
          [3000, 3],
          [4000, 4],
        ]),
      ),
      chunkSeries(
        chunkOf([
          [1000, 1],
          [2000, 2],
        ]),
      ),
      columnsSeries({ __name__: 'm' }, [
        [2500, 2.5],
        [4000, 4],
      ]),
    ]),
  );
  assert.deepEqual(readAll(set), [
    [
      '__name__ m',
      [
        [1000, 1],
        [2000, 2],
        [2500, 2.5],
        [3000, 3],
        [4000, 4],
      ],
    ],
  ]);
});

test('a malformed chunk leaves its replica out and is told: a warning when it is read', async () => {
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', { __replica__: 'a' }, [chunkSeries(BROKEN)]),
    memoryEndpoint('b:1', { __replica__: 'b' }, [chunkSeries(chunkOf([[1000, 1]]))]),
  );
  assert.equal(set.annotations.length, 0);
  assert.deepEqual(readAll(set), [['__name__ m', [[1000, 1]]]]);
  assert.match(
    messages(set.annotations)[0]!,
    /^warning: endpoint a:1 in shard \{\} sent chunks that cannot be decoded/,
  );
});

test('a malformed chunk of a proven replica is an info', async () => {
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', { __replica__: 'a' }, [chunkSeries(BROKEN)], coveredBy('b:1')),
    memoryEndpoint('b:1', { __replica__: 'b' }, [chunkSeries(chunkOf([[1000, 1]]))]),
  );
  readAll(set);
  assert.match(messages(set.annotations)[0]!, /^info: /);
});

test('a malformed chunk without partial response is an error', async () => {
  const set = await selectionOf(memoryEndpoint('a:1', {}, [chunkSeries(BROKEN)]))
    .source(scopeOf({ partialResponse: false }))
    .select(REQUEST, NEVER);
  assert.throws(() => set.series.at(0)!.read(new SampleBuffer()), {
    kind: 'unavailable',
    message: /a:1.*cannot be decoded/,
  });
});

test('a stale marker that a replica wrote long ago holds, though the other ended without one', async () => {
  const ended = columnsOf([...EVERY_15_S, [315_000, 0]]);
  ended.v.set(Float64Array.of(STALE_NAN), 20);
  const marked: RawSeries = {
    labels: labelsFromRecord({ __name__: 'm' }),
    data: { kind: 'columns', columns: ended },
  };
  const set = await select(
    REQUEST.matchers,
    memoryEndpoint('a:1', { __replica__: 'a' }, [marked]),
    memoryEndpoint('b:1', { __replica__: 'b' }, [columnsSeries({ __name__: 'm' }, EVERY_15_S)]),
  );
  const buffer = new SampleBuffer();
  set.series.at(0)!.read(buffer);
  assert.equal(buffer.length, 21);
  assert.ok(isStale(buffer.v[20]!));
});
