import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_CONTROL, type ServerControl } from '../../../src/http/control.ts';
import { failed, success } from '../../../src/model/result.ts';
import { serverOver } from '../support.ts';

test('nobody stops the process where that is not allowed', async () => {
  const control: ServerControl = {
    ...NO_CONTROL,
    quit: () => assert.fail('must not be asked'),
  };
  const { statusCode, body } = await serverOver({}, { control }).inject({ method: 'POST', url: '/-/quit' });
  assert.equal(statusCode, 403);
  assert.match(body, /start it with --web\.enable-lifecycle/);
});

test('the process is stopped by POST or PUT alone, and says whether it is stopping already', async () => {
  let count = 0;
  const control: ServerControl = { ...NO_CONTROL, isEnabled: () => true, quit: () => ++count === 1 };
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

test('a configuration that was read again answers 200, with what needs a restart', async () => {
  const control: ServerControl = {
    ...NO_CONTROL,
    isEnabled: () => true,
    reload: async () => success(['http.address was changed']),
  };
  const { statusCode, body } = await serverOver({}, { control }).inject({ method: 'PUT', url: '/-/reload' });
  assert.deepEqual(
    [statusCode, body],
    [200, 'promweave read its configuration again\nhttp.address was changed\n'],
  );
});

test('a configuration that cannot be used answers 500 with the reason', async () => {
  const control: ServerControl = {
    ...NO_CONTROL,
    isEnabled: () => true,
    reload: async () => failed('p.yml:3: that is wrong'),
  };
  const { statusCode, body } = await serverOver({}, { control }).inject({ method: 'POST', url: '/-/reload' });
  assert.equal(statusCode, 500);
  assert.match(body, /the former one stays in force\np\.yml:3: that is wrong\n$/);
});
