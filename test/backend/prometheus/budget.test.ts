import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { HttpClient, readAll } from '../../../src/backend/prometheus/http-client.ts';
import { PROMETHEUS_DEFAULTS } from '../../../src/backend/prometheus/options.ts';
import { openBudget, type Budget } from '../../../src/model/budget.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { sendJson, startFakeServer } from '../../support/fake-server.ts';
import { scopeWith } from '../../support/scopes.ts';
import { backendFor, failureOf, NEVER, valueOf } from './support.ts';

const NAMES = Array.from({ length: 2000 }, (_, i) => `label_${i}`);
const LOOKUP = { matcherSets: [], minTime: -Infinity, maxTime: Infinity, limit: 0 };

function budgetOf(bytes: number): Budget {
  return openBudget(new MemoryCeiling(0), { bytes, series: 0 });
}

async function labelsBackend(t: TestContext) {
  return backendFor(t, (_, response) => sendJson(response, { status: 'success', data: NAMES }));
}

test('a list counts with what its JSON becomes until the request ends', async (t) => {
  const backend = await labelsBackend(t);
  const budget = budgetOf(0);
  const { items } = valueOf(await backend.labelNames({ ...scopeWith(), budget }, LOOKUP));
  assert.equal(items.length, NAMES.length);
  const text = JSON.stringify({ status: 'success', data: NAMES });
  // Five times its bytes, and what an object, a list and its items take besides.
  assert.equal(budget.held, 5 * text.length + 64 + 32 + 16 * NAMES.length);
});

test('a list that is larger than the request may hold ends the request, and is no failure of the endpoint', async (t) => {
  const backend = await labelsBackend(t);
  await assert.rejects(backend.labelNames({ ...scopeWith(), budget: budgetOf(10_000) }, LOOKUP), {
    name: 'QueryError',
    kind: 'too_large',
  });
});

test('an answer that comes after its request was given up takes nothing', async (t) => {
  const backend = await labelsBackend(t);
  const ceiling = new MemoryCeiling(0);
  const budget = openBudget(ceiling, { bytes: 0, series: 0 });
  const caller = new AbortController();
  const late = backend.labelNames({ ...scopeWith({}, caller.signal), budget }, LOOKUP);
  budget.release();
  caller.abort();
  assert.equal(failureOf(await late).kind, 'canceled');
  assert.equal(ceiling.held, 0);
});

test('a health check is told that the answer is too large, and throws nothing', async (t) => {
  const yaml = 'x'.repeat(20 * 1024 * 1024);
  const backend = await backendFor(t, (_, response) =>
    sendJson(response, { status: 'success', data: { yaml } }),
  );
  const { kind, reason } = failureOf(await backend.describe(NEVER));
  assert.deepEqual(
    [kind, reason],
    ['too_large', 'the answer takes more than the 64MiB that a health check may'],
  );
});

/** Parts that wait, the last of which may be as large as any, and what a paused connection may hold. */
const MOST_AHEAD = (16 + 64 + 80) * 1024;

test('of a body that is read as it comes, the part in hand counts, and what waits behind it; one that is read whole counts until it is given back', async (t) => {
  const parts = 8;
  const server = await startFakeServer((_, response) => {
    for (let i = 0; i < parts; i++) response.write(Buffer.alloc(64 * 1024));
    response.end();
  });
  const client = new HttpClient({ ...PROMETHEUS_DEFAULTS, url: server.url });
  t.after(() => Promise.all([client.close(), server.close()]));
  const budget = budgetOf(0);
  const scope = { ...scopeWith(), budget };
  const streamed = await client.send({ method: 'GET', path: '/' }, scope);
  for await (const part of streamed.body) {
    assert.ok(budget.held >= part.length);
    assert.ok(budget.held <= part.length + MOST_AHEAD, `${budget.held} with a part of ${part.length}`);
  }
  assert.equal(budget.held, 0);
  const whole = await readAll(await client.send({ method: 'GET', path: '/' }, scope));
  assert.equal(budget.held, whole.length);
});

test('series count against their limit, also in lists', async (t) => {
  const data = Array.from({ length: 11 }, (_, i) => ({ i: String(i) }));
  const backend = await backendFor(t, (_, response) => sendJson(response, { status: 'success', data }));
  const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 10 });
  await assert.rejects(backend.series({ ...scopeWith(), budget }, LOOKUP), {
    kind: 'too_large',
    message: /more series than the limit of 10/,
  });
});

/** A server that begins a frame of 15 MB, and what it does then. */
async function beginning(t: TestContext, then: (response: ServerResponse) => void) {
  return backendFor(t, ({ path }, response) => {
    if (path !== '/api/v1/read') return sendJson(response, {}, 404);
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    // The length as a varint, the checksum, and a part of what was claimed.
    response.write(Buffer.from([0xc0, 0xc3, 0x93, 0x07, 0, 0, 0, 0]));
    response.write(Buffer.alloc(2_000_000), () => then(response));
  });
}

const SELECT = { matchers: [], minTime: 0, maxTime: 1, hints: { range: 0, func: '' } };

test('the bytes of a frame that has begun count', async (t) => {
  const backend = await beginning(t, () => undefined);
  await assert.rejects(backend.select({ ...scopeWith(), budget: budgetOf(1_000_000) }, SELECT), {
    kind: 'too_large',
  });
});

test('what a read took that failed is given back', async (t) => {
  const backend = await beginning(t, (response) => response.destroy());
  const budget = budgetOf(0);
  assert.equal((await backend.select({ ...scopeWith(), budget }, SELECT)).ok, false);
  assert.ok(budget.peak >= 1_000_000, `${budget.peak} bytes were counted`);
  assert.equal(budget.held, 0);
});
