import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN_IDS, passedOn, requestIds, type RequestIds } from '../../src/model/request-ids.ts';

const idsFor = (headers: Readonly<Record<string, unknown>>): RequestIds =>
  requestIds((name) => headers[name]);

test('each request has an id of this process, whatever its caller names it', () => {
  const ids = [1, 2, 3].map(() => idsFor({ 'x-request-id': 'the-same' }));
  assert.equal(new Set(ids.map(({ request }) => request)).size, 3);
  assert.deepEqual(new Set(ids.map(({ named }) => named)), new Set(['the-same']));
});

for (const hostile of ['', 'a b', 'a\r\nX-Evil: 1', '<script>', 'é', '"', 'x'.repeat(129), ['a'], undefined])
  test(`the name ${JSON.stringify(hostile)?.slice(0, 30)} is replaced`, () => {
    const { request, named } = idsFor({ 'x-request-id': hostile });
    assert.equal(named, request);
  });

test('endpoints hear of the request, of its trace, and of what others add to that', () => {
  const ids = idsFor({
    'x-request-id': '8f1c/2',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    tracestate: 'congo=1',
  });
  assert.deepEqual(passedOn(ids), {
    'x-request-id': '8f1c/2',
    traceparent: `00-${'a'.repeat(32)}-${ids.trace!.spanId}-01`,
    tracestate: 'congo=1',
  });
});

test('endpoints hear of no request where the gateway asks for itself', () => {
  assert.deepEqual(passedOn(OWN_IDS), {});
});
