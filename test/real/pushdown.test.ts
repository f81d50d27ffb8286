import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import { startMetricsTarget, type MetricsTarget } from '../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

const SERIES = 20;
const QUERIES = [
  'sum by (cluster, code) (rate(work_total[5s]))',
  'avg without (i) (work_total)',
  'max by (cluster) (work_total * 2 > 10)',
  'count(work_total offset 1s)',
  'sum by (kind) (label_replace(rate(work_total[5s]), "kind", "c$1", "code", "(.*)"))',
];

/** Servers before 3.0 close their windows on both sides, so nothing may be asked of them. */
describe('parts of aggregations over real Prometheus servers', () => {
  let target: MetricsTarget;
  let scrapes = 0;
  const servers: PrometheusServer[] = [];
  let gateway: RunningGateway;
  let isNew = false;

  const start = async (cluster: string, replica: string): Promise<void> => {
    const config = `
global: { scrape_interval: 1s, external_labels: { cluster: ${cluster}, __replica__: ${replica} } }
scrape_configs:
- job_name: work
  static_configs: [ { targets: [ '${target.address}' ] } ]
`;
    servers.push(await startPrometheus({ config }));
  };

  async function pushes(outcome: string, { url }: RunningGateway = gateway): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text
      .split('\n')
      .find((each) => each.startsWith('promweave_pushdown_total{') && each.includes(`"${outcome}"`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  before(async () => {
    target = await startMetricsTarget(() => {
      scrapes++;
      return Array.from(
        { length: SERIES },
        (_, i) => `work_total{i="${i}",code="${i % 3}"} ${scrapes * (i + 1)}\n`,
      ).join('');
    });
    await Promise.all([start('one', 'a'), start('one', 'b'), start('two', 'a')]);
    const { data } = await callApi<{ readonly version: string }>(servers[0]!.url, 'status/buildinfo', {});
    isNew = Number(data.version.split('.')[0]) >= 3;
    gateway = await startTestGateway(
      servers.map(({ url }) => url),
      { 'query.pushdown': 'auto' },
    );
  });

  after(async () => {
    await gateway?.close(0);
    await Promise.all(servers.map(async (server) => server.stop()));
    await target?.stop();
  });

  test('answers are those of the samples, and only servers since 3.0 are asked', async () => {
    await until('there is some past', 60_000, async () => {
      const { data } = await queryInstant(gateway.url, 'min(count_over_time(work_total[30s]))');
      return Number(data.result[0]?.value[1] ?? 0) > 12;
    });
    const wanted = isNew ? 'pushed' : 'server';
    await until(`parts are ${wanted}`, 60_000, async () => {
      await queryInstant(gateway.url, QUERIES[0]!);
      // Both replicas of one shard have to be read before one of them may speak.
      return (await pushes(wanted)) >= (isNew ? 8 : 4);
    });
    await compareAll(gateway);
    assert.equal((await pushes('pushed')) > 0, isNew);
  });

  test('a gateway lets one below it compute, whatever servers that has', async (t) => {
    const above = await startTestGateway([gateway.grpcAddress], { 'query.pushdown': 'auto' });
    t.after(() => above.close(0));
    await compareAll(above);
    assert.equal(await pushes('pushed', above), QUERIES.length);
  });

  /** Compares the answers of parts with those of samples. */
  async function compareAll({ url }: RunningGateway): Promise<void> {
    const time = String(Math.floor(Date.now() / 1000) - 4);
    for (const query of QUERIES) {
      const ask = async (pushdown: string): Promise<ReadonlyMap<string, number>> => {
        const { data, warnings } = await queryInstant(url, query, { time, pushdown });
        assert.equal(warnings, undefined, query);
        return new Map(data.result.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]));
      };
      const [parts, samples] = [await ask('auto'), await ask('off')];
      assert.deepEqual([...parts.keys()].sort(), [...samples.keys()].sort(), query);
      assert.ok(parts.size > 0, query);
      for (const [labels, value] of parts) {
        const expected = samples.get(labels)!;
        assert.ok(
          Math.abs(value - expected) <= 1e-12 * Math.abs(expected),
          `${query} ${labels}: ${value} and ${expected}`,
        );
      }
    }
  }
});
