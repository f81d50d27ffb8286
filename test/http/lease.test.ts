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

test('a client is told when to try again where the process has no room', async () => {
  const server = serverOver({
    query: () => Promise.reject(new QueryError('overloaded', 'no room now')),
  });
  const { statusCode, headers, body } = await server.inject(QUERY);
  assert.deepEqual([statusCode, headers['retry-after']], [503, '5']);
  assert.equal(body, '{"status":"error","errorType":"unavailable","error":"no room now"}');
});
