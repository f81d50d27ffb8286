import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { QueryError } from '../../src/model/errors.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { answerOf, listening, serverOver } from './support.ts';

const QUERY = '/api/v1/query?query=1';

test('what a request holds is given back when its answer was sent', async () => {
  let held: RequestScope['budget'] | undefined;
  const server = serverOver({
    query: async ({ budget }) => {
      held = budget;
      budget.take(100);
      return { answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 };
    },
  });
  await server.inject(QUERY);
  assert.equal(held!.peak, 100);
  assert.equal(held!.held, 0);
});

test('and when the client left before that', async (t) => {
  const started = Promise.withResolvers<RequestScope>();
  const port = await listening(t, {
    query: (scope) => {
      scope.budget.take(100);
      started.resolve(scope);
      return new Promise((_, reject) => {
        scope.signal.addEventListener('abort', () => reject(new QueryError('canceled', 'gone')));
      });
    },
  });
  const request = get({ host: '127.0.0.1', port, path: QUERY }).on('error', () => undefined);
  const { budget } = await started.promise;
  assert.equal(budget.held, 100);
  const released = Promise.withResolvers<void>();
  budget.whenReleased(released.resolve);
  request.destroy();
  await released.promise;
  assert.equal(budget.held, 0);
});

test('clients are told when to try again where the process has no room, not all at the same time', async () => {
  const server = serverOver({
    query: () => Promise.reject(new QueryError('overloaded', 'no room now')),
  });
  const told = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const { statusCode, headers, body } = await server.inject(QUERY);
    assert.equal(statusCode, 503);
    assert.equal(body, '{"status":"error","errorType":"unavailable","error":"no room now"}');
    told.add(Number(headers['retry-after']));
  }
  assert.deepEqual(
    [...told].toSorted((a, b) => a - b),
    [3, 4, 5, 6, 7, 8],
  );
});
