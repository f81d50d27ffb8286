import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { request } from 'undici';
import { startFakePrometheus, streamed } from '../support/fake-prometheus.ts';
import { followReadiness } from '../support/following-client.ts';
import { gatewayPlace, isReady, readiness, startServeAt } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

const QUERY = '/api/v1/query?query=up';

/** A server that answers samples once the promise that it is given is there. */
async function prometheus(
  t: TestContext,
  released = (): Promise<void> => Promise.resolve(),
): Promise<string> {
  const answer = streamed();
  const server = await startFakePrometheus({
    '/api/v1/read': async (asked, response) => {
      await released();
      await answer(asked, response);
    },
  });
  t.after(() => server.close());
  return server.url;
}

test('two gateways are replaced one after the other, and clients that follow their readiness lose nothing', async (t) => {
  const args = [`--endpoint=${await prometheus(t)}`, '--http-shutdown-delay=1s', '--query.threads=0'];
  const places = [await gatewayPlace(), await gatewayPlace()];
  const gateways = await Promise.all(places.map((place) => startServeAt(t, place, args)));
  for (const { url } of places) await until(`${url} is ready`, 60_000, () => isReady(url));
  const stop = followReadiness(
    places.map(({ url }) => url),
    QUERY,
    4,
  );
  for (let turn = 0; turn < 4; turn++) {
    const i = turn % 2;
    const { url } = places[i]!;
    assert.equal(await gateways[i]!.stop('SIGTERM'), 0, gateways[i]!.output());
    gateways[i] = await startServeAt(t, places[i]!, args);
    await until(`${url} is ready again`, 60_000, () => isReady(url));
  }
  const { answered, failures } = await stop();
  assert.deepEqual(failures, []);
  assert.ok(answered > 100, `${answered} were answered`);
});

test('a gateway that is to stop is not ready, answers what comes, lets a long query end, and ends well', async (t) => {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  let released = Promise.resolve();
  const place = await gatewayPlace();
  const { url } = place;
  const gateway = await startServeAt(t, place, [
    `--endpoint=${await prometheus(t, () => released)}`,
    '--http-shutdown-delay=1s',
    '--web.enable-lifecycle',
  ]);
  await until('it is ready', 60_000, () => isReady(url));
  released = promise;
  const long = request(url + QUERY);
  const exited = once(gateway.child, 'exit');
  const quit = await request(`${url}/-/quit`, { method: 'POST' });
  assert.equal(await quit.body.text(), 'promweave stops now.\n');
  assert.deepEqual(await readiness(url), [503, 'promweave is not ready: it is stopping.\n']);
  const alive = await request(`${url}/-/healthy`);
  await alive.body.text();
  assert.deepEqual([alive.statusCode, alive.headers['connection']], [200, 'close']);
  // As an orchestrator sends it behind the hook that asks for the end: it is the first signal.
  gateway.child.kill('SIGTERM');
  await until('nobody listens any more', 10_000, async () => (await readiness(url))[0] === 0);
  assert.equal(gateway.child.exitCode, null, 'the long query goes on');
  release();
  const { statusCode, headers, body } = await long;
  await body.text();
  assert.deepEqual([statusCode, headers['connection']], [200, 'close']);
  assert.deepEqual(await exited, [0, null]);
});

test('a second signal ends a gateway at once', async (t) => {
  const place = await gatewayPlace();
  const gateway = await startServeAt(t, place, [
    `--endpoint=${await prometheus(t)}`,
    '--http-shutdown-delay=1h',
  ]);
  await until('it is ready', 60_000, () => isReady(place.url));
  const exited = once(gateway.child, 'exit');
  gateway.child.kill('SIGTERM');
  await until('it stops', 10_000, async () => !(await isReady(place.url)));
  gateway.child.kill('SIGTERM');
  assert.deepEqual(await exited, [130, null]);
});
