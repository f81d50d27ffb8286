import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callApi, queryInstant } from '../support/api-client.ts';
import { startPrometheus } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';

test('a real Prometheus in agent mode is named as such, and nothing is missing', async (t) => {
  const agent = await startPrometheus({
    config:
      'global: { external_labels: { cluster: eu } }\nremote_write: [{ url: "http://127.0.0.1:1/write" }]\n',
    storage: 'agent',
    args: ['--enable-feature=agent'],
  });
  t.after(() => agent.stop());
  const gateway = await startTestGateway([agent.url]);
  t.after(() => gateway.close(0));
  const { data, warnings } = await queryInstant(gateway.url, 'up', { time: 0 });
  assert.deepEqual([data.result, warnings], [[], undefined]);
  for (const call of ['rules', 'targets', 'metadata', 'labels', 'status/tsdb']) {
    const answer = await callApi(gateway.url, call);
    assert.deepEqual([call, answer.status, answer.warnings], [call, 'success', undefined]);
  }
  const stores = await callApi<Readonly<Record<string, readonly { readonly protocol: string }[]>>>(
    gateway.url,
    'stores',
  );
  assert.deepEqual(
    Object.entries(stores.data).map(([kind, [store]]) => [kind, store!.protocol]),
    [['prometheus-agent', 'none']],
  );
});
