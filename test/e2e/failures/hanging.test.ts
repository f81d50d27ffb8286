import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_PATIENCE_MS } from '../../../src/select/routing/fan-out-policy.ts';
import { STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import {
  EU_A,
  EU_B,
  US_A,
  countByCluster,
  countsOf,
  framesOf,
  gatewayOver,
  startReplica,
  type ExternalLabels,
  type FakeReplica,
} from './support.ts';

/** The configured timeout is that of the endpoint that hangs; the other has time, however busy the machine is. */
function settings(healthy: FakeReplica, hanging: FakeReplica): Readonly<Record<string, unknown>> {
  return {
    'query.endpoint_timeout': '1s',
    refresh_interval: '1h',
    endpoints: [{ address: healthy.url, timeout: '1m' }, { address: hanging.url }],
  };
}

const TIMED_OUT = /did not answer: no (complete )?answer within 1 s/;

const NEVER: FakeHandler = () => {};

/** Sends the head and the first of two frames, and nothing more. */
const stallAfterAFrame =
  (external: ExternalLabels): FakeHandler =>
  (_, response) => {
    const frames = framesOf(external);
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    response.write(frames.subarray(0, frames.length / 2));
  };

for (const [what, read] of [
  ['never answers', NEVER],
  ['stops in the middle of its answer', stallAfterAFrame(US_A)],
] as const) {
  test(`a shard that ${what} costs its timeout and is named`, async (t) => {
    const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
    const gateway = await gatewayOver(t, [], settings(euA, usA));
    usA.fault.read = read;

    const asked = performance.now();
    const answer = await countByCluster(gateway);
    assert.ok(performance.now() - asked < 20_000, `took ${performance.now() - asked} ms`);
    assert.deepEqual(countsOf(answer), { eu: '2' });
    assert.equal(answer.warnings?.length, 1);
    assert.match(answer.warnings[0]!, /^shard \{cluster="us"\} is missing: endpoint http/);
    assert.match(answer.warnings[0]!, TIMED_OUT);
  });

  test(`a replica that ${what} takes nothing from the answer`, async (t) => {
    const [euA, euB] = [await startReplica(t, EU_A), await startReplica(t, EU_B)];
    const gateway = await gatewayOver(t, [], settings(euA, euB));
    euB.fault.read = read;

    const answer = await countByCluster(gateway, { partial_response: 'false', show_replaced: 'true' });
    assert.deepEqual(countsOf(answer), { eu: '2' });
    assert.equal(answer.warnings, undefined);
    assert.equal(answer.infos?.length, 1);
    assert.match(answer.infos[0]!, /(much slower than its replicas|answer within 1 s).*nothing is missing/);
  });
}

test('a replica that freezes holds up the first query, and none after it', async (t) => {
  const [euA, euB] = [await startReplica(t, EU_A), await startReplica(t, EU_B)];
  const gateway = await gatewayOver(t, [euA, euB], {
    refresh_interval: '1h',
    'query.endpoint_timeout': '1m',
  });
  euB.fault.all = NEVER;

  const took: number[] = [];
  for (let query = 0; query < 4; query++) {
    const asked = performance.now();
    const answer = await countByCluster(gateway, { show_replaced: 'true' });
    took.push(performance.now() - asked);
    assert.deepEqual(countsOf(answer), { eu: '2' });
    assert.match(answer.infos!.join(), /much slower than its replicas/);
  }
  // Where the machine is busy one of the later ones may take its time, but not all of them.
  const [first, ...later] = took;
  const quickest = Math.min(...later);
  assert.ok(first! >= FIRST_PATIENCE_MS && quickest < FIRST_PATIENCE_MS, `they took ${took.join(', ')} ms`);
});

test('an endpoint that hangs from the start delays the gateway by its timeout, and is named', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  usA.fault.all = NEVER;
  const gateway = await gatewayOver(t, [], settings(euA, usA));

  const answer = await countByCluster(gateway);
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.equal(answer.warnings?.length, 1);
  assert.match(
    answer.warnings[0]!,
    new RegExp(
      `^endpoint ${usA.url} never answered, so its shard is unknown: no (complete )?answer within 1 s`,
    ),
  );
});

test('an endpoint that hangs longer than the request may take is named before the request is over', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], {
    refresh_interval: '1h',
    'query.endpoint_timeout': '30s',
  });
  usA.fault.read = NEVER;
  const sentence = new RegExp(
    `^shard {cluster="us"} is missing: endpoint ${usA.url} did not answer: no complete answer within 0\\.8\\d* s, ` +
      'which is what the timeout of the request leaves; it hangs or is overloaded, or that timeout is too short$',
  );

  const answer = await countByCluster(gateway, { timeout: '1s' });
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.equal(answer.warnings?.length, 1);
  assert.match(answer.warnings[0]!, sentence);
  const whole = await countByCluster(gateway, { timeout: '1s', partial_response: 'false' });
  assert.deepEqual([whole.httpStatus, whole.errorType], [503, 'unavailable']);
  assert.match(whole.error!, sentence);
});
