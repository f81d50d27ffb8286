import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { startVictoriaMetrics, type VictoriaMetrics } from '../support/victoria-metrics.ts';

/** Of today: without a range VictoriaMetrics lists the series of the last days. */
const NOW = Math.floor(Date.now() / 1000);
const AGES = [60, 45, 30, 15, 0];
const EXTERNAL = { cluster: 'vm', __replica__: 'a' };

function samples(): string {
  const lines = AGES.flatMap((age, i) => [
    `up{job="a"} 1 ${NOW - age}000`,
    `requests_total{job="a"} ${i * 30} ${NOW - age}000`,
  ]);
  return `${lines.join('\n')}\n`;
}

describe('a real VictoriaMetrics, which answers 400 to calls that it does not know', () => {
  let server: VictoriaMetrics;
  let gateway: RunningGateway;

  before(async () => {
    server = await startVictoriaMetrics(samples());
    gateway = await startTestGateway([], {
      endpoints: [{ address: server.url, external_labels: EXTERNAL }],
    });
  });

  after(async () => {
    await gateway?.close(0);
    await server?.stop();
  });

  it('is recognised, and read by export without a remark', async () => {
    const { data, warnings, infos } = await queryInstant(gateway.url, 'up', { time: NOW });
    assert.deepEqual(data.result, [
      { metric: { __name__: 'up', cluster: 'vm', job: 'a' }, value: [NOW, '1'] },
    ]);
    assert.deepEqual([warnings, infos], [undefined, undefined]);
    const stores = await callApi<Readonly<Record<string, readonly { readonly protocol: string }[]>>>(
      gateway.url,
      'stores',
    );
    assert.deepEqual(
      Object.entries(stores.data).map(([kind, [store]]) => [kind, store!.protocol]),
      [['victoria-metrics', 'export']],
    );
  });

  it('gives every sample of a range', async () => {
    const { data } = await queryInstant(gateway.url, 'up[70s]', { time: NOW });
    const [series] = data.result as unknown as readonly {
      readonly values: readonly (readonly unknown[])[];
    }[];
    assert.deepEqual(
      series!.values,
      AGES.map((age) => [NOW - age, '1']),
    );
    const increase = await queryInstant(gateway.url, 'increase(requests_total[1m])', { time: NOW });
    assert.equal(increase.data.result[0]!.value[1], '120');
  });

  it('lists series, labels and values with a range and without one', async () => {
    const labels = { cluster: 'vm', job: 'a' };
    for (const range of [{}, { start: NOW - 60, end: NOW }]) {
      const series = await callApi(gateway.url, 'series', { 'match[]': '{job="a"}', ...range });
      assert.deepEqual(series.data, [
        { __name__: 'requests_total', ...labels },
        { __name__: 'up', ...labels },
      ]);
      assert.equal(series.warnings, undefined);
      const names = await callApi(gateway.url, 'labels', range);
      assert.deepEqual(names.data, ['__name__', 'cluster', 'job']);
      const values = await callApi(gateway.url, 'label/job/values', range);
      assert.deepEqual(values.data, ['a']);
    }
  });

  it('misses nothing in calls that it has only in part or not at all', async () => {
    const calls = ['rules', 'alerts', 'targets', 'targets/metadata', 'metadata', 'status/tsdb'];
    for (const call of calls) {
      const { status, warnings } = await callApi(gateway.url, call);
      assert.deepEqual([call, status, warnings], [call, 'success', undefined]);
    }
    const exemplars = await callApi(gateway.url, 'query_exemplars', { query: 'up' });
    assert.deepEqual([exemplars.data, exemplars.warnings], [[], undefined]);
    const { data } = await callApi<{ readonly headStats: { readonly numSeries: number } }>(
      gateway.url,
      'status/tsdb',
    );
    assert.equal(data.headStats.numSeries, 2);
  });

  it('gives its samples to a gateway above, also where that asks without bounds', async (t) => {
    const above = await startTestGateway([gateway.grpcAddress]);
    t.after(() => above.close(0));
    const { data, warnings } = await queryInstant(above.url, 'up', { time: NOW });
    assert.equal(data.result.length, 1);
    assert.equal(warnings, undefined);
    const series = await callApi(above.url, 'series', { 'match[]': 'up' });
    assert.deepEqual(series.data, [{ __name__: 'up', cluster: 'vm', job: 'a' }]);
  });
});
