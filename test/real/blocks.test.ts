import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { callApi, type MatrixData } from '../support/api-client.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { createBlocks, type TsdbBlocks } from '../support/tsdb-blocks.ts';

/** A whole day in the past, in seconds: blocks are loaded, nothing is scraped. */
const START = Date.UTC(2026, 9, 1) / 1000;
const INTERVAL = 15;
const SCRAPES = 480;
const SERIES = 5;
const SKEW: Readonly<Record<string, number>> = { a: 0, b: 4.321 };

/** Half-open ranges of scrape numbers that a replica lacks; together they have everything. */
const GAPS: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>> = {
  a: [
    [40, 80],
    [200, 201],
    [300, 312],
  ],
  b: [
    [100, 160],
    [250, 251],
  ],
};

function truth(series: number, time: number): number {
  return Math.floor((time - START) * (1 + series) * 3.7) + series;
}

/** What replica `name` holds of a series: [time in s, value] a scrape. */
function scrapesOf(name: string, series: number): readonly (readonly [time: number, value: number])[] {
  const numbers = Array.from({ length: SCRAPES }, (_, i) => i);
  const held = numbers.filter((i) => !GAPS[name]!.some(([from, to]) => i >= from && i < to));
  return held.map((i) => {
    const time = START + i * INTERVAL + SKEW[name]!;
    return [time, truth(series, time)] as const;
  });
}

function openMetrics(name: string): string {
  const lines = Array.from({ length: SERIES }, (_, series) =>
    scrapesOf(name, series).map(
      ([time, value]) => `work_total{job="blocks",series="${series}"} ${value} ${time}`,
    ),
  );
  return `# TYPE work counter\n${lines.flat().join('\n')}\n# EOF\n`;
}

describe('two real Prometheus servers with blocks that lack known stretches', () => {
  let blocks: readonly TsdbBlocks[] = [];
  let servers: readonly PrometheusServer[] = [];
  let gateway: RunningGateway;

  before(async () => {
    blocks = await Promise.all(['a', 'b'].map(async (name) => createBlocks(openMetrics(name))));
    servers = await Promise.all(
      ['a', 'b'].map((name, i) =>
        startPrometheus({
          config: `global: { external_labels: { shard: "0", __replica__: ${name} } }\n`,
          dataDir: blocks[i]!.dataDir,
          args: ['--storage.tsdb.retention.time=100y'],
        }),
      ),
    );
    gateway = await startTestGateway(servers.map(({ url }) => url));
  });

  after(async () => {
    await gateway?.close(0);
    await Promise.all(servers.map(async (server) => server.stop()));
    await Promise.all(blocks.map(async (each) => each.remove()));
  });

  /** Every sample of the loaded range, by series. */
  async function samples(
    more: Readonly<Record<string, string | boolean>> = {},
  ): Promise<MatrixData['result']> {
    const range = SCRAPES * INTERVAL + 2 * INTERVAL;
    const query = `work_total[${range}s]`;
    const answer = await callApi<MatrixData>(gateway.url, 'query', {
      query,
      time: START + SCRAPES * INTERVAL,
      ...more,
    });
    assert.equal(answer.status, 'success', answer.error);
    return answer.data.result;
  }

  test('without deduplication every sample of both replicas is there, as it was loaded', async () => {
    const result = await samples({ dedup: false });
    assert.equal(result.length, 2 * SERIES);
    for (const { metric, values } of result) {
      const expected = scrapesOf(metric['__replica__']!, Number(metric['series']));
      assert.deepEqual(
        values.map(([time, value]) => [time, Number(value)]),
        expected,
      );
    }
  });

  test('deduplicated, every sample is one of a replica, and none is invented or doubled', async () => {
    const result = await samples();
    assert.equal(result.length, SERIES);
    for (const { metric, values } of result) {
      const series = Number(metric['series']);
      const real = new Map([...scrapesOf('a', series), ...scrapesOf('b', series)]);
      for (const [time, value] of values)
        assert.equal(Number(value), real.get(time), `series ${series} at ${time}`);
      const gaps = values.slice(1).map(([time], i) => time - values[i]![0]);
      assert.ok(Math.max(...gaps) <= 1.5 * INTERVAL, `a hole of ${Math.max(...gaps)} s`);
      assert.ok(Math.min(...gaps) >= INTERVAL / 2, `two samples ${Math.min(...gaps)} s apart`);
    }
  });

  test('deduplicated, nothing of the truth is missing: one sample for every scrape', async () => {
    const result = await samples();
    assert.equal(result.length, SERIES);
    for (const { values } of result) {
      assert.ok(values.length >= SCRAPES - 8 && values.length <= SCRAPES + 8, `${values.length} samples`);
      assert.ok(values[0]![0] <= START + INTERVAL && values.at(-1)![0] >= START + (SCRAPES - 1) * INTERVAL);
    }
  });

  test('increase over the whole range is that of the truth', async () => {
    const { data } = await callApi<{
      readonly result: readonly { readonly value: readonly [number, string] }[];
    }>(gateway.url, 'query', { query: `sum(increase(work_total[1h]))`, time: START + 5400 });
    const perSecond = Array.from({ length: SERIES }, (_, i) => (1 + i) * 3.7).reduce(
      (sum, rate) => sum + rate,
      0,
    );
    const error = Math.abs(Number(data.result[0]!.value[1]) / (perSecond * 3600) - 1);
    assert.ok(error < 1e-3, `off by ${error}`);
  });
});
