import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { STREAMED_TYPE } from '../../support/fake-prometheus.ts';
import { NOW, US_A, framesOf, gatewayOver, startReplica } from './support.ts';

for (const [what, begin] of [
  ['has not begun to answer', false],
  ['is in the middle of its answer', true],
] as const)
  test(`a client that leaves ends the request to a backend that ${what}`, async (t) => {
    const usA = await startReplica(t, US_A);
    const gateway = await gatewayOver(t, [usA], { refresh_interval: '1h', 'query.endpoint_timeout': '1m' });
    const asked = Promise.withResolvers<ServerResponse>();
    usA.fault.read = (_, response) => {
      asked.resolve(response);
      if (!begin) return;
      response.writeHead(200, { 'content-type': STREAMED_TYPE });
      response.write(framesOf(US_A).subarray(0, 50));
    };

    const client = new AbortController();
    const answer = fetch(`${gateway}/api/v1/query?query=m&time=${NOW / 1000}`, { signal: client.signal });
    const closed = once(await asked.promise, 'close', { signal: AbortSignal.timeout(20_000) });
    client.abort();
    await assert.rejects(answer, { name: 'AbortError' });
    await closed;
    assert.equal((await fetch(`${gateway}/-/ready`)).status, 200);
  });
