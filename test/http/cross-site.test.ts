import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPEN_TO_ALL } from '../../src/http/admission.ts';
import { success } from '../../src/model/result.ts';
import { serverOver } from './support.ts';

const control = { isEnabled: () => true, quit: () => true, reload: async () => success([]) };
const access = { ...OPEN_TO_ALL, externalHost: 'm.example' };

async function statusOf(headers: Readonly<Record<string, string>>): Promise<number> {
  const server = serverOver({}, { control, access });
  const { statusCode } = await server.inject({ method: 'POST', url: '/-/reload', headers });
  return statusCode;
}

test('a page of another site changes nothing', async () => {
  assert.equal(await statusOf({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await statusOf({ 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await statusOf({ origin: 'https://evil.example' }), 403);
  assert.equal(await statusOf({ origin: 'null' }), 403);
  assert.equal(await statusOf({ origin: 'http://gateway:1.evil.example', host: 'gateway:1' }), 403);
});

test('the own page does, and what is no browser', async () => {
  assert.equal(await statusOf({}), 200);
  assert.equal(await statusOf({ 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await statusOf({ 'sec-fetch-site': 'none' }), 200);
  assert.equal(await statusOf({ origin: 'http://gateway:1', host: 'gateway:1' }), 200);
  assert.equal(await statusOf({ origin: 'https://m.example', host: 'backend:1' }), 200);
  assert.equal(
    await statusOf({ origin: 'https://p.example', host: 'backend:1', 'x-forwarded-host': 'p.example' }),
    200,
  );
});

test('nothing changes by GET: what changes something answers no other method', async () => {
  const server = serverOver({}, { control, access });
  for (const url of ['/-/reload', '/-/quit'])
    for (const method of ['GET', 'HEAD'] as const)
      assert.equal((await server.inject({ method, url })).statusCode, 405, `${method} ${url}`);
});

test('no answer is run as a script, or shown inside of the page of another', async () => {
  const { headers } = await serverOver({}).inject('/nope');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['x-frame-options'], 'deny');
});
