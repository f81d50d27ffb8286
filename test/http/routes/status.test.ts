import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOver } from '../support.ts';

test('the configuration is answered as a text, as Prometheus has it', async () => {
  const { statusCode, body } = await serverOver({}).inject('/api/v1/status/config');
  assert.equal(statusCode, 200);
  assert.deepEqual(JSON.parse(body), { status: 'success', data: { yaml: 'query:\n  timeout: 2m\n' } });
});
