import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { openScope } from '../../src/gateway/request-scope.ts';
import { QueryError } from '../../src/model/errors.ts';
import { grantOf } from '../support/open-requests.ts';
import { answering, answerOf, serverOver } from './support.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const HEADERS = { 'x-request-id': 'from-grafana-7', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
const QUERY = '/api/v1/query?query=1&time=0';

test('every answer tells the ids of its request, good or bad', async () => {
  const server = serverOver(answering({ kind: 'scalar', t: 0, v: 1 }));
  for (const [url, status] of [
    [QUERY, 200],
    ['/api/v1/query?time=x', 400],
    ['/nothing/here', 404],
  ] as const) {
    const { headers, statusCode } = await server.inject({ url, headers: HEADERS });
    assert.equal(statusCode, status);
    assert.equal(headers['x-request-id'], 'from-grafana-7');
    assert.equal(headers['x-thanos-trace-id'], TRACE);
    assert.match(String(headers['traceparent']), new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  }
});

test('a request without ids gets some, and one with hostile ones others', async () => {
  const server = serverOver(answering({ kind: 'scalar', t: 0, v: 1 }));
  for (const headers of [{}, { 'x-request-id': '<b>', traceparent: 'x'.repeat(5000) }]) {
    const answer = await server.inject({ url: QUERY, headers });
    assert.match(String(answer.headers['x-request-id']), /^[\da-f]{16}$/);
    assert.match(String(answer.headers['x-thanos-trace-id']), /^[\da-f]{32}$/);
  }
});

test('the scope of a request carries the ids that its answer tells', async () => {
  let scope: RequestScope | undefined;
  const server = serverOver({
    open: (wishes, origin) => openScope(grantOf(), wishes, origin),
    query: async (given) => {
      scope = given;
      return { answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 };
    },
  });
  const { headers } = await server.inject({ url: QUERY, headers: HEADERS });
  assert.equal(scope?.ids.named, 'from-grafana-7');
  assert.equal(headers['traceparent'], `00-${TRACE}-${scope?.ids.trace?.spanId}-01`);
});

test('the log names a failed request by its ids and its path, and has nothing of its query string', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const query = async (): Promise<never> => {
    throw new QueryError('internal', 'a mistake of our own');
  };
  const server = serverOver({ query }, { logger });
  await server.inject({
    url: `${QUERY}&token=hunter2`,
    headers: { ...HEADERS, authorization: 'Bearer hunter2' },
  });
  const failed = lines.filter((line) => line.includes('request failed'));
  assert.ok(failed.length >= 2);
  for (const line of failed) {
    const { path, requestId, traceId } = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual([path, requestId, traceId], ['/api/v1/query', 'from-grafana-7', TRACE]);
  }
  assert.doesNotMatch(lines.join(''), /hunter2/);
});
