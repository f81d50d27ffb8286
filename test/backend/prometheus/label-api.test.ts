import assert from 'node:assert/strict';
import { test } from 'node:test';

import { labelsFromRecord } from '../../../src/model/labels.ts';
import { startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import type { FakePaths } from '../../support/fake-prometheus.ts';
import { sendJson } from '../../support/fake-server.ts';
import { NEVER, backendAt, valueOf } from './support.ts';
import { scopeWith, told } from '../../support/scopes.ts';

const ALL = { matcherSets: [], minTime: 1_500, maxTime: 2_000, limit: 0 };

async function start(t: Parameters<typeof backendAt>[0], paths: FakePaths) {
  const server = await startFakePrometheus({ '/api/v1/read': streamed(), ...paths }, '    cluster: eu');
  t.after(() => server.close());
  const backend = backendAt(t, server.url);
  valueOf(await backend.describe(NEVER));
  return { server, backend };
}

function data(items: unknown, more: object = {}): FakePaths[string] {
  return (_, response) => sendJson(response, { status: 'success', data: items, ...more });
}

test('series get the external labels, and a selector where none is given', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/series': data([{ __name__: 'up', job: 'a' }]) });
  const { items } = valueOf(await backend.series(scopeWith(), ALL));
  assert.deepEqual(items, [labelsFromRecord({ __name__: 'up', cluster: 'eu', job: 'a' })]);
  const { parameters } = server.requests.at(-1)!;
  assert.deepEqual(parameters.getAll('match[]'), ['{__name__=~".+"}']);
  assert.equal(parameters.get('start'), '1.500');
});

test('a label of the series itself wins over the external one', async (t) => {
  const { backend } = await start(t, { '/api/v1/series': data([{ cluster: 'own' }]) });
  assert.deepEqual(valueOf(await backend.series(scopeWith(), ALL)).items, [
    labelsFromRecord({ cluster: 'own' }),
  ]);
});

test('long selectors go as a form', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/series': data([]) });
  const value = 'x'.repeat(5000);
  await backend.series(scopeWith(), { ...ALL, matcherSets: [[{ kind: '=', name: 'a', value }]] });
  const { method, parameters } = server.requests.at(-1)!;
  assert.equal(method, 'POST');
  assert.equal(parameters.get('match[]'), `{a="${value}"}`);
});

test('label names include the external ones, and warnings are passed on', async (t) => {
  const { backend } = await start(t, {
    '/api/v1/labels': data(['__name__', 'job'], { warnings: ['w'], infos: ['i'] }),
  });
  const { items, annotations } = valueOf(await backend.labelNames(scopeWith(), { ...ALL, limit: 5 }));
  assert.deepEqual(items, ['__name__', 'job', 'cluster']);
  assert.deepEqual(told(annotations), [
    { severity: 'warning', message: 'w' },
    { severity: 'info', message: 'i' },
  ]);
});

test('values of an external label: its own, where any series matches', async (t) => {
  const paths = { '/api/v1/label/cluster/values': data([]), '/api/v1/labels': data(['__name__']) };
  const { backend } = await start(t, paths);
  assert.deepEqual(valueOf(await backend.labelValues(scopeWith(), 'cluster', ALL)).items, ['eu']);
});

test('values of an external label: none where no series matches', async (t) => {
  const paths = { '/api/v1/label/cluster/values': data([]), '/api/v1/labels': data([]) };
  const { backend } = await start(t, paths);
  assert.deepEqual(valueOf(await backend.labelValues(scopeWith(), 'cluster', ALL)).items, []);
});

test('a label name outside of the classic character set is escaped in the path', async (t) => {
  const { server, backend } = await start(t, {
    '/api/v1/label/U__http_2e_status__code/values': data(['200']),
  });
  assert.deepEqual(valueOf(await backend.labelValues(scopeWith(), 'http.status_code', ALL)).items, ['200']);
  assert.equal(server.requests.at(-1)!.path, '/api/v1/label/U__http_2e_status__code/values');
});

test('values of a configured label: it alone, since it stands in the place of what the series have', async (t) => {
  const { server } = await start(t, {
    '/api/v1/label/cluster/values': data(['own']),
    '/api/v1/labels': data(['__name__']),
  });
  const configured = backendAt(t, server.url, { externalLabels: labelsFromRecord({ cluster: 'us' }) });
  assert.deepEqual(valueOf(await configured.labelValues(scopeWith(), 'cluster', ALL)).items, ['us']);
});
