import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listsOf, serverOver } from '../support.ts';

test('Alertmanagers are listed by URL', async () => {
  const lists = listsOf({
    alertmanagers: async () => ({ active: ['http://a/"x"'], dropped: ['http://b'], annotations: [] }),
  });
  const { body } = await serverOver({ lists }).inject('/api/v1/alertmanagers');
  assert.equal(
    body,
    '{"status":"success","data":{"activeAlertmanagers":[{"url":"http://a/\\"x\\""}],' +
      '"droppedAlertmanagers":[{"url":"http://b"}]}}',
  );
});
