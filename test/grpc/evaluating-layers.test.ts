import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createPromqlCore } from '../../src/app/promql-core.ts';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createSelection } from '../../src/select/create-selection.ts';
import { Pushdown, type PushOutcome } from '../../src/select/pushdown/pushdown.ts';
import { NEVER, failingEndpoint } from '../select/support.ts';
import { memoryOptions } from '../support/memory-server.ts';
import { assertNearlySame } from '../support/nearly-same.ts';
import { originOf } from '../support/open-requests.ts';
import { told } from '../support/scopes.ts';
import { pair } from './layer-data.ts';
import { endpointOver, gatewayOver } from './support.ts';

const ENGINE = { below: 'promweave 1', here: 'promweave 1' };
const HOUR = 3_600_000;

const QUERIES = [
  'sum(rate(requests_total[5m]))',
  'sum by (shard) (increase(requests_total[10m]))',
  'count by (__replica__, shard) (requests_total)',
  'avg by (job) (temperature offset 10m)',
  'max without (shard) (temperature > bool 0.5)',
  'sum by (shard) (requests_total{shard=~"a|nope"})',
  'sum by (shard) (requests_total) / count by (shard) (requests_total)',
];

/** A gateway that lets others evaluate, and what became of each part that they might. */
function pushing(endpoints: readonly Endpoint[]) {
  const topology = fixedTopology(endpoints);
  const pushes: PushOutcome[] = [];
  const selection = createSelection({
    topology: () => topology,
    timers: SYSTEM_TIMERS,
    clock: SYSTEM_CLOCK,
    pushdown: new Pushdown(SYSTEM_CLOCK, (outcome) => pushes.push(outcome), 0),
  });
  const { gateway } = createPromqlCore({ ...memoryOptions(endpoints, { pushdown: true }), selection });
  return { gateway, pushes };
}

/** A range with steps between seconds. */
const RANGE = { start: 250, end: HOUR, step: 60_500, limit: 0 };

async function ask(gateway: Gateway, text: string, dedup = true) {
  const scope = gateway.open({ dedup }, originOf(NEVER), RANGE.step);
  const { answer } = await gateway.queryRange(scope, { ...RANGE, text });
  return { value: answer.value, told: told(answer.annotations).map(({ message }) => message) };
}

/** Of each query, and how often it is asked for, what became of the parts of the shards. */
async function compare(
  direct: Gateway,
  { gateway, pushes }: ReturnType<typeof pushing>,
  queries: readonly string[],
): Promise<readonly PushOutcome[]> {
  for (const text of queries)
    for (const dedup of [true, false]) {
      const [actual, expected] = [await ask(gateway, text, dedup), await ask(direct, text, dedup)];
      assertNearlySame(actual, expected, `${text} dedup=${dedup}`);
      assert.deepEqual(actual.told, expected.told);
    }
  return pushes;
}

const over = (t: TestContext, endpoints: readonly Endpoint[], engine = ENGINE): Promise<Endpoint> =>
  endpointOver(t, gatewayOver(endpoints), engine);

describe('a gateway lets gateways below evaluate parts of aggregations', () => {
  it('where each stands for a shard', async (t) => {
    const lower = [await over(t, pair('a')), await over(t, pair('b'))];
    const pushes = await compare(gatewayOver([...pair('a'), ...pair('b')]), pushing(lower), QUERIES);
    assert.deepEqual([...new Set(pushes)], ['pushed']);
    // Of the query for shard a, the other is not asked.
    assert.equal(pushes.length, 2 * (2 * QUERIES.length - 1));
  });

  it('where they stand for different ones, several each', async (t) => {
    const lower = [await over(t, [...pair('a'), ...pair('b')]), await over(t, pair('c'))];
    const all = ['a', 'b', 'c'].flatMap(pair);
    const pushes = await compare(gatewayOver(all), pushing(lower), QUERIES);
    assert.deepEqual([...new Set(pushes)], ['pushed']);
  });

  it('and these let others', async (t) => {
    const all = [...pair('a'), ...pair('b')];
    const middle = pushing([await over(t, pair('a')), await over(t, pair('b'))]);
    const upper = pushing([await endpointOver(t, middle.gateway, ENGINE)]);
    await compare(gatewayOver(all), upper, QUERIES);
    assert.deepEqual([...new Set(upper.pushes)], ['pushed']);
    assert.deepEqual([...new Set(middle.pushes)], ['pushed']);
  });

  const whole = [...pair('a'), ...pair('b')];
  const reads = (
    what: string,
    outcome: PushOutcome,
    lower: (t: TestContext) => Promise<readonly Endpoint[]>,
  ): void => {
    it(`and reads samples ${what}`, async (t) => {
      const pushes = await compare(gatewayOver(whole), pushing(await lower(t)), QUERIES.slice(0, 2));
      assert.deepEqual([...new Set(pushes)], [outcome]);
    });
  };
  reads('where one evaluates in another way', 'server', async (t) => [
    await over(t, whole, { below: 'promweave 2', here: 'promweave 1' }),
  ]);
  reads('where it does not tell how', 'server', async (t) => [
    await endpointOver(t, gatewayOver(whole), { here: 'promweave 1' }),
  ]);
  reads('where both have series of a shard', 'labels', async (t) => [
    await over(t, whole),
    await over(t, pair('b')),
  ]);

  it('which treats replicas as the request does, whatever it does by itself', async (t) => {
    const byItself = gatewayOver(pair('a'), { dedupMode: 'penalty', dedup: false, replicaLabels: ['shard'] });
    const upper = pushing([await endpointOver(t, byItself, ENGINE)]);
    const pushes = await compare(gatewayOver(pair('a')), upper, QUERIES);
    assert.deepEqual([...new Set(pushes)], ['pushed']);
  });

  it('and reads samples of native histograms', async (t) => {
    const { gateway, pushes } = pushing([await over(t, pair('a'))]);
    await compare(gatewayOver(pair('a')), { gateway, pushes }, ['sum(rate(latency[5m]))']);
    assert.deepEqual(pushes, ['not_plain', 'lately']);
  });

  it('and says what one lacks, as if samples were read', async (t) => {
    const lost = failingEndpoint('c', { shard: 'c', __replica__: '0' }, {});
    const direct = gatewayOver([...pair('a'), lost]);
    const { gateway, pushes } = pushing([await endpointOver(t, direct, ENGINE)]);
    const { told: warnings } = await ask(gateway, QUERIES[0]!);
    assert.match(warnings.join(), /endpoint c did not answer/);
    assert.deepEqual(pushes, ['not_plain']);
  });
});
