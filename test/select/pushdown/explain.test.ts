import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushesOf, shard, warmGateway } from './world.ts';

test('an explanation tells which shards would compute, and why others would not', async () => {
  const gateway = await warmGateway(shard('eu'), shard('us', 1), shard('asia', 1));
  Object.assign(gateway.endpoints[3]!.backend, { evaluate: undefined });
  assert.deepEqual(await pushesOf(gateway, 'sum(m_total)'), [
    { shard: '{cluster="eu"}', endpoint: 'eu-a:1', reason: undefined, readSteps: undefined },
    { shard: '{cluster="us"}', endpoint: 'us-a:1', reason: undefined, readSteps: undefined },
    {
      shard: '{cluster="asia"}',
      endpoint: undefined,
      reason: 'the server may evaluate in another way than this gateway',
      readSteps: undefined,
    },
  ]);
});

test('where nothing is to be computed elsewhere it tells nothing of that', async () => {
  assert.deepEqual(await pushesOf(await warmGateway(shard('eu')), 'm_total'), []);
});
