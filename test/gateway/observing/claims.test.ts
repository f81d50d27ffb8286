import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsOf } from '../../../src/gateway/observing/claims.ts';

const claims = (headers: Readonly<Record<string, unknown>>) => claimsOf({ header: (name) => headers[name] });

test('what Grafana says of a query is known', () => {
  const headers = {
    'user-agent': 'Grafana/12.1.0',
    'x-dashboard-uid': 'abc',
    'x-panel-id': '7',
    'x-grafana-user': 'ada',
    fromalert: 'true',
    authorization: 'Bearer hunter2',
    cookie: 'session=hunter2',
  };
  const expected = {
    userAgent: 'Grafana/12.1.0',
    dashboard: 'abc',
    panel: '7',
    user: 'ada',
    fromAlert: 'true',
  };
  assert.deepEqual(claims(headers), expected);
});

test('what is not said, and what is no text, is left out', () => {
  assert.deepEqual(claims({ 'x-panel-id': ['1', '2'], 'x-dashboard-uid': '' }), {});
});

test('a text is one line of a bounded length, whatever it has in it', () => {
  const { userAgent, user } = claims({
    'user-agent': `a\r\nlevel=error \u001b[31mred\u202e ${'x'.repeat(10_000)}`,
    'x-grafana-user': '\n',
  });
  assert.match(userAgent!, /^a level=error \[31mred x+…$/);
  assert.equal(userAgent!.length, 201);
  assert.equal(user, undefined);
});
