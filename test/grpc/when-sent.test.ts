import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import type { Budget } from '../../src/model/budget.ts';
import { QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { callStream, callUnary, gatewayWith, openStream, startGrpc } from './support.ts';

const SERIES = '/thanos.Store/Series';
const LABEL_NAMES = '/thanos.Store/LabelNames';
const REQUEST = encodeSeriesRequest({
  ...EMPTY_SERIES_REQUEST,
  maxTime: 1000,
  matchers: [{ kind: '=', name: 'job', value: 'x' }],
});
const LARGE = { labels: labelsFromRecord({ job: 'x'.repeat(100_000) }) };

/** A server that holds 100 bytes for each request beside its message, and tells of its budget and its client. */
async function holding(t: TestContext, fails = false) {
  const opened = Promise.withResolvers<RequestScope>();
  const hold = (scope: RequestScope): void => {
    scope.budget.take(100);
    opened.resolve(scope);
    if (fails) throw new QueryError('unavailable', 'no');
  };
  const { client, close } = await startGrpc(
    gatewayWith({
      store: {
        labelNames: async (scope) => {
          hold(scope);
          return { items: ['a'], annotations: [] };
        },
        series: async (scope) => {
          hold(scope);
          return { items: Array.from({ length: 200 }, () => LARGE.labels), annotations: [] };
        },
        select: async (scope) => {
          hold(scope);
          return { series: [], annotations: [] };
        },
      },
    }),
  );
  t.after(close);
  return { client, opened: opened.promise };
}

async function released(budget: Budget, request: Uint8Array = new Uint8Array(0)): Promise<void> {
  await new Promise<void>((resolve) => budget.whenReleased(resolve));
  assert.deepEqual([budget.peak, budget.held], [100 + request.length, 0]);
}

describe('what a request over gRPC holds is given back', () => {
  it('when its one message was sent', async (t) => {
    const { client, opened } = await holding(t);
    assert.equal((await callUnary(client, LABEL_NAMES)).code, status.OK);
    const { budget, caller } = await opened;
    await released(budget);
    assert.equal(caller.client, '127.0.0.1');
  });

  it('when its stream has ended', async (t) => {
    const { client, opened } = await holding(t);
    assert.equal((await callStream(client, SERIES, REQUEST)).code, status.OK);
    await released((await opened).budget, REQUEST);
  });

  it('when it has failed', async (t) => {
    for (const call of [callUnary, callStream]) {
      const { client, opened } = await holding(t, true);
      const method = call === callUnary ? LABEL_NAMES : SERIES;
      const request = call === callUnary ? undefined : REQUEST;
      assert.equal((await call(client, method, request)).code, status.UNAVAILABLE);
      await released((await opened).budget, request);
    }
  });

  it('when its client leaves, and not before, however slowly it reads', async (t) => {
    const { client, opened } = await holding(t);
    const bare = encodeSeriesRequest({
      ...EMPTY_SERIES_REQUEST,
      maxTime: 1000,
      matchers: [{ kind: '=', name: 'job', value: 'x' }],
      skipChunks: true,
    });
    const stream = openStream(client, SERIES, bare);
    stream.on('error', () => undefined);
    await once(stream, 'readable');
    const { budget } = await opened;
    assert.equal(budget.held, 100 + bare.length);
    stream.cancel();
    await released(budget, bare);
  });
});
