import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Backend } from '../../../src/backend/backend.ts';
import type { BackendFailure } from '../../../src/model/loss.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import type { Result } from '../../../src/model/result.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { SAMPLED_TYPE, startFakePrometheus, STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { compressSnappy } from '../../../src/wire/snappy.ts';
import { listOf, matrixOf, seriesOfLabels } from '../../support/hostile/json.ts';
import {
  delimited,
  EMPTY_CHUNK,
  frameOf,
  manyLabels,
  manySamples,
  tinySeries,
} from '../../support/hostile/messages.ts';
import { openScope } from '../../support/scopes.ts';
import { backendAt, SELECT_UP } from './support.ts';

/** As in long-answers.test.ts. */
const MOST_TURN_MS = 150;
const TRIES = 3;

interface Attack {
  readonly path: string;
  readonly type: string;
  readonly body: () => Buffer;
  readonly ask: (backend: Backend, scope: RequestScope) => Promise<Result<unknown, BackendFailure>>;
  /** Of the request, bytes; none where it is left out. */
  readonly limit?: number;
  /** What the failure says; undefined where there is an answer, however large. */
  readonly refused?: RegExp;
}

const select: Attack['ask'] = (backend, scope) => backend.select(scope, SELECT_UP);
const streamed = { path: '/api/v1/read', type: STREAMED_TYPE, ask: select };

const sampled = { path: '/api/v1/read', type: SAMPLED_TYPE, ask: select };
const matrix = { path: '/api/v1/query', type: 'application/json', ask: select };
const list: Omit<Attack, 'body'> = {
  path: '/api/v1/series',
  type: 'application/json',
  ask: (backend, scope) =>
    backend.series(scope, { matcherSets: [], minTime: -Infinity, maxTime: Infinity, limit: 0 }),
};

function sampledAnswer(result: Buffer): Buffer {
  return compressSnappy(delimited(1, result));
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  'a frame of very many small series': {
    ...streamed,
    body: () => frameOf(tinySeries(12_000_000, EMPTY_CHUNK)),
  },
  'a frame of one series with very many labels': {
    ...streamed,
    body: () => frameOf(delimited(1, manyLabels(12_000_000))),
    refused: /a series has more than 10000 labels/,
  },
  'a frame of one series with very many fields that nobody knows': {
    ...streamed,
    body: () => frameOf(delimited(1, Buffer.alloc(12_000_000, Buffer.from([0x78, 0])))),
    refused: /one too many/,
  },
  'a frame that is larger than any': {
    ...streamed,
    body: () => frameOf(Buffer.alloc(17 * 1024 * 1024)),
    refused: /frame 1 claims 17825792 bytes, more than the limit of 16777216/,
  },
  'a frame with a chunk of no bytes': {
    ...streamed,
    body: () => frameOf(delimited(1, Buffer.from([0x12, 2, 0x18, 1]))),
    refused: /a chunk of 0 bytes is too short to say how many samples it has/,
  },
  'a series of very many samples': {
    ...sampled,
    body: () => sampledAnswer(delimited(1, manySamples(12_000_000))),
  },
  'a series of samples that has very many labels': {
    ...sampled,
    body: () => sampledAnswer(delimited(1, manyLabels(12_000_000))),
    refused: /a series has more than 10000 labels/,
  },
  'very many series without anything': {
    ...sampled,
    body: () => sampledAnswer(Buffer.alloc(6_000_000, Buffer.from([0x0a, 0]))),
    limit: 500_000_000,
    refused: /more memory than the limit/,
  },
  'a matrix of a series of very many samples': {
    ...matrix,
    body: () => matrixOf('{"metric":{},"values":[', (i) => `[${i},"1"]`, ']}', 12_000_000),
  },
  'a matrix of a series with very many labels': {
    ...matrix,
    body: () => matrixOf('{"metric":{', (i) => `"l${i}":"v"`, '},"values":[]}', 12_000_000),
    refused: /has more than 10000/,
  },
  'a matrix of very many series without anything': {
    ...matrix,
    body: () => matrixOf('', () => '{}', '', 12_000_000),
    limit: 500_000_000,
    refused: /more memory than the limit/,
  },
  'a series with very many labels': {
    ...list,
    body: () => seriesOfLabels(1_000_000),
    refused: /an object in a list has more than 10000 members/,
  },
  'a list of very many objects with nothing in them': {
    ...list,
    body: () => listOf('{}', 12_000_000),
    limit: 10_000_000,
    refused: /more memory than the limit/,
  },
  'a list of very many numbers': {
    ...list,
    body: () => listOf('1', 12_000_000),
    refused: /its answer holds no list of series/,
  },
};

describe('an answer of a server that is hostile or broken holds no turn of the event loop long', () => {
  for (const [what, { path, type, body, ask, limit, refused }] of Object.entries(ATTACKS))
    test(what, async (t) => {
      const bytes = body();
      const server = await startFakePrometheus({
        [path]: (_, response) => void response.writeHead(200, { 'content-type': type }).end(bytes),
      });
      t.after(() => server.close());
      const backend = backendAt(t, server.url);
      let longest = Infinity;
      for (let tries = 0; tries < TRIES && longest > MOST_TURN_MS; tries++) {
        const scope = openScope(limit);
        const busy = await watchTurns(async () => {
          const outcome = await ask(backend, scope).then(
            (result) => (result.ok ? 'answered' : result.failure.reason),
            String,
          );
          assert.match(outcome, refused ?? /^answered$/);
        });
        scope.budget.release();
        longest = Math.min(longest, busy.longestTurn);
      }
      t.diagnostic(`longest turn ${longest.toFixed(0)} ms`);
      assert.ok(longest <= MOST_TURN_MS, `kept others waiting for ${longest.toFixed(0)} ms`);
    });
});
