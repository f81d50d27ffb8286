import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import type { SampleSeries } from '../support/differential/sample-series.ts';
import { startInfluxDb, type InfluxDb } from '../support/influxdb.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { columnsOf } from '../select/support.ts';

const NOW = Math.floor(Date.now() / 1000);
const AGES = [60, 45, 30, 15, 0];

function series(labels: Readonly<Record<string, string>>, value: (i: number) => number): SampleSeries {
  const samples = AGES.map((age, i) => [1000 * (NOW - age), value(i)] as const);
  return { labels: labelsFromRecord(labels), columns: columnsOf(samples) };
}

const ODD = { job: 'a', path: 'x,y=z w', quote: 'q"\\' };

describe('a real InfluxDB, which has remote read alone', () => {
  let server: InfluxDb;
  let gateway: RunningGateway;

  before(async () => {
    server = await startInfluxDb([
      series({ __name__: 'up', job: 'a' }, () => 1),
      series({ __name__: 'up', job: 'ab' }, () => 1),
      series({ __name__: 'm', ...ODD }, (i) => i / 3),
    ]);
    gateway = await startTestGateway([], {
      endpoints: [
        { address: server.url, parameters: { db: server.database }, external_labels: { cluster: 'influx' } },
      ],
    });
  });

  after(async () => {
    await gateway?.close(0);
    await server?.stop();
  });

  /** Patterns of the server are not anchored, and it fails on some of these. */
  for (const [selector, jobs] of [
    ['up', ['a', 'ab']],
    ['up{job="a"}', ['a']],
    ['up{job=~"a"}', ['a']],
    ['up{job=~"b|a"}', ['a']],
    ['up{job!="a"}', ['ab']],
    ['up{job!~"a"}', ['ab']],
    ['up{job!~"x|"}', ['a', 'ab']],
    ['up{job!="",none=""}', ['a', 'ab']],
    ['up{none=~"x|"}', ['a', 'ab']],
    ['{job="ab",none!="x"}', ['ab']],
    ['{__name__!="m",job=~".+",job!="a"}', ['ab']],
    ['{__name__=~"u.",job!="a"}', ['ab']],
    ['up{cluster="influx",job!="ab"}', ['a']],
    ['up{none!=""}', []],
  ] as const)
    it(`selects by ${selector} as Prometheus does`, async () => {
      const { data, warnings, error } = await queryInstant(gateway.url, selector, { time: NOW });
      assert.deepEqual([warnings, error], [undefined, undefined]);
      assert.deepEqual(
        data.result.map(({ metric }) => metric['job']),
        jobs,
      );
    });

  it('gives every sample of a range', async () => {
    const { data } = await queryInstant(gateway.url, 'm[70s]', { time: NOW });
    const [found] = data.result as unknown as readonly { readonly values: unknown }[];
    assert.deepEqual(
      found!.values,
      AGES.map((age, i) => [NOW - age, String(i / 3)]),
    );
  });

  it('lists series, labels and values, and misses no other list', async () => {
    const found = await callApi(gateway.url, 'series', { 'match[]': 'm' });
    assert.deepEqual(found.data, [{ __name__: 'm', cluster: 'influx', ...ODD }]);
    const names = await callApi(gateway.url, 'labels');
    assert.deepEqual(names.data, ['__name__', 'cluster', 'job', 'path', 'quote']);
    const values = await callApi(gateway.url, 'label/job/values', { 'match[]': 'up' });
    assert.deepEqual(values.data, ['a', 'ab']);
    for (const call of ['rules', 'targets', 'metadata', 'status/tsdb']) {
      const { status, warnings } = await callApi(gateway.url, call);
      assert.deepEqual([call, status, warnings], [call, 'success', undefined]);
    }
  });
});
