import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createStoreApiBackend } from '../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../src/backend/store-api/options.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { AggrChunk, AggregateName } from '../../src/model/aggr-chunk.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import {
  Aggregate,
  EMPTY_SERIES_REQUEST,
  decodeSeriesRequest,
  encodeSeriesRequest,
  type SeriesRequest,
} from '../../src/wire/store-api/series-request.ts';
import { encodeSeriesResponse } from '../../src/wire/store-api/series-response.ts';
import { chunkOf } from '../backend/store-api/support.ts';
import { NEVER, columnsSeries, endpointOf, memoryEndpoint } from '../select/support.ts';
import { startFakeStore } from '../support/fake-store.ts';
import { callStream, endpointOver, gatewayOver, startGrpc } from './support.ts';
import { decodeSeriesResponse } from '../support/decode-messages.ts';
import { originOf } from '../support/open-requests.ts';

const MINUTES_5 = 300_000;
const NAMES: readonly AggregateName[] = ['count', 'sum', 'min', 'max', 'counter'];

/** Windows of 5 min from `from` on, as a compactor makes them of a counter that grows by `rate` a window. */
function windows(from: number, count: number, rate: number): AggrChunk {
  const times = Array.from({ length: count }, (_, i) => from + i * MINUTES_5);
  const of = (value: (i: number) => number) => chunkOf(...times.map((t, i) => [t, value(i)] as const));
  const [end, last] = [from + (count - 1) * MINUTES_5, (count - 1) * rate];
  const counter = chunkOf(...times.map((t, i) => [t, i * rate] as const), [end, last]);
  return {
    minTime: from,
    maxTime: end,
    raw: undefined,
    aggregates: {
      count: of(() => 20),
      sum: of((i) => 20 * i * rate),
      min: of((i) => i * rate),
      max: of((i) => i * rate + 1),
      counter,
    },
  };
}

function rawChunk(from: number): AggrChunk {
  const raw = chunkOf(...Array.from({ length: 10 }, (_, i) => [from + i * 60_000, 100 + i] as const));
  return { minTime: raw.minTime, maxTime: raw.maxTime, raw, aggregates: undefined };
}

/** A store that has downsampled data up to 50 min and raw samples after; it answers with what is asked for. */
interface Store {
  readonly endpoint: Endpoint;
  readonly asked: SeriesRequest[];
}

const OLD = windows(0, 5, 10);
const NEXT = windows(5 * MINUTES_5, 5, 10);
const RECENT = rawChunk(10 * MINUTES_5);

async function storeOf(
  t: Pick<TestContext, 'after'>,
  labels: Readonly<Record<string, string>>,
  chunks: readonly AggrChunk[] = [OLD, NEXT, RECENT],
): Promise<Store> {
  const asked: SeriesRequest[] = [];
  const external = labelsFromRecord(labels);
  const store = await startFakeStore({
    series: (call) => {
      const request = decodeSeriesRequest(call.request);
      asked.push(request);
      const allowed = chunks.filter(
        ({ raw }) => raw !== undefined || request.maxResolutionWindow >= MINUTES_5,
      );
      const series = {
        labels: labelsFromRecord({ ...labels, __name__: 'm' }),
        chunks: allowed.map((chunk) => only(chunk, request.aggregates)),
      };
      call.write(encodeSeriesResponse({ kind: 'series', series: [series] }));
      call.end();
    },
  });
  const backend = createStoreApiBackend({ ...STORE_API_DEFAULTS, address: 's', target: store.target });
  t.after(async () => {
    await backend.close();
    store.close();
  });
  const more = { protocol: 'store-api', component: 'store', timeoutMs: 20_000 };
  return { endpoint: endpointOf(backend, external, more), asked };
}

function only(chunk: AggrChunk, asked: readonly number[]): AggrChunk {
  const { aggregates } = chunk;
  if (aggregates === undefined) return chunk;
  const wanted = Object.fromEntries(
    NAMES.map((name) => [name, asked.includes(Aggregate[name]) ? aggregates[name] : undefined]),
  );
  return { ...chunk, aggregates: wanted as unknown as typeof aggregates };
}

interface Sent {
  readonly labels: string;
  readonly chunks: readonly AggrChunk[];
}

/** What a gateway over the endpoints sends to a querier above. */
async function sent(
  t: TestContext,
  endpoints: readonly Endpoint[],
  request: Partial<SeriesRequest>,
): Promise<readonly Sent[]> {
  const { client, close } = await startGrpc(gatewayOver(endpoints));
  t.after(close);
  const message = encodeSeriesRequest({
    ...EMPTY_SERIES_REQUEST,
    maxTime: 10_000_000,
    matchers: [{ kind: '=', name: '__name__', value: 'm' }],
    ...request,
  });
  const { messages } = await callStream(client, '/thanos.Store/Series', message);
  return messages
    .map((each) => decodeSeriesResponse(each))
    .flatMap((response) => (response.kind === 'series' ? response.series : []))
    .map(({ labels, chunks }) => ({ labels: labels.join(' '), chunks }));
}

const EVERYTHING = { maxResolutionWindow: MINUTES_5, aggregates: NAMES.map((name) => Aggregate[name]) };

describe('a querier above that takes downsampled data', () => {
  it('gets the aggregates that it asked for, as the store has them, before the raw samples', async (t) => {
    const { endpoint, asked } = await storeOf(t, { shard: '0' });
    const [series] = await sent(t, [endpoint], EVERYTHING);
    assert.deepEqual(series, { labels: '__name__ m shard 0', chunks: [OLD, NEXT, RECENT].map(asSent) });
    const request = { maxResolutionWindow: MINUTES_5, aggregates: [Aggregate.counter] };
    const [counters] = await sent(t, [endpoint], request);
    assert.deepEqual(
      counters!.chunks.map(({ aggregates }) => namesOf(aggregates)),
      [['counter'], ['counter'], []],
    );
    assert.deepEqual(
      asked.map(({ maxResolutionWindow, aggregates }) => [maxResolutionWindow, aggregates]),
      [
        [MINUTES_5, EVERYTHING.aggregates],
        [MINUTES_5, [Aggregate.counter]],
      ],
    );
  });

  it('gets those of the range alone', async (t) => {
    const { endpoint } = await storeOf(t, { shard: '0' });
    const [series] = await sent(t, [endpoint], {
      ...EVERYTHING,
      minTime: 6 * MINUTES_5,
      maxTime: 7 * MINUTES_5,
    });
    assert.deepEqual(series?.chunks, [asSent(NEXT)]);
  });

  it('gets raw samples alone where it names no resolution, or no aggregate', async (t) => {
    const { endpoint, asked } = await storeOf(t, { shard: '0' });
    for (const request of [{ maxResolutionWindow: 0 }, { aggregates: [Aggregate.raw] }]) {
      const [series] = await sent(t, [endpoint], { ...EVERYTHING, ...request });
      assert.deepEqual(series?.chunks, [asSent(RECENT)]);
    }
    assert.deepEqual(
      asked.map((request) => request.maxResolutionWindow),
      [0, 0],
    );
  });

  it('gets the overlapping chunks of all replicas where their label is left out, and equal ones once', async (t) => {
    const other = windows(60_000, 5, 11);
    const pair = [
      (await storeOf(t, { shard: '0', __replica__: 'a' }, [OLD])).endpoint,
      (await storeOf(t, { shard: '0', __replica__: 'b' }, [other])).endpoint,
      // The same block as the first one's, in another store.
      (await storeOf(t, { shard: '0', __replica__: 'a' }, [OLD])).endpoint,
    ];
    const merged = await sent(t, pair, { ...EVERYTHING, withoutReplicaLabels: ['__replica__'] });
    assert.deepEqual(merged, [{ labels: '__name__ m shard 0', chunks: [OLD, other].map(asSent) }]);
    const each = await sent(t, pair, EVERYTHING);
    assert.deepEqual(each, [
      { labels: '__name__ m __replica__ a shard 0', chunks: [asSent(OLD)] },
      { labels: '__name__ m __replica__ b shard 0', chunks: [asSent(other)] },
    ]);
  });

  it('gets the raw samples of a server beside the downsampled data of a store', async (t) => {
    const samples = Array.from({ length: 20 }, (_, i) => [10 * MINUTES_5 + i * 15_000, i] as const);
    const { endpoint } = await storeOf(t, { shard: '0', __replica__: 'a' }, [OLD]);
    const server = memoryEndpoint('p', { shard: '0', __replica__: 'a' }, [
      columnsSeries({ __name__: 'm' }, samples),
    ]);
    const [series] = await sent(t, [server, endpoint], EVERYTHING);
    const [old, recent] = series!.chunks;
    assert.deepEqual(old, asSent(OLD));
    assert.deepEqual([recent!.minTime, recent!.maxTime], [10 * MINUTES_5, 10 * MINUTES_5 + 19 * 15_000]);
  });
});

const ORIGIN = originOf(NEVER);

it('a gateway over a gateway answers from downsampled data as one over the store itself', async (t) => {
  const { endpoint } = await storeOf(t, { shard: '0' });
  const lower = await endpointOver(t, gatewayOver([endpoint]));
  const [direct, layered] = [gatewayOver([endpoint]), gatewayOver([lower])];
  for (const text of [
    'm',
    'rate(m[30m])',
    'increase(m[1h])',
    'max_over_time(m[20m])',
    'min_over_time(m[20m])',
    'count_over_time(m[20m])',
    'sum_over_time(m[20m])',
    'avg_over_time(m[20m])',
  ]) {
    const range = { text, limit: 0, start: 0, end: 3_600_000, step: 60_000 };
    const wishes = { maxSourceResolution: MINUTES_5 };
    const [one, other] = await Promise.all(
      [direct, layered].map(async (gateway) =>
        gateway.queryRange(gateway.open(wishes, ORIGIN, range.step), range),
      ),
    );
    assert.deepEqual(other!.answer.value, one!.answer.value, text);
    assert.ok(one!.answer.value.kind === 'matrix' && one!.answer.value.series.length === 1, text);
  }
});

it('a gateway that downsamples by itself asks for five samples a step, and for raw ones where a request says so', async (t) => {
  const { endpoint, asked } = await storeOf(t, { shard: '0' });
  const gateway = gatewayOver([endpoint], { autoDownsampling: true });
  const range = { text: 'm', limit: 0, start: 0, end: 3_600_000, step: 1_800_000 };
  await gateway.queryRange(gateway.open({}, ORIGIN, range.step), range);
  await gateway.queryRange(gateway.open({ maxSourceResolution: 0 }, ORIGIN, range.step), range);
  await gateway.query(gateway.open({}, ORIGIN), { text: 'm', limit: 0, time: 3_600_000 });
  assert.deepEqual(
    asked.map(({ maxResolutionWindow }) => maxResolutionWindow),
    [360_000, 0, 0],
  );
});

/** As decoding gives it: bytes as views on the message. */
function asSent(chunk: AggrChunk): AggrChunk {
  const message = encodeSeriesResponse({
    kind: 'series',
    series: [{ labels: labelsFromRecord({}), chunks: [chunk] }],
  });
  const response = decodeSeriesResponse(message);
  assert.ok(response.kind === 'series');
  return response.series[0]!.chunks[0]!;
}

function namesOf(aggregates: AggrChunk['aggregates']): readonly string[] {
  return NAMES.filter((name) => aggregates?.[name] !== undefined);
}
