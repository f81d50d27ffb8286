import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { QueryValue } from '../../src/engine/answer.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { InstantQuery, RangeQuery } from '../../src/gateway/query.ts';
import { remark, type Annotation } from '../../src/model/annotations.ts';
import { ResetHint, type FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../src/model/labels.ts';
import {
  encodeQueryRangeRequest,
  encodeQueryRequest,
  type QueryRangeRequest,
  type QueryRequest,
} from '../../src/wire/store-api/query-request.ts';
import { decodeQueryResponse, type QueryResponse } from '../../src/wire/store-api/query-response.ts';
import { answerOf } from '../gateway/support.ts';
import { columnsOf, columnsSeries, failingEndpoint, memoryEndpoint } from '../select/support.ts';
import { callStream, gatewayOver, gatewayWith, startGrpc, type Answered } from './support.ts';
import type { ReadWishes, ServerDefaults } from '../../src/gateway/request-scope.ts';
import { opening } from '../support/open-requests.ts';
import { PLAIN_QUERY } from '../support/plain-query.ts';

const COMMON = { ...PLAIN_QUERY, query: 'up' };
const INSTANT: QueryRequest = { ...COMMON, timeSeconds: 600 };
const RANGE: QueryRangeRequest = {
  ...COMMON,
  startTimeSeconds: 60,
  endTimeSeconds: 600,
  intervalSeconds: 30,
  part: undefined,
};

interface Asked extends Answered {
  readonly responses: readonly QueryResponse[];
}

async function ask(
  t: TestContext,
  gateway: Gateway,
  method: 'Query' | 'QueryRange',
  request: Uint8Array,
): Promise<Asked> {
  const { client, close } = await startGrpc(gateway, { clock: { now: () => 777_000, monotonic: () => 0 } });
  t.after(close);
  const answered = await callStream(client, `/thanos.Query/${method}`, request);
  return { ...answered, responses: answered.messages.map(decodeQueryResponse) };
}

function query(t: TestContext, gateway: Gateway, request: Partial<QueryRequest> = {}): Promise<Asked> {
  return ask(t, gateway, 'Query', encodeQueryRequest({ ...INSTANT, ...request }));
}

function queryRange(t: TestContext, gateway: Gateway, request: Partial<QueryRangeRequest>): Promise<Asked> {
  return ask(t, gateway, 'QueryRange', encodeQueryRangeRequest({ ...RANGE, ...request }));
}

function answering(
  value: QueryValue,
  annotations: readonly Annotation[] = [],
  defaults: Partial<ServerDefaults> = {},
): Gateway {
  const answer = { ...answerOf(value), annotations };
  return gatewayWith({ open: opening([], defaults), query: async () => ({ answer, queuedMs: 0 }) });
}

/** Labels, times and values of all series, and the kinds of the other responses. */
function shape(responses: readonly QueryResponse[]): readonly unknown[] {
  return responses.map((response) =>
    response.kind === 'series'
      ? response.series.map(({ labels, columns: { length, t, v } }) => [
          labels.join(' '),
          ...Array.from({ length }, (_, i) => [t[i], v[i]]),
        ])
      : response.kind,
  );
}

const up = (n: number) => ({ labels: labelsFromRecord({ n: `${n}` }), t: 5, v: n, h: undefined });

describe('Query', () => {
  it('streams a vector, one series a message, and then what it cost', async (t) => {
    const { responses } = await query(t, answering({ kind: 'vector', samples: [up(1), up(2)] }));
    assert.deepEqual(shape(responses), [[['n 1', [5, 1]]], [['n 2', [5, 2]]], 'stats']);
    assert.deepEqual(responses.at(-1), { kind: 'stats', stats: { samplesTotal: 9, peakSamples: 9 } });
  });

  it('puts as many series into a message as were asked for', async (t) => {
    const samples = [1, 2, 3].map(up);
    const { responses } = await query(t, answering({ kind: 'vector', samples }), { responseBatchSize: 2 });
    assert.deepEqual(shape(responses), [
      [
        ['n 1', [5, 1]],
        ['n 2', [5, 2]],
      ],
      [['n 3', [5, 3]]],
      'stats',
    ]);
  });

  it('makes a series without labels of a scalar', async (t) => {
    const scalar = await query(t, answering({ kind: 'scalar', t: 5, v: 3 }));
    assert.deepEqual(shape(scalar.responses), [[['', [5, 3]]], 'stats']);
  });

  it('refuses a range vector, of which queriers would take the first samples for the values', async (t) => {
    const columns = columnsOf([
      [1, 2],
      [3, 4],
    ]);
    const series = [{ labels: EMPTY_LABELS, columns }];
    const { responses, code, details } = await query(t, answering({ kind: 'matrix', series }));
    assert.deepEqual([responses, code, /a range vector/.test(details)], [[], status.INVALID_ARGUMENT, true]);
  });

  it('refuses a string, for which there is no message', async (t) => {
    const { code, details } = await query(t, answering({ kind: 'string', t: 5, value: 'x' }));
    assert.deepEqual([code, /a string/.test(details)], [status.INVALID_ARGUMENT, true]);
  });

  it('writes histograms with float counts, the only ones that queriers read', async (t) => {
    const h: FloatHistogram = {
      schema: 0,
      resetHint: ResetHint.unknown,
      count: 3,
      sum: 7,
      zeroThreshold: 0,
      zeroCount: 1,
      positive: { index: Int32Array.of(0), count: Float64Array.of(2) },
      negative: { index: new Int32Array(0), count: new Float64Array(0) },
      customValues: new Float64Array(0),
    };
    const samples = [{ labels: EMPTY_LABELS, t: 5, v: 0, h }];
    const { responses, messages } = await query(t, answering({ kind: 'vector', samples }));
    const [first] = responses;
    assert.deepEqual(first?.kind === 'series' && first.series[0]!.columns.h?.at(0), h);
    // The field `count_float` of the histogram: number 2, eight bytes, 3.
    const countFloat = Buffer.from('110000000000000840', 'hex');
    assert.ok(Buffer.from(messages[0]!).includes(countFloat));
  });

  it('sends warnings and remarks of the language in front, but no infos about endpoints', async (t) => {
    const failure = { kind: 'unavailable', endpoint: 'y', reason: 'refused' } as const;
    const annotations: readonly Annotation[] = [
      { kind: 'replica', shard: 'x', failure, others: ['w'], standIn: { kind: 'whole' } },
      remark('info', 'PromQL info: not a counter', { start: 0, end: 2 }),
      remark('warning', 'shard z is missing'),
    ];
    const gateway = answering({ kind: 'vector', samples: [] }, annotations, { showReplaced: true });
    const { responses } = await query(t, gateway);
    assert.deepEqual(responses[0], {
      kind: 'warnings',
      warnings: 'shard z is missing, PromQL info: not a counter (1:1)',
    });
  });

  it('reads what the request says, in seconds', async (t) => {
    const seen: InstantQuery[] = [];
    const wishes: ReadWishes[] = [];
    const gateway = gatewayWith({
      open: opening(wishes),
      query: async (_, request) => {
        seen.push(request);
        return { answer: answerOf({ kind: 'vector', samples: [] }), queuedMs: 0 };
      },
    });
    const asked = { replicaLabels: ['r'], enableDedup: false, enablePartialResponse: false };
    await query(t, gateway, {
      ...asked,
      lookbackDeltaSeconds: 7,
      timeoutSeconds: 3,
      maxResolutionSeconds: 300,
    });
    assert.deepEqual(seen, [{ text: 'up', time: 600_000, lookbackDelta: 7000, timeout: 3000, limit: 0 }]);
    assert.deepEqual(wishes, [
      {
        dedup: false,
        replicaLabels: ['r'],
        partialResponse: false,
        maxSourceResolution: 300_000,
        endpoints: [],
      },
    ]);
    await query(t, gateway, { timeSeconds: 0 });
    assert.deepEqual([seen[1]!.time, seen[1]!.timeout], [777_000, undefined]);
  });

  it('asks the endpoints that were chosen', async (t) => {
    const gateway = gatewayOver(
      ['a', 'b'].map((shard) =>
        memoryEndpoint(shard, { shard }, [columnsSeries({ __name__: 'up', job: 'x' }, [[590_000, 1]])]),
      ),
    );
    const labelMatchers = [{ kind: '=', name: 'shard', value: 'b' } as const];
    const { responses } = await query(t, gateway, {
      query: 'count by (shard) (up)',
      storeMatchers: [{ labelMatchers }],
    });
    assert.deepEqual(shape(responses), [[['shard b', [600_000, 1]]], 'stats']);
  });

  it('refuses regular expressions on endpoints that are too large together', async (t) => {
    const labelMatchers = Array.from({ length: 30 }, (_, i) => ({
      kind: '=~' as const,
      name: 'shard',
      value: `${'a.b'.repeat(500)}${i}`,
    }));
    const { code } = await query(t, gatewayWith({}), { storeMatchers: [{ labelMatchers }] });
    assert.equal(code, status.INVALID_ARGUMENT);
  });

  it('refuses to answer for a part of the series alone', async (t) => {
    const gateway = gatewayWith({});
    const shardInfo = { shardIndex: 0, totalShards: 2, by: true, labels: [] };
    assert.equal((await query(t, gateway, { shardInfo })).code, status.INVALID_ARGUMENT);
  });

  it('evaluates over all endpoints, with the sentence of Prometheus for what it cannot read', async (t) => {
    const gateway = gatewayOver(
      ['a', 'b'].map((replica) =>
        memoryEndpoint(replica, { __replica__: replica }, [
          columnsSeries({ __name__: 'up', job: 'x' }, [[590_000, 1]]),
        ]),
      ),
    );
    const { responses } = await query(t, gateway, { query: 'count(up)' });
    assert.deepEqual(shape(responses), [[['', [600_000, 1]]], 'stats']);
    const apart = await query(t, gateway, { query: 'count(up)', enableDedup: false });
    assert.deepEqual(shape(apart.responses), [[['', [600_000, 2]]], 'stats']);
    const { code, details } = await query(t, gateway, { query: 'sum((' });
    assert.equal(code, status.INVALID_ARGUMENT);
    assert.match(details, /1:6: parse error: unclosed left parenthesis/);
  });

  it('warns of a lost shard, or fails', async (t) => {
    const gateway = gatewayOver([
      memoryEndpoint('a', { shard: '0' }, []),
      failingEndpoint('b', { shard: '1' }),
    ]);
    const { responses } = await query(t, gateway);
    assert.match((responses[0] as { warnings: string }).warnings, /^shard {shard="1"} is missing/);
    assert.equal((await query(t, gateway, { enablePartialResponse: false })).code, status.UNAVAILABLE);
  });
});

describe('QueryRange', () => {
  it('reads the grid in seconds and streams the matrix', async (t) => {
    const seen: RangeQuery[] = [];
    const series = [{ labels: EMPTY_LABELS, columns: columnsOf([[60_000, 1]]) }];
    const gateway = gatewayWith({
      queryRange: async (_, request) => {
        seen.push(request);
        return { answer: answerOf({ kind: 'matrix', series }), queuedMs: 0 };
      },
    });
    const { responses } = await queryRange(t, gateway, {});
    assert.deepEqual(shape(responses), [[['', [60_000, 1]]], 'stats']);
    const [{ start, end, step }] = seen as [RangeQuery];
    assert.deepEqual([start, end, step], [60_000, 600_000, 30_000]);
  });

  it('refuses a step of nothing', async (t) => {
    const { code } = await queryRange(t, gatewayOver([]), { intervalSeconds: 0 });
    assert.equal(code, status.INVALID_ARGUMENT);
  });
});
