import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { RangeQuery } from '../../src/gateway/query.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { encodeQueryRangeRequest, type PartOfQuery } from '../../src/wire/store-api/query-request.ts';
import { answerOf } from '../gateway/support.ts';
import { opening } from '../support/open-requests.ts';
import { PLAIN_QUERY } from '../support/plain-query.ts';
import { callStream, gatewayOver, gatewayWith, startGrpc } from './support.ts';

const PART: PartOfQuery = {
  query: 'sum(up)',
  start: 1500,
  end: 9500,
  step: 250,
  lookbackDelta: 4500,
  engine: 'promweave 1',
  dedupMode: 'chain',
};

async function ask(t: TestContext, gateway: Gateway, part: PartOfQuery | undefined, engine = 'promweave 1') {
  const { client, close } = await startGrpc(gateway, { engine });
  t.after(close);
  const times = { startTimeSeconds: 0, endTimeSeconds: 0, intervalSeconds: 0 };
  const request = encodeQueryRangeRequest({ ...PLAIN_QUERY, ...times, query: '', part });
  return callStream(client, '/thanos.Query/QueryRange', request);
}

describe('a part of a query, which a gateway above asks for', () => {
  it('is evaluated at its own times, all of it, with replicas as the gateway above has them', async (t) => {
    const seen: RangeQuery[] = [];
    const wishes: ReadWishes[] = [];
    const gateway = gatewayWith({
      open: opening(wishes),
      queryRange: async (_, query) => {
        seen.push(query);
        return { answer: answerOf({ kind: 'matrix', series: [] }), queuedMs: 0 };
      },
    });
    assert.equal((await ask(t, gateway, PART)).code, status.OK);
    const [{ text, start, end, step, lookbackDelta, isFresh } = assert.fail()] = seen;
    assert.deepEqual(
      [text, start, end, step, lookbackDelta, isFresh],
      ['sum(up)', 1500, 9500, 250, 4500, true],
    );
    assert.equal(wishes[0]!.dedupMode, 'chain');
  });

  it('is refused where it would be evaluated in another way', async (t) => {
    for (const [part, engine] of [
      [PART, 'promweave 2'],
      [{ ...PART, dedupMode: 'newest' }, 'promweave 1'],
      [{ ...PART, engine: '' }, ''],
    ] as const) {
      const { code, details } = await ask(t, gatewayWith({}), part, engine || undefined);
      assert.equal(code, status.INVALID_ARGUMENT);
      assert.match(details, /is asked for a part of a query as .*: read its samples/);
    }
  });

  it('is no query for whoever does not know of parts', async (t) => {
    const { code, details } = await ask(t, gatewayOver([]), undefined);
    assert.equal(code, status.INVALID_ARGUMENT);
    assert.match(details, /query/);
  });
});
