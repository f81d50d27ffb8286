import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { gatewayOver, startGrpc, type RunningGrpc } from '../grpc/support.ts';
import { memoryEndpoint } from '../select/support.ts';
import { callApi, queryRange, type ApiAnswer, type MatrixData } from '../support/api-client.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { startMemoryPrometheus } from '../support/memory-prometheus.ts';
import { memoryServer } from '../support/memory-server.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { createBlocks, type TsdbBlocks } from '../support/tsdb-blocks.ts';
import { GRID } from '../truth/measure.ts';
import { openMetrics } from '../truth/open-metrics.ts';
import { seriesOf } from '../truth/replica-series.ts';
import { workload, type WatchedSeries } from '../truth/workload.ts';

const SIZE = { targets: 4, countersPerTarget: 2, gaugesPerTarget: 1, histogramsPerTarget: 1 };
const EU = [...workload(1, SIZE)];
const US = [...workload(2, SIZE)];
const REPLICAS = ['a', 'b'] as const;
/** In s, as the API wants it. */
const TIMES = {
  start: GRID.start / 1000,
  end: (GRID.start + (GRID.count - 1) * GRID.step) / 1000,
  step: 60,
};

const QUERIES: readonly (readonly [query: string, dedup: boolean])[] = [
  ['sum by (cluster, job) (rate(http_requests_total[5m]))', true],
  ['sum by (cluster) (resets(http_requests_total[10m]))', true],
  ['count by (cluster) (up)', true],
  ['node_memory_usage_bytes offset 10m', true],
  ['histogram_quantile(0.9, sum by (cluster, le) (rate(http_request_duration_seconds_bucket[5m])))', true],
  [
    'sum by (job) (count_over_time(up{cluster="eu"}[5m])) / sum by (job) (count_over_time(up{cluster="us"}[5m]))',
    true,
  ],
  ['count by (cluster, __replica__) (up)', false],
  ['sum by (cluster) (count_over_time(up[5m]))', false],
];

const external = (cluster: string, replica: string) => ({ __replica__: replica, cluster });

function inMemory(cluster: string, replica: 'a' | 'b', all: readonly WatchedSeries[]): Endpoint {
  const labels = external(cluster, replica);
  return memoryEndpoint(`${cluster}-${replica}`, labels, seriesOf(replica, all), { timeoutMs: 60_000 });
}

/**
 * One pair is a real Prometheus beside a store, the other is behind another gateway, which reads it remotely. A third
 * gateway above reads all of that over gRPC.
 */
describe('a gateway over a Prometheus, a store and another gateway', () => {
  let blocks: TsdbBlocks;
  let prometheus: PrometheusServer;
  let store: RunningGrpc;
  let pair: readonly FakeServer[] = [];
  let other: RunningGateway;
  let mixed: RunningGateway;
  let above: RunningGateway;
  const expected = memoryServer(
    REPLICAS.flatMap((replica) => [inMemory('eu', replica, EU), inMemory('us', replica, US)]),
  );

  before(async () => {
    blocks = await createBlocks(openMetrics('a', EU));
    prometheus = await startPrometheus({
      config: `global: { external_labels: { cluster: eu, __replica__: a } }\n`,
      dataDir: blocks.dataDir,
      args: ['--storage.tsdb.retention.time=100y'],
    });
    store = await startGrpc(gatewayOver([inMemory('eu', 'b', EU)]));
    pair = await Promise.all(
      REPLICAS.map(async (replica) => startMemoryPrometheus(external('us', replica), seriesOf(replica, US))),
    );
    other = await startTestGateway(pair.map(({ url }) => url));
    mixed = await startTestGateway([prometheus.url, store.address, other.grpcAddress]);
    above = await startTestGateway([mixed.grpcAddress]);
  });

  after(async () => {
    await above?.close(0);
    await mixed?.close(0);
    await other?.close(0);
    await Promise.all(pair.map(async (server) => server.close()));
    await store?.close();
    await expected.close();
    await prometheus?.stop();
    await blocks?.remove();
  });

  async function expectedAnswer(path: string, query: Readonly<Record<string, string>>) {
    const answer = await expected.inject({ url: `/api/v1/${path}`, query });
    return answer.json<ApiAnswer<MatrixData>>();
  }

  for (const [query, dedup] of QUERIES)
    it(`answers ${query} as one over all of them in memory${dedup ? '' : ', not deduplicated'}`, async () => {
      const parameters = { ...TIMES, dedup };
      const texts = Object.entries({ query, ...parameters }).map(([name, value]) => [name, String(value)]);
      const wanted = await expectedAnswer('query_range', Object.fromEntries(texts));
      assert.ok(wanted.data.result.length > 1);
      for (const { url } of [mixed, above]) {
        const answer = await queryRange(url, query, parameters);
        assert.equal(answer.error, undefined);
        assert.equal(answer.warnings, undefined);
        assert.deepEqual(answer.data, wanted.data);
      }
    });

  it('lists the series of all', async () => {
    const query = { start: String(TIMES.start), end: String(TIMES.end), 'match[]': 'up' };
    const wanted = await expectedAnswer('series', query);
    for (const { url } of [mixed, above]) {
      const answer = await callApi<readonly unknown[]>(url, 'series', query);
      assert.equal(answer.warnings, undefined);
      assert.equal(answer.data.length, 2 * SIZE.targets);
      assert.deepEqual(answer.data, wanted.data);
    }
  });
});
