import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOver } from './support.ts';

const SENTENCE = /is served at its admin address alone \(--web\.admin-address\)/;

test('the address for queries says of what the admin address has that it is there', async () => {
  const server = serverOver({}, { serves: 'queries' });
  for (const [method, url] of [
    ['GET', '/api/v1/stores'],
    ['GET', '/api/v1/status/coverage'],
    ['GET', '/api/v1/status/config'],
    ['DELETE', '/api/v1/status/active_queries/1'],
  ] as const) {
    const { statusCode, body } = await server.inject({ method, url });
    const { status, errorType, error } = JSON.parse(body) as Record<string, string>;
    assert.deepEqual([statusCode, status, errorType], [404, 'error', 'not_found'], url);
    assert.match(error ?? '', SENTENCE);
  }
  for (const [method, url] of [
    ['GET', '/metrics'],
    ['POST', '/-/reload'],
  ] as const) {
    const { statusCode, body, headers } = await server.inject({ method, url });
    assert.equal(statusCode, 404, url);
    assert.match(String(headers['content-type']), /^text\/plain/);
    assert.match(body, SENTENCE);
  }
  assert.equal((await server.inject('/api/v1/no_such_thing')).body, '404 page not found\n');
});

test('the document of the API does not tell of it there', async () => {
  const { body } = await serverOver({}, { serves: 'queries' }).inject('/api/v1/openapi.yaml');
  assert.doesNotMatch(body, /\/api\/v1\/stores/);
  assert.match(body, /\/api\/v1\/query/);
});
