import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import { callApi, queryInstant, type MatrixData } from '../support/api-client.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { custom, exponential } from '../support/histograms.ts';
import { startMemoryPrometheus } from '../support/memory-prometheus.ts';
import { startPrometheus } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { untilEndpointsUp } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

const INTERVAL = 15_000;
const STARTED = Date.now();
const NATIVE = exponential({ schema: 2, zeroCount: 1, sum: 12.5, positive: { 0: 3, 1: 2, 5: 7 } });

type Labels = Readonly<Record<string, string>>;

/** What replicas hold: labels, the newest value, how long ago it was sampled in seconds. */
const HELD: readonly (readonly [labels: Labels, value: number | FloatHistogram, ago: number])[] = [
  [{ __name__: 'm', instance: 'a', path: '\\ " \n é' }, 0.1, 1],
  [{ __name__: 'm', instance: 'b' }, -0, 2],
  [{ __name__: 'm', job: 'without instance' }, 1e-300, 3],
  [{ __name__: 'm', instance: 'inf' }, -Infinity, 4],
  [{ __name__: 'm_total', instance: 'a' }, 12_345_678_901, 5],
  [{ __name__: 'm.dotted', instance: 'a', 'a.b': 'c' }, 7, 6],
  [{ __name__: 'm_ended', instance: 'a' }, STALE_NAN, 7],
  [{ __name__: 'm_old', instance: 'a' }, 8, 400],
  [{ __name__: 'm_native', instance: 'a' }, NATIVE, 8],
  [{ __name__: 'm_custom', instance: 'a' }, custom([1, 2], { 0: 3, 1: 1, 2: 1 }, { sum: 6 }), 9],
];

function seriesOf([labels, value, ago]: (typeof HELD)[number]): RawSeries {
  const buffer = new SampleBuffer();
  for (let i = 20; i >= 0; i--) {
    const t = STARTED - 1000 * ago - i * INTERVAL;
    if (typeof value !== 'number') buffer.pushHistogram(t, value);
    else buffer.push(t, i === 0 ? value : 3);
  }
  return { labels: labelsFromRecord(labels), data: { kind: 'columns', columns: copyColumns(buffer) } };
}

/** What a Prometheus of version 2 is to have of it: labels beside cluster and job, the value, how long ago. */
const SCRAPED: readonly (readonly [labels: Labels, value: string, ago: number])[] = [
  [{ __name__: 'm', instance: 'a', path: '\\ " \n é' }, '0.1', 1],
  [{ __name__: 'm', instance: 'b' }, '-0', 2],
  [{ __name__: 'm', job: 'without instance' }, '1e-300', 3],
  [{ __name__: 'm', instance: 'inf' }, '-Inf', 4],
  [{ __name__: 'm_total', instance: 'a' }, '12345678901', 5],
  [{ __name__: 'm_dotted', instance: 'a', a_b: 'c' }, '7', 6],
  [{ __name__: 'm_custom_bucket', instance: 'a', le: '1.0' }, '3', 9],
  [{ __name__: 'm_custom_bucket', instance: 'a', le: '2.0' }, '4', 9],
  [{ __name__: 'm_custom_bucket', instance: 'a', le: '+Inf' }, '5', 9],
  [{ __name__: 'm_custom_sum', instance: 'a' }, '6', 9],
  [{ __name__: 'm_custom_count', instance: 'a' }, '5', 9],
];

const sources: FakeServer[] = [];
let gateway: RunningGateway;

before(async () => {
  for (const __replica__ of ['a', 'b'])
    sources.push(await startMemoryPrometheus({ cluster: 'eu', __replica__ }, HELD.map(seriesOf)));
  gateway = await startTestGateway(sources.map(({ url }) => url));
  await untilEndpointsUp(gateway.url, 2);
});

after(async () => {
  await gateway?.close(0);
  for (const source of sources) await source.close();
});

/** Runs `use` with the address of a Prometheus that has scraped the gateway. */
async function withScraper(args: readonly string[], use: (url: string) => Promise<void>): Promise<void> {
  const config = `
scrape_configs:
  - job_name: federate
    scrape_interval: 1s
    honor_labels: true
    metrics_path: /federate
    params: { 'match[]': ['{__name__=~"m.*"}', '{job="without instance"}'] }
    static_configs: [{ targets: ['${new URL(gateway.url).host}'] }]
`;
  const server = await startPrometheus({ config, args });
  try {
    await until('the gateway was scraped', 30_000, async () => {
      const { data } = await queryInstant(server.url, 'up');
      return data.result.some(({ value: [, up] }) => up === '1');
    });
    await use(server.url);
  } finally {
    await server.stop();
  }
}

async function samplesOf(url: string, selector: string): Promise<readonly string[]> {
  const query = { query: `${selector}[20m]`, time: STARTED / 1000 };
  const { data } = await callApi<MatrixData>(url, 'query', query);
  return data.result
    .flatMap(({ metric, values }) => values.map(([t, v]) => JSON.stringify([inOrder(metric), v, t])))
    .toSorted();
}

const EXPECTED = SCRAPED.map(([labels, value, ago]) =>
  JSON.stringify([
    inOrder({ cluster: 'eu', job: 'federate', ...labels }),
    value,
    (STARTED - 1000 * ago) / 1000,
  ]),
).toSorted();

function inOrder(labels: Labels): readonly (readonly [string, string])[] {
  return Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe('a real Prometheus that scrapes /federate', () => {
  it('has every value with its own time', async () => {
    await withScraper([], async (url) => {
      assert.deepEqual(await samplesOf(url, '{__name__=~"m.*"}'), EXPECTED);
    });
  });

  it('has native histograms as well, where it scrapes protobuf', async () => {
    await withScraper(['--enable-feature=native-histograms'], async (url) => {
      assert.deepEqual(await samplesOf(url, '{__name__=~"m.*",__name__!="m_native"}'), EXPECTED);
      const time = STARTED / 1000;
      const histogramOf = async (of: string): Promise<unknown> => {
        const { data } = await callApi<{ readonly result: readonly { readonly histogram?: unknown }[] }>(
          of,
          'query',
          {
            query: 'm_native',
            time,
          },
        );
        return data.result.map(({ histogram }) => histogram);
      };
      const scraped = await histogramOf(url);
      assert.deepEqual(scraped, await histogramOf(gateway.url));
      assert.match(JSON.stringify(scraped), /"buckets":\[\[/);
      for (const [call, value] of [
        ['histogram_count(m_native)', '13'],
        ['histogram_sum(m_native)', '12.5'],
        ['histogram_fraction(1, +Inf, m_native) * 13', '9'],
      ] as const) {
        const { data } = await queryInstant(url, call, { time });
        assert.deepEqual(
          data.result.map((each) => each.value[1]),
          [value],
          call,
        );
      }
    });
  });
});

it('promtool reads the text', async () => {
  const answer = await fetch(`${gateway.url}/federate?match[]=${encodeURIComponent('{__name__=~"m.*"}')}`);
  const body = await answer.text();
  assert.match(body, /^# warning: 1 series of native histograms are left out/);
  const child = spawn(process.env['PROMTOOL_BIN'] ?? '/usr/bin/promtool', ['check', 'metrics']);
  child.stdin.end(body);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  // Its remarks on style are about help texts, which a server has none of for metrics of others.
  assert.doesNotMatch(output + errors, /error|invalid|expected/i);
  assert.match(output + errors, /m_total/);
});
