import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import { sendJson, type FakeHandler, type FakeServer } from '../../support/fake-server.ts';
import { NEVER, backendAt, valueOf } from './support.ts';

const values =
  (...list: readonly string[]): FakeHandler =>
  (_, response) =>
    sendJson(response, { status: 'success', data: list });

async function serverOf(
  t: TestContext,
  byName: Readonly<Record<string, FakeHandler>>,
  labels = '    env: prod\n    __replica__: a',
): Promise<FakeServer> {
  const paths = Object.entries(byName).map(([name, handler]) => [`/api/v1/label/${name}/values`, handler]);
  const server = await startFakePrometheus(
    { '/api/v1/read': streamed(), ...Object.fromEntries(paths) },
    labels,
  );
  t.after(() => server.close());
  return server;
}

test('external labels that series carry themselves with another value are told', async (t) => {
  const server = await serverOf(t, { env: values('dev', 'prod'), __replica__: values() });
  const { ownLabelNames } = valueOf(await backendAt(t, server.url).describe(NEVER));
  assert.deepEqual([...ownLabelNames], ['env']);
  const asked = server.requests.find(({ path }) => path === '/api/v1/label/env/values')!;
  assert.deepEqual([...asked.parameters], [['limit', '2']], 'of all time, and not all values');
});

test('series that carry the same value are none of these', async (t) => {
  const server = await serverOf(t, { env: values('prod'), __replica__: values() });
  assert.equal(valueOf(await backendAt(t, server.url).describe(NEVER)).ownLabelNames.size, 0);
});

test('where the server does not tell, or not wholly, series may carry them', async (t) => {
  const partial: FakeHandler = (_, response) =>
    sendJson(response, { status: 'success', data: [], isPartial: true });
  const refused: FakeHandler = (_, response) => sendJson(response, { status: 'error', error: 'no' }, 500);
  const server = await serverOf(
    t,
    { env: partial, zone: refused, tier: values() },
    '    env: prod\n    zone: x\n    tier: y\n    __replica__: a',
  );
  const { ownLabelNames } = valueOf(await backendAt(t, server.url).describe(NEVER));
  assert.deepEqual([...ownLabelNames].sort(), ['__replica__', 'env', 'zone']);
});

test('configured labels stand in the place of those of series, so nothing is asked', async (t) => {
  const server = await serverOf(t, { env: values('dev') });
  const externalLabels = labelsFromRecord({ env: 'prod' });
  const { ownLabelNames } = valueOf(await backendAt(t, server.url, { externalLabels }).describe(NEVER));
  assert.equal(ownLabelNames.size, 0);
  assert.ok(!server.requests.some(({ path }) => path.startsWith('/api/v1/label/')));
});

test('a server with very many external labels is asked about some, and may carry the others', async (t) => {
  const names = Array.from({ length: 40 }, (_, i) => `l${String(i).padStart(2, '0')}`);
  const server = await serverOf(
    t,
    Object.fromEntries(names.map((name) => [name, values()])),
    names.map((name) => `    ${name}: x`).join('\n'),
  );
  const { ownLabelNames } = valueOf(await backendAt(t, server.url).describe(NEVER));
  assert.deepEqual([...ownLabelNames], names.slice(32));
});

test('a server that goes away before it told them all has not told what it is', async (t) => {
  const gone: FakeHandler = (_, response) => {
    response.socket?.destroy();
  };
  const server = await serverOf(t, { env: gone, __replica__: gone });
  const described = await backendAt(t, server.url).describe(NEVER);
  assert.ok(!described.ok);
  assert.match(described.failure.reason, /closed before an answer came/);
});
