import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callApi, queryRange } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, askedFor, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { until } from '../support/until.ts';

const DAY_S = 86_400;
const PAIR = [0, 1].map((index) => `prometheus-payments-${index}.prometheus-payments`);
const ASK = 'count by (shard) (up)';
const BOTH = { payments: '1', platform: '1' };
const NOW = { ask: ASK, values: BOTH };

describe('reference', () => {
  let topology: Topology;
  let url = '';
  /** Twenty days ago, which the leaves have forgotten. */
  const old = Math.floor(Date.now() / 1000) - 20 * DAY_S;
  const OLD = { ask: ASK, by: { time: old }, values: BOTH };

  before(async () => {
    topology = await Topology.start('reference');
    url = topology.url('promweave');
    // What both replicas of both teams wrote then.
    const lines = ['payments', 'platform'].flatMap((shard) =>
      ['prom-0', 'prom-1'].flatMap((replica) =>
        [-30, -15, 0].map(
          (offset) =>
            `up{cluster="production",shard="${shard}",__replica__="${replica}",job="app",instance="then"} 1 ${(old + offset) * 1000}`,
        ),
      ),
    );
    const store = topology.url('store');
    await fetch(`${store}/api/v1/import/prometheus`, { method: 'POST', body: lines.join('\n') });
    await fetch(`${store}/internal/force_flush`);
    await untilAnswered(url, {
      ask: 'count by (__replica__, shard) (up == 1)',
      by: { dedup: false },
      values: {
        'prom-0 payments': '1',
        'prom-0 platform': '1',
        'prom-1 payments': '1',
        'prom-1 platform': '1',
      },
    });
  });
  after(async () => topology?.stop());

  test('recent times come from the leaves, old ones from the store, and one query has both', async () => {
    await answerAll(url, [NOW, OLD, { ...NOW, by: { partial_response: false } }]);
    assert.ok(!(await askedFor(url, 'up')).includes(topology.url('store')));
    const end = Date.now() / 1000;
    const range = { start: end - 20 * DAY_S, end, step: DAY_S };
    const { data, warnings } = await queryRange(url, ASK, range);
    assert.equal(warnings, undefined);
    assert.equal(data.result.length, 2);
    for (const { values } of data.result)
      assert.deepEqual(
        values.map(([time, value]) => [Math.round((time - range.start) / DAY_S), value]),
        [
          [0, '1'],
          [20, '1'],
        ],
      );
  });

  test('what both replicas of the leaves scrape arrives in the store', async () => {
    const store = topology.url('store');
    await until('the store has the clocks of all leaves', 20_000, async () => {
      await fetch(`${store}/internal/force_flush`);
      const { data } = await callApi<readonly unknown[]>(store, 'series', { 'match[]': 'node_time_seconds' });
      return data.length === 4;
    });
  });

  test('what the README says to try works', async () => tryLines('reference', topology));

  test('the store is down: today is whole, and what is old is missing, which is said', async () => {
    // In its own time: what it was just written is in its memory alone.
    await topology.end('store');
    await answerAll(url, [NOW, { ...OLD, values: {}, warns: new RegExp(topology.address('store')) }]);
    await topology.start('store');
    await untilAnswered(url, OLD);
  });

  test('one leaf is down: nothing is missing. Both of a team are: it is named, and what is old is whole', async () => {
    await topology.end(PAIR[0]!, 'SIGKILL');
    await answerAll(url, [{ ...NOW, by: { partial_response: false } }, OLD]);
    await topology.end(PAIR[1]!, 'SIGKILL');
    await answerAll(url, [{ ...NOW, values: { platform: '1' }, warns: /shard="payments"/ }, OLD]);
  });
});
