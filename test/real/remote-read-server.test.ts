import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import { callApi, queryRange } from '../support/api-client.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { exponential } from '../support/histograms.ts';
import { startMemoryPrometheus } from '../support/memory-prometheus.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { untilEndpointsUp } from '../support/serve-process.ts';

const START = 1_700_000_000_000;
const INTERVAL = 15_000;
const SAMPLES = 500;
const RANGE = { start: START / 1000, end: (START + SAMPLES * INTERVAL) / 1000, step: 60 };

/** Replica a misses each fifth hundred of samples, replica b some others. */
function isMissing(replica: string, i: number): boolean {
  return replica === 'a' ? i % 100 > 80 : i % 130 < 10;
}

function seriesOf(
  replica: string,
  labels: Readonly<Record<string, string>>,
  valueAt: (i: number) => number | FloatHistogram,
): RawSeries {
  const buffer = new SampleBuffer();
  for (let i = 0; i < SAMPLES; i++) {
    if (isMissing(replica, i)) continue;
    const t = START + i * INTERVAL + (replica === 'a' ? 0 : 3000);
    const value = valueAt(i);
    if (typeof value === 'number') buffer.push(t, value);
    else buffer.pushHistogram(t, value);
  }
  return { labels: labelsFromRecord(labels), data: { kind: 'columns', columns: copyColumns(buffer) } };
}

function heldBy(replica: string): readonly RawSeries[] {
  return [
    seriesOf(replica, { __name__: 'm_total', job: 'x', path: 'ä "/"' }, (i) => i * 3),
    seriesOf(replica, { __name__: 'm_total', job: 'y' }, (i) => (i % 100) * 7.25),
    seriesOf(replica, { __name__: 'm_odd', job: 'x' }, (i) => [NaN, Infinity, -0, 1e-300][i % 4]!),
    seriesOf(replica, { __name__: 'm_ended', job: 'x' }, (i) => (i === 300 ? STALE_NAN : i)),
    seriesOf(replica, { __name__: 'native', job: 'h' }, (i) =>
      exponential({ schema: 1, zeroCount: i, zeroThreshold: 0.001, sum: i, positive: { 0: 2 * i, 3: i } }),
    ),
  ];
}

/** Of which version 2.42 and this engine think the same. */
const QUERIES: readonly string[] = [
  'm_total',
  'sum by (job) (m_total)',
  'm_odd',
  'm_ended',
  'm_total{cluster="eu"} - ignoring(x) m_total{job=~"x|z"}',
  'count({__name__=~"m_.*",cluster!="us"})',
  'max_over_time(m_total[299999ms])',
];

const SINCE_3: readonly string[] = [
  'sum by (job) (rate(m_total[5m]))',
  'histogram_quantile(0.9, rate(native[5m]))',
  'native',
];

describe('what reads the gateway as a Prometheus', () => {
  const sources: FakeServer[] = [];
  let gateway: RunningGateway;
  let reader: PrometheusServer;
  let above: RunningGateway;

  before(async () => {
    for (const __replica__ of ['a', 'b'])
      sources.push(await startMemoryPrometheus({ cluster: 'eu', __replica__ }, heldBy(__replica__)));
    gateway = await startTestGateway(sources.map(({ url }) => url));
    await untilEndpointsUp(gateway.url, 2);
    const config = `remote_read: [{ url: '${gateway.url}/api/v1/read', read_recent: true }]\n`;
    reader = await startPrometheus({ config });
    above = await startTestGateway([gateway.url]);
    await untilEndpointsUp(above.url, 1);
  });

  after(async () => {
    await above?.close(0);
    await reader?.stop();
    await gateway?.close(0);
    for (const source of sources) await source.close();
  });

  async function sameAs(other: string, query: string): Promise<void> {
    const [expected, found] = await Promise.all(
      [gateway.url, other].map(async (url) => queryRange(url, query, RANGE)),
    );
    assert.ok(expected!.data.result.length > 0);
    assert.deepEqual(found!.data, expected!.data);
  }

  for (const query of QUERIES)
    it(`a real one answers ${query} as that does`, () => sameAs(reader.url, query));

  for (const query of [...QUERIES, ...SINCE_3])
    it(`a second gateway answers ${query} as that does`, () => sameAs(above.url, query));

  it('a real one lists the series that it has', async () => {
    const { data } = await callApi<readonly Readonly<Record<string, string>>[]>(reader.url, 'series', {
      'match[]': '{job="x"}',
      ...RANGE,
    });
    assert.deepEqual(
      data.map(({ __name__ }) => __name__),
      ['m_ended', 'm_odd', 'm_total'],
    );
  });

  it('where the gateway lacks a shard, a real one fails, and a second gateway says what is missing', async (t) => {
    const alone = await startMemoryPrometheus({ cluster: 'us', __replica__: 'a' }, heldBy('a'));
    const lacking = await startTestGateway(
      [...sources, alone].map(({ url }) => url),
      { refresh_interval: '1h' },
    );
    t.after(() => lacking.close(0));
    await untilEndpointsUp(lacking.url, 3);
    await alone.close();
    const [other, second] = await Promise.all([
      startPrometheus({
        config: `remote_read: [{ url: '${lacking.url}/api/v1/read', read_recent: true }]\n`,
      }),
      startTestGateway([lacking.url]),
    ]);
    t.after(async () => Promise.all([other.stop(), second.close(0)]));
    const refused = JSON.stringify(await queryRange(other.url, 'm_total', RANGE));
    assert.match(refused, /503/);
    assert.match(refused, /shard \{cluster=.+us.+\} is missing/);
    await untilEndpointsUp(second.url, 1);
    const { data, warnings = [] } = await queryRange(second.url, 'm_total', RANGE);
    assert.equal(data.result.length, 2);
    assert.match(warnings.join('\n'), /shard \{cluster="us"\} is missing/);
  });
});
