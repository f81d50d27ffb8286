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
import { remoteWrite } from '../support/differential/remote-write.ts';
import { randomQuery } from '../support/differential/random-query.ts';
import {
  DATA_LENGTH,
  DATA_START,
  floatSeries,
  type SampleSeries,
} from '../support/differential/sample-series.ts';
import { PROMETHEUS_2 } from '../support/differential/vocabularies.ts';
import { sampled } from '../support/property.ts';
import { startVictoriaMetrics } from '../support/victoria-metrics.ts';
import { labelsFromRecord, labelValue, mergeLabels } from '../../src/model/labels.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { isStale } from '../../src/model/stale.ts';
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

const RANDOM_QUERIES = 400;
/** Three seconds beside the round minute, as the vocabulary of the queries wants it. */
const FUZZ = { start: DATA_START / 1000 + 3, end: DATA_START / 1000 + 1503, step: 150 };
/** ms; where the servers begin that wrote to a store before. */
const SEAM = DATA_START + DATA_LENGTH / 2;

/** What a store of decimals keeps as it is: whole numbers, and no stale markers. */
function isPlain({ columns: { v } }: SampleSeries): boolean {
  return v.every((value) => isStale(value) || (Number.isSafeInteger(value) && !Object.is(value, -0)));
}

/** The samples that are wanted, shifted by some ms. */
function samplesOf(
  { labels, columns: { t, v, length } }: SampleSeries,
  isWanted: (time: number, value: number) => boolean,
  shift = 0,
): SampleSeries {
  const kept = new SampleBuffer();
  for (let i = 0; i < length; i++) if (isWanted(t[i]!, v[i]!)) kept.push(t[i]! + shift, v[i]!);
  return { labels, columns: copyColumns(kept) };
}

function labelled(series: readonly SampleSeries[], more: Readonly<Record<string, string>>) {
  const added = labelsFromRecord(more);
  return series.map(({ labels, columns }) => ({ labels: mergeLabels(labels, added), columns }));
}

function rawOf(series: readonly SampleSeries[]): readonly RawSeries[] {
  return series.map(({ labels, columns }) => ({ labels, data: { kind: 'columns', columns } }));
}

const FLOATS = floatSeries();
const isOf = (name: string) => (series: SampleSeries) => labelValue(series.labels, 'job') === name;
/** By shard: of a VictoriaMetrics, of a Prometheus, of two that wrote to a store. */
const VM = FLOATS.filter((each) => isOf('api')(each) && isPlain(each)).map((each) =>
  samplesOf(each, (_, value) => !isStale(value)),
);
const WRITTEN_A = FLOATS.filter(isOf('web'));
/** The other replica scrapes later, and missed some minutes. */
const WRITTEN_B = WRITTEN_A.map((each) => samplesOf(each, (t) => t % 1_200_000 > 180_000, 4321));
const PROMETHEUS = FLOATS.filter((each) => !isOf('web')(each) && !(isOf('api')(each) && isPlain(each)));

/**
 * One shard is in a VictoriaMetrics, one in a Prometheus, and the replicas of the third write to a store that does not deduplicate,
 * and have their newer samples themselves.
 */
describe('a gateway over a VictoriaMetrics, a Prometheus, and a store that a pair writes to', () => {
  const running: (() => Promise<unknown>)[] = [];
  const written = { a: WRITTEN_A, b: WRITTEN_B };
  const expected = memoryServer([
    memoryEndpoint('vm', { fleet: 'vm' }, rawOf(VM)),
    memoryEndpoint('prometheus', { fleet: 'prometheus' }, rawOf(PROMETHEUS)),
    ...REPLICAS.map((replica) =>
      memoryEndpoint(`pair-${replica}`, { fleet: 'pair', __replica__: replica }, rawOf(written[replica])),
    ),
  ]);
  let mixed: RunningGateway;

  async function startReceiver(config: string): Promise<PrometheusServer> {
    const args = ['--web.enable-remote-write-receiver', '--storage.tsdb.retention.time=100y'];
    const server = await startPrometheus({ config, args });
    running.push(() => server.stop());
    return server;
  }

  before(async () => {
    const vm = await startVictoriaMetrics('');
    running.push(() => vm.stop());
    await remoteWrite(vm.url, VM);
    // What was sent can be found after this.
    await fetch(`${vm.url}/internal/force_flush`);
    const prometheus = await startReceiver('global: { external_labels: { fleet: prometheus } }\n');
    await remoteWrite(prometheus.url, PROMETHEUS);
    const store = await startReceiver('global: {}\n');
    for (const replica of REPLICAS) {
      const old = written[replica].map((each) => samplesOf(each, (t) => t < SEAM));
      await remoteWrite(store.url, labelled(old, { fleet: 'pair', __replica__: replica }));
    }
    const pair = await Promise.all(
      REPLICAS.map(async (replica) => {
        const newer = written[replica].map((each) => samplesOf(each, (t) => t >= SEAM));
        return startMemoryPrometheus({ fleet: 'pair', __replica__: replica }, rawOf(newer));
      }),
    );
    for (const server of pair) running.push(() => server.close());
    mixed = await startTestGateway([], {
      endpoints: [
        { address: vm.url, external_labels: { fleet: 'vm' } },
        ...[prometheus, store, ...pair].map(({ url }) => ({ address: url })),
      ],
    });
    running.push(() => mixed.close(0));
  });

  after(async () => {
    for (const stop of running.toReversed()) await stop();
    await expected.close();
  });

  it('reads each as the kind that it is', async () => {
    const { data } = await callApi<
      Readonly<Record<string, readonly { readonly name: string; readonly protocol: string }[]>>
    >(mixed.url, 'stores');
    const kinds = Object.entries(data).map(([kind, stores]) => [
      kind,
      stores.map(({ protocol }) => protocol),
    ]);
    assert.deepEqual(kinds, [
      ['prometheus', Array.from({ length: 4 }, () => 'remote-read-chunks')],
      ['victoria-metrics', ['export']],
    ]);
  });

  it('answers random queries as one that holds all samples', async () => {
    const queries = sampled(randomQuery(PROMETHEUS_2), { seed: 19, numRuns: RANDOM_QUERIES });
    const fixed = [
      'count by (fleet, job) ({__name__=~".+"})',
      'sum by (fleet) (count_over_time({job=~".+"}[30m]))',
    ];
    let withValues = 0;
    for (const query of [...fixed, ...queries]) {
      const parameters = { query, ...FUZZ };
      const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
      const wanted = await expected.inject({ url: '/api/v1/query_range', query: Object.fromEntries(texts) });
      const { data, error, warnings } = wanted.json<ApiAnswer<MatrixData>>();
      const answer = await queryRange(mixed.url, query, FUZZ);
      assert.deepEqual([query, answer.data, answer.error, answer.warnings], [query, data, error, warnings]);
      if ((data?.result.length ?? 0) > 0) withValues++;
    }
    assert.ok(withValues > RANDOM_QUERIES / 3, `only ${withValues} answers had values`);
  });
});
