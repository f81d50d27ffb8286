import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { ChunkEncoding } from '../../../src/model/chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import {
  NEVER,
  REQUEST,
  columnsOf,
  columnsSeries,
  failingEndpoint,
  memoryEndpoint,
  messages,
  readAll,
  scopeOf,
  selectionOf,
  type Samples,
} from '../support.ts';

const ALL: Samples = Array.from({ length: 200 }, (_, i) => [15_000 * (i + 1), i] as const);
const HOLED = ALL.filter(([t]) => t < 600_000 || t > 900_000);
const WISHES = { withoutLabels: ['__replica__'], dedup: true };

function chunks(samples: Samples): RawSeries {
  return {
    labels: labelsFromRecord({ __name__: 'm' }),
    data: { kind: 'chunks', chunks: encodeColumns(columnsOf(samples)) },
  };
}

const BROKEN: RawSeries = {
  labels: labelsFromRecord({ __name__: 'm' }),
  data: {
    kind: 'chunks',
    chunks: [{ encoding: ChunkEncoding.xor, minTime: 0, maxTime: 3_000_000, data: Uint8Array.of(0, 9, 1) }],
  },
};

const replica = (name: string, series: RawSeries, more: Partial<Endpoint> = {}): Endpoint =>
  memoryEndpoint(`${name}:1`, { __replica__: name }, [series], { replication: 'redundant', ...more });
const lost = (name: string): Endpoint =>
  failingEndpoint(`${name}:1`, { __replica__: name }, { replication: 'redundant' });

const CASES: readonly (readonly [what: string, endpoints: readonly Endpoint[], says: RegExp])[] = [
  ['a stand-in that is whole', [replica('a', chunks(ALL)), lost('b')], /^info: .*nothing is missing/],
  ['a stand-in with a hole', [replica('a', chunks(HOLED)), lost('b')], /^warning: .*a:1 has holes/],
  [
    'a stand-in with a hole that sends samples',
    [replica('a', columnsSeries({ __name__: 'm' }, HOLED)), lost('b')],
    /^warning: .*a:1 has holes/,
  ],
  ['a lost shard', [replica('a', chunks(ALL)), failingEndpoint('c:1', { shard: 'c' })], /^warning: shard/],
  ['chunks that cannot be decoded', [replica('a', BROKEN), replica('b', chunks(ALL))], /^info: .*cannot be/],
  [
    'chunks of both replicas that cannot be decoded',
    [replica('a', BROKEN), replica('b', BROKEN)],
    /^warning: /,
  ],
  [
    'chunks that cannot be decoded beside a replica with a hole',
    [replica('a', BROKEN), replica('b', chunks(HOLED))],
    /^warning: /,
  ],
];

for (const [what, endpoints, says] of CASES)
  test(`a query, its explanation and chunks for a querier above say the same of ${what}`, async () => {
    const selection = selectionOf(...endpoints);
    const query = await selection.source(scopeOf(WISHES)).select(REQUEST, NEVER);
    readAll(query);
    const explained = await selection.explain(scopeOf(WISHES), REQUEST, { series: 9, windows: 9 });
    const above = await selection.chunks(scopeOf(WISHES), REQUEST);
    for (const series of above.series) series.read();
    const [message] = messages(query.annotations);
    assert.match(message!, says);
    assert.deepEqual(messages(explained.annotations), messages(query.annotations));
    assert.deepEqual(messages(above.annotations), messages(query.annotations));
    assert.deepEqual(
      Array.from(above.series, ({ labels }) => labels),
      Array.from(query.series, ({ labels }) => labels),
    );
  });

test('a selected series can be read by two readers', async () => {
  const set = await selectionOf(replica('a', chunks(HOLED)), replica('b', chunks(ALL)))
    .source(scopeOf())
    .select(REQUEST, NEVER);
  const [first, second] = [new SampleBuffer(), new SampleBuffer()];
  set.series.at(0)!.read(first);
  set.series.at(0)!.read(second);
  assert.deepEqual(
    [...first.t.subarray(0, first.length)],
    ALL.map(([t]) => t),
  );
  assert.deepEqual(second.t.subarray(0, second.length), first.t.subarray(0, first.length));
});

test('chunks of both replicas that cannot be decoded are refused where answers must be whole', async () => {
  const set = await selectionOf(replica('a', BROKEN), replica('b', BROKEN))
    .source(scopeOf({ partialResponse: false }))
    .select(REQUEST, NEVER);
  assert.throws(() => set.series.at(0)!.read(new SampleBuffer()), {
    kind: 'unavailable',
    message: /cannot be decoded/,
  });
});
