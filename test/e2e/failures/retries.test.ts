import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STREAMED_TYPE, streamed } from '../../support/fake-prometheus.ts';
import { sendText, type FakeHandler } from '../../support/fake-server.ts';
import { failure } from '../../support/fake-store.ts';
import { status } from '@grpc/grpc-js';
import { INSTANCES, gatewayOverStores, isOfQuery, messageOf, startHostile } from '../stores/support.ts';
import { US_A, countByCluster, countsOf, framesOf, gatewayOver, startReplica } from './support.ts';

const WHOLE = framesOf(US_A);
const DAMAGED = Buffer.from(WHOLE);
DAMAGED[DAMAGED.length - 1]! ^= 1;

const ONCE: Readonly<Record<string, FakeHandler>> = {
  'is cut in the middle of a frame': streamed(WHOLE.subarray(0, WHOLE.length - 9)),
  'has a damaged frame': streamed(DAMAGED),
  'breaks off': (_, response) => {
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    response.write(WHOLE.subarray(0, 50), () => response.destroy());
  },
  'asks for a short break': (_, response) => {
    response.setHeader('retry-after', '0');
    sendText(response, 503, 'text/plain', 'busy');
  },
};

async function retriesAt(gateway: string): Promise<number> {
  const metrics = await (await fetch(`${gateway}/metrics`)).text();
  return Number(/promweave_endpoint_retries_total\{.*\} (\d+)/.exec(metrics)![1]);
}

for (const [what, broken] of Object.entries(ONCE))
  test(`an answer that ${what} is asked for again, and nobody notices`, async (t) => {
    const usA = await startReplica(t, US_A);
    const gateway = await gatewayOver(t, [usA], { refresh_interval: '1h' });
    usA.fault.read = (request, response) => {
      usA.fault.read = undefined;
      return broken(request, response);
    };
    const answer = await countByCluster(gateway);
    assert.deepEqual(countsOf(answer), { us: '2' });
    assert.equal(answer.warnings, undefined);
    assert.equal(await retriesAt(gateway), 1);
  });

test('a server that asks for a long break is not asked again', async (t) => {
  const usA = await startReplica(t, US_A);
  const gateway = await gatewayOver(t, [usA], { refresh_interval: '1h' });
  usA.fault.read = (_, response) => {
    response.setHeader('retry-after', '60');
    sendText(response, 429, 'text/plain', 'busy');
  };
  assert.match((await countByCluster(gateway)).error!, /HTTP 429/);
  assert.equal(await retriesAt(gateway), 0);
});

test('a stream of a store that breaks off is asked for again, and nobody notices', async (t) => {
  let breaks = false;
  const store = await startHostile(t, US_A, (call, external) => {
    if (breaks && isOfQuery(call)) {
      breaks = false;
      return void call.emit('error', failure(status.UNAVAILABLE, 'shutting down'));
    }
    for (const instance of INSTANCES) call.write(messageOf(external, instance));
    call.end();
  });
  const { url } = await gatewayOverStores(t, [{ address: store.target }]);
  breaks = true;
  const answer = await countByCluster(url);
  assert.deepEqual(countsOf(answer), { us: '2' });
  assert.equal(answer.warnings, undefined);
  assert.equal(await retriesAt(url), 1);
});
