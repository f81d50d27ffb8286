import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { opening } from '../support/open-requests.ts';
import { callStream, gatewayOver, gatewayWith, startGrpc } from './support.ts';

const SERIES = '/thanos.Store/Series';
const MATCHER = { kind: '=', name: 'a', value: 'b' } as const;

function seriesRequest(replicaLabels: readonly string[], matchers = 1): Uint8Array {
  return encodeSeriesRequest({
    ...EMPTY_SERIES_REQUEST,
    maxTime: 1000,
    matchers: Array.from({ length: matchers }, () => MATCHER),
    withoutReplicaLabels: replicaLabels,
  });
}

function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `l${i}`);
}

/** A field of a message by its number: text or a message. */
function field(number: number, content: Uint8Array): Buffer {
  assert.ok(number < 16 && content.length < 128);
  return Buffer.concat([Uint8Array.of((number << 3) | 2, content.length), content]);
}

describe('what a gRPC request may hold', () => {
  it('100 replica labels, each once', async (t) => {
    const seen: ReadWishes[] = [];
    const select = async () => ({ series: [], annotations: [] });
    const { client, close } = await startGrpc(gatewayWith({ open: opening(seen), store: { select } }));
    t.after(close);
    const names = namesOf(100);
    await callStream(client, SERIES, seriesRequest([...names, ...names]));
    assert.deepEqual(seen[0]?.withoutLabels, names);
  });

  const query = (replicaLabel: number): Uint8Array =>
    Buffer.concat([
      field(1, Buffer.from('up')),
      ...namesOf(101).map((name) => field(replicaLabel, Buffer.from(name))),
    ]);
  for (const [method, request] of [
    [SERIES, seriesRequest(namesOf(101))],
    ['/thanos.Query/Query', query(5)],
    ['/thanos.Query/QueryRange', query(7)],
  ] as const)
    it(`no more replica labels than that: ${method}`, async (t) => {
      const { client, close } = await startGrpc(gatewayWith({}));
      t.after(close);
      const { code, details } = await callStream(client, method, request);
      assert.equal(code, status.INVALID_ARGUMENT);
      assert.match(details, /^the request has 101 label names in .*replica_labels; the most .* are 100$/);
    });

  it('texts that are UTF-8', async (t) => {
    const { client, close } = await startGrpc(gatewayOver([]));
    t.after(close);
    const request = Buffer.from(seriesRequest([]));
    request[request.indexOf(0x62)] = 0xff;
    const { code, details } = await callStream(client, SERIES, request);
    assert.equal(code, status.INVALID_ARGUMENT);
    assert.equal(details, 'the request cannot be read: a text of 1 bytes is no valid UTF-8');
  });

  it('no more than 500 matchers', async (t) => {
    const { client, close } = await startGrpc(gatewayOver([]));
    t.after(close);
    const { code, details } = await callStream(client, SERIES, seriesRequest([], 501));
    assert.equal(code, status.INVALID_ARGUMENT);
    assert.match(details, /^the request has 501 matchers; /);
  });
});
