import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { NEVER, failingEndpoint } from '../select/support.ts';
import { pair } from './layer-data.ts';
import { endpointOver, gatewayOver } from './support.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { told } from '../support/scopes.ts';
import { originOf } from '../support/open-requests.ts';

const MINUTES_60 = 3_600_000;
const ORIGIN = originOf(NEVER);

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
