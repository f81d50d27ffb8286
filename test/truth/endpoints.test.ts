import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { labelValue } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { endpointOver, gatewayOver } from '../grpc/support.ts';
import { NEVER, endpointOf, memoryEndpoint } from '../select/support.ts';
import { FLEETS } from '../support/fleets.ts';
import { startMemoryPrometheus } from '../support/memory-prometheus.ts';
import { FigureSum } from './evaluate-figure.ts';
import { FIGURES } from './figures.ts';
import { byDedupe, GRID } from './measure.ts';
import { seriesOf } from './replica-series.ts';
import { FULL_SIZE, workload } from './workload.ts';
import { told } from '../support/scopes.ts';
import { originOf } from '../support/open-requests.ts';

const SMALL = { ...FULL_SIZE, targets: 8, countersPerTarget: 3, gaugesPerTarget: 2, histogramsPerTarget: 1 };
const WATCHED = [...workload(1, SMALL)];
const REPLICAS = ['a', 'b'] as const;

type ReplicaName = (typeof REPLICAS)[number];

const externalOf = (replica: ReplicaName): Record<string, string> => ({
  __replica__: replica,
  cluster: 'truth',
});

function inMemory(replica: ReplicaName): Endpoint {
  return memoryEndpoint(replica, externalOf(replica), seriesOf(replica, WATCHED), { timeoutMs: 60_000 });
}

async function byRemoteRead(t: TestContext, replica: ReplicaName): Promise<Endpoint> {
  const server = await startMemoryPrometheus(externalOf(replica), seriesOf(replica, WATCHED));
  const backend = createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url: server.url });
  t.after(async () => {
    await backend.close();
    await server.close();
  });
  const described = await backend.describe(NEVER);
  assert.ok(described.ok);
  return { ...endpointOf(backend, described.value.externalLabels), ...described.value, timeoutMs: 60_000 };
}

/** Every figure's rows by job, exactly as they are answered. */
async function figuresOf(gateway: Gateway): Promise<readonly Readonly<Record<string, readonly number[]>>[]> {
  const end = GRID.start + (GRID.count - 1) * GRID.step;
  return Promise.all(
    FIGURES.map(async ({ query: text }) => {
      const range = { text, limit: 0, start: GRID.start, end, step: GRID.step };
      const { value, annotations } = (
        await gateway.queryRange(gateway.open({}, originOf(NEVER), GRID.step), range)
      ).answer;
      assert.deepEqual(
        told(annotations).filter(({ severity }) => severity === 'warning'),
        [],
      );
      assert.ok(value.kind === 'matrix');
      return Object.fromEntries(
        value.series.map(({ labels, columns }) => {
          assert.equal(columns.length, GRID.count);
          return [labelValue(labels, 'job'), [...columns.v.subarray(0, columns.length)]];
        }),
      );
    }),
  );
}

const direct = figuresOf(gatewayOver(REPLICAS.map(inMemory)));

test('a gateway over both replicas in memory answers every figure as it is measured', async () => {
  const merged = new SampleBuffer();
  const sums = FIGURES.map((figure) => new FigureSum(figure, GRID));
  for (const watched of WATCHED) {
    merged.clear();
    byDedupe(watched, merged);
    for (const sum of sums) if (sum.figure.metric === watched.metric) sum.add(watched.labels, merged);
  }
  for (const [i, rows] of (await direct).entries()) {
    const { figure } = sums[i]!;
    const measured = sums[i]!.answer();
    assert.deepEqual(Object.keys(rows).toSorted(), [...measured.keys()].toSorted());
    for (const [job, row] of Object.entries(rows))
      for (const [step, value] of measured.get(job)!.entries())
        assert.ok(Math.abs(row[step]! - value) <= 1e-9 * value, `${figure.query} at step ${step}`);
  }
});

const inMemoryBoth = REPLICAS.map(inMemory);

/** How else the same two replicas can be reached. */
const ALL_FLEETS: Readonly<Record<string, (t: TestContext) => Promise<readonly Endpoint[]>>> = {
  ...Object.fromEntries(Object.entries(FLEETS).map(([how, fleet]) => [how, (t) => fleet(t, inMemoryBoth)])),
  'each by remote read': async (t) => Promise.all(REPLICAS.map(async (replica) => byRemoteRead(t, replica))),
  'one by remote read, the other over gRPC': async (t) => [await byRemoteRead(t, 'a'), ...(await byGrpc(t))],
  'two gateways deep, one of them by remote read': async (t) => {
    const lower = [await byRemoteRead(t, 'a'), ...(await byGrpc(t))];
    return [await endpointOver(t, gatewayOver(lower))];
  },
};

/** The other replica behind a gateway of its own. */
async function byGrpc(t: TestContext): Promise<readonly Endpoint[]> {
  return FLEETS['each over gRPC']!(t, [inMemory('b')]);
}

for (const [how, fleet] of Object.entries(ALL_FLEETS))
  test(`the figures are the very same over the replicas ${how}`, async (t) => {
    assert.deepEqual(await figuresOf(gatewayOver(await fleet(t))), await direct);
  });
