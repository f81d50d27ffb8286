import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigStatus } from '../../../src/model/config-status.ts';
import { NOW, serverOver } from '../support.ts';

async function notificationsAt(status: ConfigStatus): Promise<unknown> {
  const info = {
    version: '',
    revision: '',
    startTime: NOW,
    flags: () => ({}),
    yaml: () => '',
    config: () => status,
  };
  const { body } = await serverOver({}, { info }).inject('/api/v1/notifications');
  return (JSON.parse(body) as { readonly data: unknown }).data;
}

test('there is nothing to tell while the newest configuration is in force', async () => {
  const status = { generation: 2, isLastReloadSuccessful: true, failedAt: NOW, loadedAt: NOW };
  assert.deepEqual(await notificationsAt(status), []);
});

test('a configuration that cannot be used is told of, with the time', async () => {
  const status = { generation: 2, isLastReloadSuccessful: false, failedAt: NOW, loadedAt: 0 };
  assert.deepEqual(await notificationsAt(status), [
    {
      text: 'Configuration reload has failed. The former one stays in force; the log says what is wrong.',
      date: '2026-11-23T00:09:21.907Z',
      active: true,
    },
  ]);
});

test('instead of a stream of them there is nothing, after which Prometheus’ page asks for the list', async () => {
  const { statusCode, body } = await serverOver({}).inject('/api/v1/notifications/live');
  assert.deepEqual([statusCode, body], [204, '']);
});
