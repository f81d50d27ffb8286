import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import { startMetricsTarget, type MetricsTarget } from '../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

const TARGETS = 6;

/**
 * Hashmod shards as they are often configured: the shard number stands in the replica label. The hash is over names that
 * are always the same, so that the same targets are at each server whatever ports they were given.
 */
describe('two real Prometheus servers that scrape disjoint targets under different __replica__ values', () => {
  let targets: readonly MetricsTarget[] = [];
  let servers: readonly PrometheusServer[] = [];
  let gateway: RunningGateway;

  before(async () => {
    targets = await Promise.all(
      Array.from({ length: TARGETS }, (_, i) => startMetricsTarget(() => `answer ${i}\n`)),
    );
    servers = await Promise.all([0, 1].map((shard) => startPrometheus({ config: configOf(shard, targets) })));
    await until('all targets were scraped', 30_000, async () => {
      const counts = await Promise.all(servers.map(async ({ url }) => queryInstant(url, 'count(answer)')));
      const scraped = counts.map(({ data }) => Number(data.result[0]?.value[1] ?? 0));
      return scraped.reduce((sum, count) => sum + count, 0) === TARGETS;
    });
    gateway = await startTestGateway(servers.map(({ url }) => url));
  });

  after(async () => {
    await gateway?.close(0);
    await Promise.all(servers.map(async (server) => server.stop()));
    await Promise.all(targets.map(async (target) => target.stop()));
  });

  test('both servers really have some of the targets, and no target is at both', async () => {
    const series = await Promise.all(
      servers.map(async ({ url }) =>
        (await queryInstant(url, 'answer')).data.result.map(({ metric }) => metric['instance']),
      ),
    );
    assert.ok(series.every((instances) => instances.length > 0));
    assert.equal(new Set(series.flat()).size, TARGETS);
  });

  test('every series appears once, without the replica label', async () => {
    const { data } = await queryInstant(gateway.url, 'sort(answer)');
    assert.deepEqual(
      data.result.map(({ value }) => value[1]),
      ['0', '1', '2', '3', '4', '5'],
    );
    assert.ok(data.result.every(({ metric }) => !('__replica__' in metric)));
    const series = await callApi<readonly unknown[]>(gateway.url, 'series', { 'match[]': 'answer' });
    assert.equal(series.data.length, TARGETS);
  });

  test('aggregates over the shards are whole', async () => {
    const { data } = await queryInstant(gateway.url, 'sum(answer) + 100 * count(up)');
    assert.equal(data.result[0]!.value[1], String(15 + 100 * TARGETS));
  });

  test('losing one of them is a warning: the other does not have its series', async () => {
    await servers[1]!.stop();
    const { warnings } = await queryInstant(gateway.url, 'count(answer)');
    assert.match((warnings ?? []).join(), new RegExp(servers[1]!.url));
  });
});

function configOf(shard: number, targets: readonly MetricsTarget[]): string {
  return `
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  external_labels: { cluster: test, __replica__: shard-${shard} }
scrape_configs:
  - job_name: node
    static_configs:
${targets.map(({ address }, i) => `      - { targets: ["${address}"], labels: { node: n${i} } }`).join('\n')}
    relabel_configs:
      - { source_labels: [node], modulus: 2, target_label: __tmp_hash, action: hashmod }
      - { source_labels: [__tmp_hash], regex: "${shard}", action: keep }
`;
}
