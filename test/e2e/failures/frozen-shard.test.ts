import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HANGS_AFTER_MS } from '../../../src/cluster/vitals/breaker.ts';
import { FIRST_LOOK_MS } from '../../../src/select/routing/fan-out-policy.ts';
import { until } from '../../support/until.ts';
import {
  EU_A,
  US_A,
  countByCluster,
  countsOf,
  gatewayOver,
  startReplica,
  type FakeReplica,
} from './support.ts';

const US_B = { ...US_A, __replica__: 'b' };

/** What the first query costs, ms: a little more than it takes to find out that a shard hangs. */
const FIRST_TIMEOUT_MS = FIRST_LOOK_MS + HANGS_AFTER_MS + 2000;
/** What later ones cost at most, ms, however busy the machine is. */
const AT_ONCE_MS = 2000;

/** A healthy shard, and one of two replicas that both freeze. */
async function frozen(t: TestContext): Promise<{ gateway: string; replicas: readonly FakeReplica[] }> {
  const euA = await startReplica(t, EU_A);
  const replicas = [await startReplica(t, US_A), await startReplica(t, US_B)];
  const gateway = await gatewayOver(t, [euA, ...replicas], {
    refresh_interval: '1h',
    'query.endpoint_timeout': '1m',
  });
  for (const { fault } of replicas) fault.all = () => {};
  return { gateway, replicas };
}

async function assertAtOnce(gateway: string): Promise<void> {
  const asked = performance.now();
  const answer = await countByCluster(gateway);
  const strict = await countByCluster(gateway, { partial_response: 'false' });
  const took = performance.now() - asked;
  assert.ok(took < AT_ONCE_MS, `took ${took} ms`);
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.match(answer.warnings!.join(), /^shard \{cluster="us"\} is missing: .* it hangs: .* it hangs: /);
  assert.deepEqual([strict.httpStatus, strict.errorType], [503, 'unavailable']);
}

test('a shard that freezes as a whole costs one query its time, and is back with its first answer', async (t) => {
  const { gateway, replicas } = await frozen(t);
  const first = await countByCluster(gateway, { timeout: `${FIRST_TIMEOUT_MS}ms` });
  assert.match(first.warnings!.join(), /shard \{cluster="us"\} is missing: /);
  await assertAtOnce(gateway);
  const metrics = await (await fetch(`${gateway}/metrics`)).text();
  for (const { url } of replicas) {
    assert.ok(metrics.includes(`promweave_endpoint_breaker_state{endpoint="${url}",state="open"} 1\n`));
    assert.ok(metrics.includes(`promweave_endpoint_up{endpoint="${url}"} 0\n`));
  }

  for (const { fault } of replicas) fault.all = undefined;
  await until('the shard is back', 20_000, async () => {
    const answer = await countByCluster(gateway);
    return answer.warnings === undefined && countsOf(answer)['us'] === '2';
  });
});

test('a shard that freezes costs its time also where the client gives up before', async (t) => {
  const { gateway } = await frozen(t);
  const giveUp = AbortSignal.timeout(FIRST_TIMEOUT_MS);
  const impatient = fetch(`${gateway}/api/v1/query?query=m`, { signal: giveUp });
  await assert.rejects(impatient, { name: 'TimeoutError' });
  await until('the gateway noticed', 10_000, async () =>
    (await (await fetch(`${gateway}/metrics`)).text()).includes('state="open"} 1\n'),
  );
  await assertAtOnce(gateway);
});

test('a query that takes long does not keep others from a server that answers', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], {
    refresh_interval: '1h',
    'query.endpoint_timeout': '1m',
  });
  usA.fault.read = () => {};
  const heavy = await countByCluster(gateway, { timeout: `${FIRST_TIMEOUT_MS}ms` });
  assert.deepEqual(countsOf(heavy), { eu: '2' });
  usA.fault.read = undefined;
  const light = await countByCluster(gateway);
  assert.deepEqual(countsOf(light), { eu: '2', us: '2' });
  assert.equal(light.warnings, undefined);
});
