import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { bug } from '../../src/model/errors.ts';
import type { Matcher } from '../../src/model/matcher.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import {
  decodeLabelNamesResponse,
  decodeLabelValuesResponse,
  encodeLabelNamesRequest,
  encodeLabelValuesRequest,
  type LabelValuesRequest,
} from '../../src/wire/store-api/label-calls.ts';
import { PartialResponseStrategy } from '../../src/wire/store-api/partial-response.ts';
import {
  EMPTY_SERIES_REQUEST,
  encodeSeriesRequest,
  type SeriesRequest,
} from '../../src/wire/store-api/series-request.ts';
import { columnsSeries, failingEndpoint, memoryEndpoint, type Samples } from '../select/support.ts';
import { callStream, callUnary, gatewayOver, gatewayWith, startGrpc, type Answered } from './support.ts';
import { decodeSeriesResponse } from '../support/decode-messages.ts';

const SERIES = '/thanos.Store/Series';
const SAMPLES: Samples = Array.from({ length: 100 }, (_, i) => [i * 15_000, i] as const);
const ALL: readonly Matcher[] = [{ kind: '=~', name: '__name__', value: '.+' }];
const REQUEST: SeriesRequest = { ...EMPTY_SERIES_REQUEST, maxTime: 10_000_000, matchers: ALL };

const PAIR: readonly Endpoint[] = ['b', 'a'].map((replica) =>
  memoryEndpoint(replica, { shard: '0', __replica__: replica }, [
    columnsSeries({ __name__: 'm', job: 'x' }, SAMPLES),
    columnsSeries({ __name__: 'm', job: 'y' }, SAMPLES),
  ]),
);

/** What a Series call answered, one entry a frame. */
interface Frames {
  readonly code: status;
  readonly details: string;
  readonly series: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  readonly chunks: number;
  readonly samples: readonly number[];
}

async function series(
  t: TestContext,
  endpoints: readonly Endpoint[],
  request: Partial<SeriesRequest> = {},
): Promise<Frames> {
  const { client, close } = await startGrpc(gatewayOver(endpoints));
  t.after(close);
  return framesOf(await callStream(client, SERIES, encodeSeriesRequest({ ...REQUEST, ...request })));
}

function framesOf({ messages, code, details }: Answered): Frames {
  const responses = messages.map((message) => decodeSeriesResponse(message));
  const groups = responses.flatMap((response) => (response.kind === 'series' ? [response.series] : []));
  const chunks = groups.flat().flatMap((one) => one.chunks);
  const samples = new SampleBuffer();
  for (const { raw } of chunks) decodeChunk(raw ?? bug('no raw chunk'), samples, -Infinity, Infinity);
  return {
    code,
    details,
    series: groups.map((group) => group.map(({ labels }) => labels.join(' '))),
    warnings: responses.flatMap((response) => (response.kind === 'warning' ? [response.warning] : [])),
    chunks: chunks.length,
    samples: [...samples.t.subarray(0, samples.length)],
  };
}

describe('Store.Series', () => {
  it('streams each replica for itself, sorted by labels, one series a message', async (t) => {
    const { code, series: frames, samples } = await series(t, PAIR);
    assert.equal(code, status.OK);
    assert.deepEqual(frames, [
      ['__name__ m __replica__ a job x shard 0'],
      ['__name__ m __replica__ a job y shard 0'],
      ['__name__ m __replica__ b job x shard 0'],
      ['__name__ m __replica__ b job y shard 0'],
    ]);
    assert.equal(samples.length, 4 * SAMPLES.length);
  });

  it('leaves the named replica labels out and makes one series of their replicas', async (t) => {
    const { series: frames, samples } = await series(t, PAIR, { withoutReplicaLabels: ['__replica__'] });
    assert.deepEqual(frames, [['__name__ m job x shard 0'], ['__name__ m job y shard 0']]);
    assert.equal(samples.length, 2 * SAMPLES.length);
  });

  it('puts as many series into a message as were asked for', async (t) => {
    const { series: frames } = await series(t, PAIR, { responseBatchSize: 3 });
    assert.deepEqual(
      frames.map((group) => group.length),
      [3, 1],
    );
  });

  it('sends no chunks where they are to be skipped, and hides labels all the same', async (t) => {
    const { series: frames, chunks } = await series(t, PAIR, { skipChunks: true });
    assert.equal(frames.length, 4);
    assert.equal(chunks, 0);
    const hidden = await series(t, PAIR, { skipChunks: true, withoutReplicaLabels: ['__replica__'] });
    assert.deepEqual(hidden.series, [['__name__ m job x shard 0'], ['__name__ m job y shard 0']]);
  });

  for (const skipChunks of [false, true])
    it(`keeps to the limit, without a word${skipChunks ? ', where chunks are skipped' : ''}`, async (t) => {
      const { series: frames, warnings } = await series(t, PAIR, { limit: 3, skipChunks });
      assert.equal(frames.length, 3);
      assert.deepEqual(warnings, []);
    });

  it('sends samples of the range alone where it encodes them', async (t) => {
    const { samples } = await series(t, PAIR.slice(0, 1), { minTime: 30_000, maxTime: 60_000 });
    assert.deepEqual(samples.slice(0, 3), [30_000, 45_000, 60_000]);
    assert.equal(samples.length, 6);
  });

  it('takes the ends of int64 for no bound', async (t) => {
    const { code, samples } = await series(t, PAIR, { minTime: -(2 ** 63), maxTime: 2 ** 63 });
    assert.equal(code, status.OK);
    assert.equal(samples.length, 4 * SAMPLES.length);
  });

  it('cuts a long series into several messages', async (t) => {
    const noise = Array.from({ length: 200_000 }, (_, i) => [i * 15_000, Math.sin(i) / 3] as const);
    const long = memoryEndpoint('a', {}, [columnsSeries({ __name__: 'm' }, noise)]);
    const { series: frames, samples } = await series(t, [long], { maxTime: 1e13 });
    assert.ok(frames.length > 1);
    assert.ok(frames.every((group) => group.length === 1 && group[0] === '__name__ m'));
    assert.deepEqual(
      samples,
      noise.map(([time]) => time),
    );
  });

  it('warns of a lost shard in a message', async (t) => {
    const endpoints = [...PAIR, failingEndpoint('gone', { shard: '1' })];
    const { code, series: frames, warnings } = await series(t, endpoints);
    assert.equal(code, status.OK);
    assert.equal(frames.length, 4);
    assert.match(warnings.join(), /^shard {shard="1"} is missing: endpoint gone did not answer/);
  });

  for (const [form, request] of Object.entries({
    'the strategy': { partialResponseStrategy: PartialResponseStrategy.abort },
    'the older field': { partialResponseDisabled: true },
  }))
    it(`fails for a lost shard where ${form} says so`, async (t) => {
      const endpoints = [...PAIR, failingEndpoint('gone', { shard: '1' })];
      const { code, details } = await series(t, endpoints, request);
      assert.equal(code, status.UNAVAILABLE);
      assert.match(details, /shard {shard="1"} is missing/);
    });

  const ONE_LOST = [
    ...PAIR,
    failingEndpoint('c', { shard: '0', __replica__: 'c' }, { replication: 'redundant' }),
  ];

  for (const skipChunks of [false, true])
    for (const [who, request] of Object.entries({
      'to an asker that leaves replica labels out': { withoutReplicaLabels: ['__replica__'] },
      'to one that merges replicas itself': { mergesReplicas: true },
    }))
      it(`says nothing of a replaced replica ${who}${skipChunks ? ', skipping chunks' : ''}`, async (t) => {
        const abort = { partialResponseStrategy: PartialResponseStrategy.abort };
        const { warnings, code } = await series(t, ONE_LOST, { ...request, ...abort, skipChunks });
        assert.equal(code, status.OK);
        assert.deepEqual(warnings, []);
      });

  for (const skipChunks of [false, true])
    for (const [who, request] of Object.entries({
      'each replica': {},
      'replicas that other labels mark': { withoutReplicaLabels: ['monitor'] },
    }))
      it(`names a lost replica to who sees ${who}${skipChunks ? ', skipping chunks' : ''}`, async (t) => {
        const { warnings } = await series(t, ONE_LOST, { ...request, skipChunks });
        assert.match(warnings.join(), /is missing: endpoint c did not answer/);
        const abort = { partialResponseStrategy: PartialResponseStrategy.abort };
        assert.equal(
          (await series(t, ONE_LOST, { ...request, ...abort, skipChunks })).code,
          status.UNAVAILABLE,
        );
      });

  it('finds nothing where the external labels do not match, or the range is empty', async (t) => {
    const elsewhere: Matcher = { kind: '=', name: 'shard', value: '9' };
    for (const request of [{ matchers: [elsewhere] }, { minTime: 5, maxTime: 4 }])
      assert.deepEqual(await series(t, PAIR, request), {
        code: status.OK,
        details: '',
        series: [],
        warnings: [],
        chunks: 0,
        samples: [],
      });
  });

  it('refuses malformed patterns and requests without matchers', async (t) => {
    for (const matchers of [[{ kind: '=~', name: 'x', value: '(' } as const], []])
      for (const skipChunks of [true, false])
        assert.equal((await series(t, PAIR, { matchers, skipChunks })).code, status.INVALID_ARGUMENT);
  });

  it('passes the hints on, from either form', async (t) => {
    const seen: unknown[] = [];
    const gateway = gatewayWith({
      store: {
        select: async (_, { hints }) => {
          seen.push(hints);
          return { series: [], annotations: [] };
        },
      },
    });
    const { client, close } = await startGrpc(gateway);
    t.after(close);
    const queryHints = {
      stepMillis: 1,
      func: { name: 'rate' },
      grouping: undefined,
      range: { millis: 2 },
      projectionLabels: [],
      projectionInclude: false,
    };
    for (const request of [{ queryHints }, { step: 3, range: 4 }])
      await callStream(client, SERIES, encodeSeriesRequest({ ...REQUEST, ...request }));
    assert.deepEqual(seen, [
      { range: 2, func: 'rate' },
      { range: 4, func: '' },
    ]);
  });
});

describe('Store.LabelNames and LabelValues', () => {
  const request: LabelValuesRequest = {
    label: '',
    start: 0,
    end: 10_000_000,
    matchers: [],
    withoutReplicaLabels: [],
    limit: 0,
    mergesReplicas: false,
    hints: undefined,
    partialResponseDisabled: false,
    partialResponseStrategy: PartialResponseStrategy.warn,
  };

  async function names(t: TestContext, given: Partial<LabelValuesRequest>): Promise<readonly string[]> {
    const { client, close } = await startGrpc(gatewayOver(PAIR));
    t.after(close);
    const message = encodeLabelNamesRequest({ ...request, ...given });
    const { messages } = await callUnary(client, '/thanos.Store/LabelNames', message);
    return decodeLabelNamesResponse(messages[0]!).names;
  }

  async function values(t: TestContext, given: Partial<LabelValuesRequest>): Promise<readonly string[]> {
    const { client, close } = await startGrpc(gatewayOver(PAIR));
    t.after(close);
    const message = encodeLabelValuesRequest({ ...request, ...given });
    const { messages } = await callUnary(client, '/thanos.Store/LabelValues', message);
    return decodeLabelValuesResponse(messages[0]!).values;
  }

  it('list names with replica labels, and without those that are named', async (t) => {
    assert.deepEqual(await names(t, {}), ['__name__', '__replica__', 'job', 'shard']);
    assert.deepEqual(await names(t, { withoutReplicaLabels: ['__replica__'] }), ['__name__', 'job', 'shard']);
    assert.deepEqual(await names(t, { withoutReplicaLabels: ['__replica__'], limit: 2 }), [
      '__name__',
      'job',
    ]);
  });

  it('list values, none of a label that is to be left out', async (t) => {
    assert.deepEqual(await values(t, { label: '__replica__' }), ['a', 'b']);
    assert.deepEqual(await values(t, { label: '__replica__', withoutReplicaLabels: ['__replica__'] }), []);
    assert.deepEqual(await values(t, { label: 'job', limit: 1 }), ['x']);
    const matchers: readonly Matcher[] = [{ kind: '=', name: 'job', value: 'y' }];
    assert.deepEqual(await values(t, { label: 'job', matchers }), ['y']);
  });

  it('warn of a lost shard, or fail', async (t) => {
    const gateway = gatewayOver([...PAIR, failingEndpoint('gone', { shard: '1' })]);
    const { client, close } = await startGrpc(gateway);
    t.after(close);
    const ask = async (partialResponseDisabled: boolean): Promise<Answered> =>
      callUnary(
        client,
        '/thanos.Store/LabelNames',
        encodeLabelNamesRequest({ ...request, partialResponseDisabled }),
      );
    const { warnings } = decodeLabelNamesResponse((await ask(false)).messages[0]!);
    assert.match(warnings.join(), /shard {shard="1"} is missing/);
    assert.equal((await ask(true)).code, status.UNAVAILABLE);
  });
});
