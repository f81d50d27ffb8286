import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawSeries } from '../../src/model/raw-data.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { ResetHint, type FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { SampleBuffer, copyColumns } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { NEVER, failingEndpoint, memoryEndpoint } from '../select/support.ts';
import { endpointOver, gatewayOver } from './support.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { told } from '../support/scopes.ts';
import { originOf } from '../support/open-requests.ts';

const MINUTES_60 = 3_600_000;
const ORIGIN = originOf(NEVER);

/** A counter that resets, a gauge that goes stale, and a native histogram, with holes at other places per replica. */
function replicaSeries(replica: number): readonly RawSeries[] {
  const there = (i: number): boolean =>
    i % 50 !== replica * 7 && !(i > 40 + 90 * replica && i < 60 + 90 * replica);
  const series = (name: string, sample: (buffer: SampleBuffer, t: number, i: number) => void): RawSeries => {
    const buffer = new SampleBuffer();
    for (let i = 0; i < 240; i++) if (there(i)) sample(buffer, i * 15_000 + replica * 3_217, i);
    const labels = labelsFromRecord({ __name__: name, job: 'j' });
    const columns = copyColumns(buffer);
    // One replica's floats come as columns. Chunks say more of resets than histograms that were never encoded.
    return replica === 0 || columns.h !== undefined
      ? { labels, data: { kind: 'chunks', chunks: encodeColumns(columns) } }
      : { labels, data: { kind: 'columns', columns } };
  };
  return [
    series('requests_total', (buffer, t, i) => buffer.push(t, (i % 100) * 3)),
    series('temperature', (buffer, t, i) => buffer.push(t, i > 200 ? STALE_NAN : Math.sin(i))),
    series('latency', (buffer, t, i) => buffer.pushHistogram(t, histogram(i))),
  ];
}

function histogram(i: number): FloatHistogram {
  const empty = { index: new Int32Array(0), count: new Float64Array(0) };
  return {
    schema: 0,
    resetHint: ResetHint.unknown,
    count: 3 * i,
    sum: 7 * i,
    zeroThreshold: 0.001,
    zeroCount: 0,
    positive: { index: Int32Array.of(0, 1), count: Float64Array.of(i, 2 * i) },
    negative: empty,
    customValues: new Float64Array(0),
  };
}

function pair(shard: string): readonly Endpoint[] {
  return [0, 1].map((replica) =>
    memoryEndpoint(`${shard}-${replica}`, { shard, __replica__: `${replica}` }, replicaSeries(replica)),
  );
}

const QUERIES = [
  'requests_total',
  'rate(requests_total[5m])',
  'sum(increase(requests_total[10m]))',
  'count_over_time(temperature[30m])',
  'temperature offset 10m',
  'histogram_quantile(0.9, rate(latency[5m]))',
  'latency',
  'count by (__replica__) ({job="j"})',
  'requests_total{__replica__="1"}',
  'requests_total{shard=~"a|nope"}',
];

async function sameAnswers(direct: Gateway, layered: Gateway): Promise<void> {
  for (const text of QUERIES)
    for (const dedup of [true, false])
      for (const dedupMode of ['gap-aware', 'chain'] as const) {
        const range = { text, limit: 0, start: 0, end: MINUTES_60, step: 60_000 };
        const [one, other] = await Promise.all(
          [direct, layered].map(async (gateway) =>
            gateway.queryRange(gateway.open({ dedup, dedupMode }, ORIGIN, range.step), range),
          ),
        );
        assert.deepEqual(other!.answer.value, one!.answer.value, `${text} dedup=${dedup} ${dedupMode}`);
        assert.deepEqual(other!.answer.annotations, one!.answer.annotations);
      }
}

describe('a gateway over gateways answers like one over the endpoints themselves', () => {
  it('one level deep: replicas of a shard behind one gateway', async (t) => {
    const direct = [...pair('a'), ...pair('b')];
    const lower = await Promise.all(
      ['a', 'b'].map(async (shard) => endpointOver(t, gatewayOver(pair(shard)))),
    );
    await sameAnswers(gatewayOver(direct), gatewayOver(lower));
  });

  it('one level deep: the replicas of a shard behind different gateways', async (t) => {
    const endpoints = [...pair('a'), ...pair('b')];
    const lower = await Promise.all(
      [0, 1].map(async (replica) =>
        endpointOver(t, gatewayOver(endpoints.filter((_, i) => i % 2 === replica))),
      ),
    );
    await sameAnswers(gatewayOver(endpoints), gatewayOver(lower));
  });

  it('two levels deep', async (t) => {
    const endpoints = [...pair('a'), ...pair('b')];
    const lowest = await endpointOver(t, gatewayOver(endpoints));
    const middle = await endpointOver(t, gatewayOver([lowest]));
    await sameAnswers(gatewayOver(endpoints), gatewayOver([middle]));
  });

  it('where a replica is lost: no matter to who deduplicates, and named to who sees each replica', async (t) => {
    const lost = failingEndpoint('c', { shard: 'a', __replica__: '2' }, { replication: 'redundant' });
    const direct = gatewayOver([...pair('a'), lost]);
    const middle = await endpointOver(t, gatewayOver([await endpointOver(t, direct)]));
    const layered = gatewayOver([middle]);
    const query = { selectors: ['{job="j"}'], minTime: 0, maxTime: MINUTES_60, limit: 0 };
    const messages = async (wishes: ReadWishes): Promise<string[]> => {
      const scope = layered.open(wishes, ORIGIN);
      const answers = await Promise.all([
        layered
          .queryRange(scope, { text: 'temperature', start: 0, end: 600_000, step: 60_000, limit: 0 })
          .then(({ answer }) => answer),
        layered.series(scope, query),
        layered.labelNames(scope, query),
        layered.labelValues(scope, 'job', query),
        layered.lists.exemplars(scope, { ...query, text: 'temperature' }),
      ]);
      return answers.map(({ annotations }) =>
        told(annotations)
          .map(({ message }) => message)
          .join(),
      );
    };
    assert.deepEqual(await messages({ dedup: true, partialResponse: false }), ['', '', '', '', '']);
    const shown = await messages({ dedup: false, partialResponse: true });
    for (const message of shown.slice(0, 4)) assert.match(message, /endpoint c did not answer/);
    await assert.rejects(messages({ dedup: false, partialResponse: false }), /endpoint c did not answer/);
  });

  it('for series and labels, too', async (t) => {
    const endpoints = [...pair('a'), ...pair('b')];
    const direct = gatewayOver(endpoints);
    const layered = gatewayOver([await endpointOver(t, gatewayOver(endpoints))]);
    for (const dedup of [true, false]) {
      const query = { selectors: ['{job="j"}'], minTime: 0, maxTime: MINUTES_60, limit: 0 };
      const [one, other] = await Promise.all(
        [direct, layered].map(async (gateway) => {
          const scope = gateway.open({ dedup }, ORIGIN);
          const lists = await Promise.all([
            gateway.series(scope, query),
            gateway.labelNames(scope, query),
            gateway.labelValues(scope, '__name__', query),
            gateway.labelValues(scope, '__replica__', query),
            gateway.labelValues(scope, 'shard', { ...query, selectors: [] }),
          ]);
          return lists.map(({ items, annotations }) => ({ items: [...items], annotations }));
        }),
      );
      assert.deepEqual(other, one);
    }
  });
});
