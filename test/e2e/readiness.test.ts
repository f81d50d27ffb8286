import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { request } from 'undici';
import { startFakePrometheus, streamed } from '../support/fake-prometheus.ts';
import { freePort } from '../support/free-port.ts';
import { gatewayPlace, isReady, readiness, startServeAt } from '../support/serve-process.ts';
import { startMemoryPrometheus } from '../support/memory-prometheus.ts';
import { columnsSeries } from '../select/support.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

async function prometheus(t: TestContext, labels: string, port = 0): Promise<string> {
  const server = await startFakePrometheus({ '/api/v1/read': streamed() }, labels, port);
  t.after(() => server.close());
  return server.url;
}

test('a gateway is not ready before its strict endpoint answered, and says for what it waits', async (t) => {
  const place = await gatewayPlace();
  const port = await freePort();
  const strict = `http://127.0.0.1:${port}`;
  const running = await startServeAt(t, place, [
    `--endpoint=${await prometheus(t, '    shard: a')}`,
    `--endpoint-strict=${strict}`,
    '--refresh-interval=1s',
  ]);
  await until('it says for what it waits', 30_000, async () => {
    const [status, text] = await readiness(place.url);
    return status === 503 && text.includes(`it waits for the strict endpoint ${strict}, which fails`);
  });
  assert.match(running.output(), /the gateway is not ready: it waits for the strict endpoint/);
  await prometheus(t, '    shard: b', port);
  await until('it is ready', 30_000, () => isReady(place.url));
});

test('a gateway that starts while a replica is down answers strict queries, where its configuration says that it is one', async (t) => {
  const now = Date.now();
  const up = columnsSeries(
    { __name__: 'up', instance: 'i', job: 'j' },
    Array.from({ length: 60 }, (_, i): [number, number] => [now + (i - 40) * 15_000, 1]),
  );
  const server = await startMemoryPrometheus({ shard: 'a', __replica__: 'x' }, [up]);
  t.after(() => server.close());
  const ask = async (replication: string): Promise<string> => {
    const down = {
      address: `http://127.0.0.1:${await freePort()}`,
      external_labels: { shard: 'a', __replica__: 'y' },
      replication,
    };
    const gateway = await startTestGateway([], { endpoints: [{ address: server.url }, down] });
    t.after(() => gateway.close(0));
    const { body } = await request(`${gateway.url}/api/v1/query?query=sum(up)&partial_response=false`);
    return body.text();
  };
  assert.match(await ask('redundant'), /"value":\[[\d.]+,"1"\]/);
  // Nothing proves that they scrape the same targets.
  assert.match(await ask('auto'), /"status":"error".*it is not proven that/);
});
