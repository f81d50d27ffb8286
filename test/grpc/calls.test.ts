import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { AggrChunk } from '../../src/model/aggr-chunk.ts';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { type ErrorKind, QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { ChunkSeries } from '../../src/select/series/chunk-set.ts';
import { toGrpcFailure, type GrpcFailure } from '../../src/grpc/errors.ts';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { columnsSeries, failingEndpoint, memoryEndpoint } from '../select/support.ts';
import { until } from '../support/until.ts';
import { callStream, callUnary, gatewayOver, gatewayWith, openStream, startGrpc } from './support.ts';
import { decodeSeriesResponse } from '../support/decode-messages.ts';

const SERIES = '/thanos.Store/Series';
const LABEL_NAMES = '/thanos.Store/LabelNames';
const REQUEST = encodeSeriesRequest({
  ...EMPTY_SERIES_REQUEST,
  maxTime: 1000,
  matchers: [{ kind: '=', name: 'job', value: 'x' }],
});

describe('errors', () => {
  const codes: Readonly<Record<ErrorKind, status>> = {
    unauthenticated: status.UNAUTHENTICATED,
    forbidden: status.PERMISSION_DENIED,
    bad_data: status.INVALID_ARGUMENT,
    execution: status.ABORTED,
    too_large: status.RESOURCE_EXHAUSTED,
    overloaded: status.RESOURCE_EXHAUSTED,
    too_often: status.RESOURCE_EXHAUSTED,
    timeout: status.DEADLINE_EXCEEDED,
    canceled: status.CANCELLED,
    stopped: status.ABORTED,
    unavailable: status.UNAVAILABLE,
    not_found: status.NOT_FOUND,
    internal: status.INTERNAL,
  };
  for (const [kind, code] of Object.entries(codes))
    it(`${kind} is ${status[code]}, in unary calls and in streams`, async (t) => {
      const fail = async (): Promise<never> => {
        throw new QueryError(kind as ErrorKind, 'what happened');
      };
      const { client, close } = await startGrpc(gatewayWith({ store: { select: fail, labelNames: fail } }));
      t.after(close);
      for (const answer of [await callUnary(client, LABEL_NAMES), await callStream(client, SERIES, REQUEST)])
        assert.deepEqual([answer.code, answer.details], [code, 'what happened']);
    });

  it('anything else that is thrown is INTERNAL', () => {
    assert.deepEqual(toGrpcFailure(new TypeError('oops')), { code: status.INTERNAL, details: 'oops' });
  });

  it('a request that is no message of its kind is refused', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    const damaged = Uint8Array.of(0x0a, 0xff);
    for (const answer of [
      await callUnary(client, LABEL_NAMES, damaged),
      await callStream(client, SERIES, damaged),
    ]) {
      assert.equal(answer.code, status.INVALID_ARGUMENT);
      assert.match(answer.details, /^the request cannot be read: /);
    }
  });

  it('details that a header field cannot carry end the call all the same, and no other call', async (t) => {
    let problem = '';
    const fail = async (): Promise<never> => {
      throw new QueryError('bad_data', problem);
    };
    const store = { select: fail, labelNames: fail };
    const { client, close } = await startGrpc(gatewayWith({ store }));
    t.after(close);
    for (const [text, expected] of [
      ['a stray byte: \udcff', 'a stray byte: \ufffd'],
      ['cut in two: \ud83d', 'cut in two: \ufffd'],
      ['é<ü> 100 %', 'é<ü> 100 %'],
      ['line\nbreak\0', 'line\nbreak\0'],
    ] as const) {
      problem = text;
      for (const answer of [await callUnary(client, LABEL_NAMES), await callStream(client, SERIES, REQUEST)])
        assert.deepEqual([answer.code, answer.details], [status.INVALID_ARGUMENT, expected]);
    }
    for (const letter of ['x', 'é', '💩', ' ', '\udcff']) {
      problem = `begin ${letter.repeat(200_000)}`;
      for (const answer of [
        await callUnary(client, LABEL_NAMES),
        await callStream(client, SERIES, REQUEST),
      ]) {
        assert.equal(answer.code, status.INVALID_ARGUMENT);
        assert.match(answer.details, /^begin .+…$/su);
        const { length } = encodeURI(answer.details);
        assert.ok(length > 4000 && length <= 4096, `${length} characters of ${letter}`);
      }
    }
  });

  it('a method that does not exist is unimplemented', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    assert.equal((await callStream(client, '/thanos.Status/Nothing')).code, status.UNIMPLEMENTED);
  });

  it('an error after some series is the status of the stream', async (t) => {
    const good: ChunkSeries = { labels: labelsFromRecord({ job: 'x' }), read: () => [chunkOf(10)] };
    const bad: ChunkSeries = {
      labels: labelsFromRecord({ job: 'y' }),
      read: () => {
        throw new QueryError('unavailable', 'broken chunks');
      },
    };
    const select = async () => ({ series: [good, bad], annotations: [] });
    const { client, close } = await startGrpc(gatewayWith({ store: { select } }));
    t.after(close);
    const { messages, code, details } = await callStream(client, SERIES, REQUEST);
    assert.deepEqual([messages.length, code, details], [1, status.UNAVAILABLE, 'broken chunks']);
  });
});

describe('a client that does not wait', () => {
  /** An endpoint that never answers, and the signals that its calls got. */
  function hanging(): {
    readonly endpoint: ReturnType<typeof failingEndpoint>;
    readonly signals: AbortSignal[];
  } {
    const signals: AbortSignal[] = [];
    const endpoint = failingEndpoint('slow', {}, { timeoutMs: 60_000 }, (signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    return { endpoint, signals };
  }

  it('cancels the calls of the backends when it leaves', async (t) => {
    const { endpoint, signals } = hanging();
    const failures: (GrpcFailure | undefined)[] = [];
    const { client, close } = await startGrpc(gatewayOver([endpoint]), {
      observe: () => (failure) => failures.push(failure),
    });
    t.after(close);
    const stream = openStream(client, SERIES, REQUEST);
    stream.on('error', () => undefined);
    stream.resume();
    await until('the backend was asked', 5000, async () => signals.length === 1);
    stream.cancel();
    await until('the backend was told', 5000, async () => signals[0]!.aborted);
    await until('the call was over', 5000, async () => failures.length === 1);
    assert.equal(failures[0]?.code, status.CANCELLED);
  });

  it('gets what there is a little before its deadline is over', async (t) => {
    const { endpoint } = hanging();
    const good = memoryEndpoint('good', { shard: '0' }, [
      columnsSeries({ __name__: 'm', job: 'x' }, [[500, 1]]),
    ]);
    const slow = { ...endpoint, externalLabels: labelsFromRecord({ shard: '1' }) };
    const clock = { now: () => Date.now(), monotonic: () => 0 };
    const { client, close } = await startGrpc(gatewayOver([good, slow]), { clock });
    t.after(close);
    const { code, messages } = await callStream(client, SERIES, REQUEST, 3000);
    assert.equal(code, status.OK);
    const frames = messages.map((message) => decodeSeriesResponse(message));
    assert.deepEqual(
      frames.map(({ kind }) => kind),
      ['warning', 'series'],
    );
    assert.match(
      JSON.stringify(frames[0]),
      /shard .*1.* is missing: endpoint slow did not answer: no complete answer within/,
    );
  });

  it('cancels them when its deadline is over', async (t) => {
    const { endpoint, signals } = hanging();
    const { client, close } = await startGrpc(gatewayOver([endpoint]));
    t.after(close);
    const { code } = await callStream(client, SERIES, REQUEST, 200);
    assert.equal(code, status.DEADLINE_EXCEEDED);
    await until('the backend was told', 5000, async () => signals[0]!.aborted);
  });
});

describe('a slow client', () => {
  it('holds the next series back until it takes those before', async (t) => {
    const count = 2000;
    let read = 0;
    const series = Array.from({ length: count }, (_, i): ChunkSeries => ({
      labels: labelsFromRecord({ job: 'x', i: `${i}` }),
      read: () => {
        read++;
        return [chunkOf(50_000)];
      },
    }));
    const select = async () => ({ series, annotations: [] });
    const { client, close } = await startGrpc(gatewayWith({ store: { select } }));
    t.after(close);
    const stream = openStream(client, SERIES, REQUEST, 60_000);
    let received = 0;
    stream.on('data', () => received++);
    // The client's library takes what it can get until it was asked for a first message.
    await once(stream, 'data');
    stream.pause();
    const before = await settled(() => read);
    // 16 messages wait in the server, and both sides have a window of bytes: far from all.
    assert.ok(before < 200, `${before} series were made for a client that reads one`);
    stream.resume();
    await once(stream, 'end');
    assert.deepEqual([read, received], [count, count]);
  });
});

describe('closing', () => {
  it('lets a call end that is under way, and takes no other', async (t) => {
    const { promise: answer, resolve } = Promise.withResolvers<void>();
    let asked = false;
    const labelNames = async (): Promise<{ items: readonly string[]; annotations: readonly [] }> => {
      asked = true;
      await answer;
      return { items: ['job'], annotations: [] };
    };
    const { client, server, close } = await startGrpc(gatewayWith({ store: { labelNames } }));
    t.after(close);
    const underWay = callUnary(client, LABEL_NAMES);
    await until('the call began', 5000, async () => asked);
    const closed = server.close(10_000);
    resolve();
    assert.equal((await underWay).code, status.OK);
    await closed;
    assert.equal((await callUnary(client, LABEL_NAMES)).code, status.UNAVAILABLE);
  });

  it('cuts a call off after the grace period', async (t) => {
    let asked = false;
    const labelNames = (): Promise<never> => {
      asked = true;
      return new Promise(() => {});
    };
    const { client, server, close } = await startGrpc(gatewayWith({ store: { labelNames } }));
    t.after(close);
    const underWay = callUnary(client, LABEL_NAMES);
    await until('the call began', 5000, async () => asked);
    await server.close(50);
    assert.notEqual((await underWay).code, status.OK);
  });

  it('names an address that cannot be had, and what to do', async (t) => {
    const first = await startGrpc(gatewayWith({}));
    t.after(first.close);
    const second = await startGrpc(gatewayWith({}));
    t.after(second.close);
    const { address } = first;
    await assert.rejects(
      second.server.listen('127.0.0.1', Number(address.split(':')[1])),
      /^QueryError: cannot listen for gRPC on 127\.0\.0\.1:\d+: another program listens there already; choose another address with --grpc-address$/,
    );
  });
});

function chunkOf(bytes: number): AggrChunk {
  const span = { minTime: 0, maxTime: 1000 };
  const raw = { encoding: ChunkEncoding.xor, ...span, data: new Uint8Array(bytes) };
  return { ...span, raw, aggregates: undefined };
}

/** The value of a count that has not moved for some turns of the event loop and the network. */
async function settled(count: () => number): Promise<number> {
  let last = -1;
  let same = 0;
  await until('the count stands still', 10_000, async () => {
    same = count() === last ? same + 1 : 0;
    last = count();
    return same === 5;
  });
  return last;
}
