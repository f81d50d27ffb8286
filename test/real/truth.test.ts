import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { queryRange } from '../support/api-client.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { createBlocks, type TsdbBlocks } from '../support/tsdb-blocks.ts';
import { compare } from '../truth/compare.ts';
import type { Answer } from '../truth/evaluate-figure.ts';
import { FIGURES, type Figure } from '../truth/figures.ts';
import { byDedupe, GRID, measure } from '../truth/measure.ts';
import { openMetrics } from '../truth/open-metrics.ts';
import { workload } from '../truth/workload.ts';

const SEED = 1;
const SIZE = { targets: 8, countersPerTarget: 3, gaugesPerTarget: 2, histogramsPerTarget: 1 };
const SERVERS = ['a', 'b', 'reference'] as const;
/** The grid in s, as the API wants it. */
const TIMES = {
  start: GRID.start / 1000,
  end: (GRID.start + (GRID.count - 1) * GRID.step) / 1000,
  step: GRID.step / 1000,
};
/** Blocks come from text, which has no native histograms. */
const IN_BLOCKS = FIGURES.filter(({ metric }) => metric !== 'http_request_duration_seconds');
/** Sums are added up in another order than in memory. */
const ROUNDING = 1e-9;

describe('two real Prometheus servers with outages beside one without', () => {
  let blocks: readonly TsdbBlocks[] = [];
  let servers: readonly PrometheusServer[] = [];
  let deduplicating: RunningGateway;
  /**
   * Over the server without gaps alone, whose samples pass through untouched. It is not asked itself, because its own
   * evaluation is not Prometheus 3's: before 3.0 a range included its left edge, so a sample that lies there would count
   * for it alone.
   */
  let passingThrough: RunningGateway;
  /** Each server behind one of its own, then one over these, then one over that one: all of them by gRPC. */
  const layers: RunningGateway[] = [];

  before(async () => {
    const all = [...workload(SEED, SIZE)];
    blocks = await Promise.all(SERVERS.map(async (name) => createBlocks(openMetrics(name, all))));
    servers = await Promise.all(
      SERVERS.map((name, i) =>
        startPrometheus({
          config: `global: { external_labels: { shard: "0", __replica__: ${name} } }\n`,
          dataDir: blocks[i]!.dataDir,
          args: ['--storage.tsdb.retention.time=100y'],
        }),
      ),
    );
    const [a, b, reference] = servers.map(({ url }) => url);
    deduplicating = await startTestGateway([a!, b!]);
    passingThrough = await startTestGateway([reference!]);
    layers.push(...(await Promise.all([a!, b!].map(async (url) => startTestGateway([url])))));
    layers.push(await startTestGateway(layers.map(({ grpcAddress }) => grpcAddress)));
    layers.push(await startTestGateway([layers[2]!.grpcAddress]));
  });

  after(async () => {
    for (const gateway of layers.toReversed()) await gateway.close(0);
    await deduplicating?.close(0);
    await passingThrough?.close(0);
    await Promise.all(servers.map(async (server) => server.stop()));
    await Promise.all(blocks.map(async (each) => each.remove()));
  });

  async function answer(gateway: RunningGateway, figure: Figure): Promise<Answer> {
    const { status, error, warnings, data } = await queryRange(gateway.url, figure.query, TIMES);
    assert.equal(status, 'success', error);
    assert.equal(warnings, undefined);
    return new Map(
      data.result.map(({ metric, values }) => {
        assert.equal(values.length, GRID.count, 'an answer has a value at each time');
        return [metric['job'] ?? '', Float64Array.from(values, ([, value]) => Number(value))];
      }),
    );
  }

  for (const [how, level] of [
    ['a gateway each', 2],
    ['two levels of gateways', 3],
  ] as const)
    test(`are answered for the very same over gRPC, behind ${how}`, async () => {
      for (const figure of IN_BLOCKS)
        assert.deepEqual(
          await answer(layers[level]!, figure),
          await answer(deduplicating, figure),
          figure.query,
        );
    });

  test('are as near to the truth as the same samples deduplicated in memory', async () => {
    const inMemory = measure(SEED, SIZE, [byDedupe])[0]!.filter(({ figure }) => IN_BLOCKS.includes(figure));
    for (const { figure, points, found } of inMemory) {
      const merged = await answer(deduplicating, figure);
      const reference = await answer(passingThrough, figure);
      const real = compare(figure, merged, reference);
      assert.deepEqual([...merged.keys()].toSorted(), [...reference.keys()].toSorted());
      assert.equal(real.points, points);
      assert.equal(real.found.pointsOff, found.pointsOff, figure.query);
      assert.ok(Math.abs(real.found.meanPercent - found.meanPercent) <= ROUNDING, figure.query);
      assert.ok(Math.abs(real.found.worstPercent - found.worstPercent) <= ROUNDING, figure.query);
    }
  });

  test('the outages were real: replica a alone has no answer for ten minutes', async () => {
    const { data } = await queryRange(servers[0]!.url, 'sum(count_over_time(up[5m]))', TIMES);
    const { length } = data.result[0]!.values;
    assert.ok(length <= GRID.count - 600_000 / GRID.step + 1, `${length} values`);
  });
});
