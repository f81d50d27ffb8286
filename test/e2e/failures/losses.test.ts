import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EU_A, EU_B, US_A, countByCluster, countsOf, gatewayOver, startReplica } from './support.ts';

test('one replica down, its sibling there: the whole answer, and where it is asked for an info that names the replica', async (t) => {
  const [euA, euB, usA] = [
    await startReplica(t, EU_A),
    await startReplica(t, EU_B),
    await startReplica(t, US_A),
  ];
  const gateway = await gatewayOver(t, [euA, euB, usA], { refresh_interval: '1h' });
  await euB.server.close();

  const silent = await countByCluster(gateway);
  assert.deepEqual(
    [countsOf(silent), silent.warnings, silent.infos],
    [{ eu: '2', us: '2' }, undefined, undefined],
  );
  const answer = await countByCluster(gateway, { show_replaced: 'true' });
  assert.deepEqual(countsOf(answer), { eu: '2', us: '2' });
  assert.equal(answer.warnings, undefined);
  assert.deepEqual(answer.infos, [
    `in shard {cluster="eu"} endpoint ${euB.url} did not answer: connection refused; check that it runs and that ` +
      `address and port are right; nothing is missing, its replica ${euA.url} answered`,
  ]);
});

test('one replica down is no error without partial response either', async (t) => {
  const [euA, euB] = [await startReplica(t, EU_A), await startReplica(t, EU_B)];
  const gateway = await gatewayOver(t, [euA, euB], { refresh_interval: '1h' });
  await euA.server.close();

  const answer = await countByCluster(gateway, { partial_response: 'false' });
  assert.equal(answer.httpStatus, 200);
  assert.deepEqual(countsOf(answer), { eu: '2' });
});

test('a whole shard down: the other shards, and a warning with shard, endpoint and reason', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
  await usA.server.close();

  const answer = await countByCluster(gateway);
  assert.equal(answer.httpStatus, 200);
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.deepEqual(answer.warnings, [shardIsMissing(usA.url)]);
});

test('a whole shard down without partial response: 503 with the same sentence', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
  await usA.server.close();

  const answer = await countByCluster(gateway, { partial_response: 'false' });
  assert.equal(answer.httpStatus, 503);
  assert.equal(answer.errorType, 'unavailable');
  assert.equal(answer.error, shardIsMissing(usA.url));
});

test('the configuration can refuse partial responses, and a request ask for one all the same', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], {
    refresh_interval: '1h',
    'query.partial_response': false,
  });
  await usA.server.close();

  const refused = await countByCluster(gateway);
  assert.equal(refused.httpStatus, 503);
  assert.equal(refused.error, shardIsMissing(usA.url));
  const partial = await countByCluster(gateway, { partial_response: 'true' });
  assert.deepEqual(countsOf(partial), { eu: '2' });
  assert.deepEqual(partial.warnings, [shardIsMissing(usA.url)]);
});

test('all replicas of a shard down: each is named with its reason', async (t) => {
  const [euA, euB, usA] = [
    await startReplica(t, EU_A),
    await startReplica(t, EU_B),
    await startReplica(t, US_A),
  ];
  const gateway = await gatewayOver(t, [euA, euB, usA], { refresh_interval: '1h' });
  await Promise.all([euA.server.close(), euB.server.close()]);

  const answer = await countByCluster(gateway);
  assert.deepEqual(countsOf(answer), { us: '2' });
  const [warning = '', ...others] = answer.warnings ?? [];
  assert.deepEqual(others, []);
  assert.match(warning, /^shard \{cluster="eu"\} is missing: /);
  for (const { url } of [euA, euB]) assert.ok(warning.includes(`endpoint ${url} did not answer: `), warning);
});

test('a shard that the query does not ask for may be down unmentioned', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
  await usA.server.close();

  const answer = await countByCluster(gateway, { query: 'count by (cluster) (m{cluster="eu"})' });
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.equal(answer.warnings, undefined);
});

function shardIsMissing(url: string): string {
  return (
    `shard {cluster="us"} is missing: endpoint ${url} did not answer: ` +
    'connection refused; check that it runs and that address and port are right'
  );
}
