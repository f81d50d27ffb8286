import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Backend } from '../../../src/backend/backend.ts';
import type { BackendFailure } from '../../../src/model/loss.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import type { Result } from '../../../src/model/result.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { startFakePrometheus, STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { delimited, EMPTY_CHUNK, frameOf, manyLabels, tinySeries } from '../../support/hostile/messages.ts';
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
  /** What the failure says; undefined where there is an answer, however large. */
  readonly refused?: RegExp;
}

const select: Attack['ask'] = (backend, scope) => backend.select(scope, SELECT_UP);
const streamed = { path: '/api/v1/read', type: STREAMED_TYPE, ask: select };

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
};

describe('an answer of a server that is hostile or broken holds no turn of the event loop long', () => {
  for (const [what, { path, type, body, ask, refused }] of Object.entries(ATTACKS))
    test(what, async (t) => {
      const bytes = body();
      const server = await startFakePrometheus({
        [path]: (_, response) => void response.writeHead(200, { 'content-type': type }).end(bytes),
      });
      t.after(() => server.close());
      const backend = backendAt(t, server.url);
      let longest = Infinity;
      for (let tries = 0; tries < TRIES && longest > MOST_TURN_MS; tries++) {
        const scope = openScope();
        const busy = await watchTurns(async () => {
          const result = await ask(backend, scope);
          if (refused === undefined) assert.ok(result.ok);
          else assert.match(result.ok ? 'answered' : result.failure.reason, refused);
        });
        scope.budget.release();
        longest = Math.min(longest, busy.longestTurn);
      }
      t.diagnostic(`longest turn ${longest.toFixed(0)} ms`);
      assert.ok(longest <= MOST_TURN_MS, `kept others waiting for ${longest.toFixed(0)} ms`);
    });
});
