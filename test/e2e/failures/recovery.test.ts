import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import { EU_A, EU_B, US_A, countByCluster, countsOf, gatewayOver, startReplica } from './support.ts';

/** Endpoints are asked again at once, so that tests need not wait. */
const AT_ONCE = { refresh_interval: '20ms' };

test('an endpoint that is down at the start is named, and picked up once it is there', async (t) => {
  const euA = await startReplica(t, EU_A);
  const port = await freePort();
  const gateway = await gatewayOver(t, [euA, { url: `http://127.0.0.1:${port}` }], AT_ONCE);

  const before = await countByCluster(gateway);
  assert.deepEqual(countsOf(before), { eu: '2' });
  assert.match(
    before.warnings![0]!,
    new RegExp(
      `^endpoint http://127.0.0.1:${port} never answered, so its shard is unknown: connection refused`,
    ),
  );

  await startReplica(t, US_A, port);
  await until('the late endpoint is part of the answer', 20_000, async () => {
    const answer = await countByCluster(gateway);
    return answer.warnings === undefined && countsOf(answer)['us'] === '2';
  });
});

test('a shard that goes away is named by the labels that it had, and is back with its server', async (t) => {
  const port = await freePort();
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A, port)];
  const gateway = await gatewayOver(t, [euA, usA], AT_ONCE);
  await usA.server.close();

  await until('the refresh noticed', 20_000, async () => {
    const { warnings = [] } = await countByCluster(gateway);
    return warnings.some((warning) => warning.startsWith('shard {cluster="us"} is missing: '));
  });
  const elsewhere = await countByCluster(gateway, { query: 'count by (cluster) (m{cluster="eu"})' });
  assert.equal(
    elsewhere.warnings,
    undefined,
    'its labels are kept, so queries of other shards do not ask it',
  );

  await startReplica(t, US_A, port);
  const back = await countByCluster(gateway);
  assert.deepEqual(countsOf(back), { eu: '2', us: '2' }, 'it is asked without waiting for a refresh');
  assert.equal(back.warnings, undefined);
});

test('a replica that went away still counts as replaced by its sibling after many refreshes', async (t) => {
  const [euA, euB] = [await startReplica(t, EU_A), await startReplica(t, EU_B)];
  const gateway = await gatewayOver(t, [euA, euB], AT_ONCE);
  const refreshes = (): number => euA.server.requests.filter(({ path }) => path.endsWith('/config')).length;
  await euB.server.close();
  const seen = refreshes();
  await until('some refreshes went by', 20_000, async () => refreshes() > seen + 5);

  const answer = await countByCluster(gateway, { partial_response: 'false', show_replaced: 'true' });
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.match(answer.infos![0]!, /nothing is missing/);
});

test('a server that comes back with other external labels is known by the new ones', async (t) => {
  const port = await freePort();
  const usA = await startReplica(t, US_A, port);
  const gateway = await gatewayOver(t, [usA], AT_ONCE);
  assert.deepEqual(countsOf(await countByCluster(gateway)), { us: '2' });
  await usA.server.close();

  await startReplica(t, { ...US_A, cluster: 'asia' }, port);
  await until('the labels are renewed', 20_000, async () => {
    const { asia, us } = countsOf(await countByCluster(gateway));
    return asia === '2' && us === undefined;
  });
});
