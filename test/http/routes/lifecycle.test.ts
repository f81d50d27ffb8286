import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerControl } from '../../../src/http/control.ts';
import { serverOver } from '../support.ts';

test('nobody stops the process where that is not allowed', async () => {
  const control: ServerControl = {
    isEnabled: () => false,
    quit: () => assert.fail('must not be asked'),
  };
  const { statusCode, body } = await serverOver({}, { control }).inject({ method: 'POST', url: '/-/quit' });
  assert.equal(statusCode, 403);
  assert.match(body, /start it with --web\.enable-lifecycle/);
});

test('the process is stopped by POST or PUT alone, and says whether it is stopping already', async () => {
  let count = 0;
  const control: ServerControl = { isEnabled: () => true, quit: () => ++count === 1 };
  const server = serverOver({}, { control });
  const answers: (readonly [number, string])[] = [];
  for (const method of ['GET', 'POST', 'PUT'] as const) {
    const { statusCode, body } = await server.inject({ method, url: '/-/quit' });
    answers.push([statusCode, body]);
  }
  assert.deepEqual(answers, [
    [405, 'Method Not Allowed\n'],
    [200, 'promweave stops now.\n'],
    [200, 'promweave is stopping already.\n'],
  ]);
});
