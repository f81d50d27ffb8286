import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import { serverWith } from '../support.ts';

test('limits that are no numbers are refused', async () => {
  for (const [path, problem] of [
    ['metadata?limit=x', 'limit must be a number'],
    ['metadata?limit=9223372036854775808', 'limit must be a number'],
    ['metadata?limit_per_metric=1.5', 'limit_per_metric must be a number'],
    ['targets/metadata?limit=x', 'limit must be a number'],
  ] as const) {
    const response = await serverWith({}).inject(`/api/v1/${path}`);
    assert.equal(response.body, `{"status":"error","errorType":"bad_data","error":"${problem}"}`);
  }
});

test('negative limits of metadata mean none', async () => {
  let seen: unknown;
  const metadata: GatewayLists['metadata'] = async (_, { limit, limitPerMetric }) => {
    seen = [limit, limitPerMetric];
    return { metrics: new Map(), annotations: [] };
  };
  await serverWith({ metadata }).inject('/api/v1/metadata?limit=-1&limit_per_metric=0');
  assert.deepEqual(seen, [undefined, undefined]);
  await serverWith({ metadata }).inject('/api/v1/metadata?limit=0&limit_per_metric=2');
  assert.deepEqual(seen, [0, 2]);
});
