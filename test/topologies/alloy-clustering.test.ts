import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { queryInstant, queryRange } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, longestGaps, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';

const REPLICAS = ['alloy-0', 'alloy-1'];
const STORE = 'prometheus-0.prometheus';
const TARGETS = 4;
const COUNT = { ask: 'count(up{job="app"} == 1)', values: { '': String(TARGETS) } };
const BY_STORE = {
  ask: 'count by (__replica__) (up{job="app"})',
  by: { dedup: false },
  values: { 'store-0': String(TARGETS), 'store-1': String(TARGETS) },
};
const SHARES = 'prometheus_scrape_targets_gauge{component_id="prometheus.scrape.app"}';
/** How long a target may be without a scrape while it moves, s. Prometheus waits five seconds before its first one. */
const MAX_GAP_S = 20;

describe('alloy-clustering', () => {
  let topology: Topology;
  let url = '';
  let begin = 0;
  /** When the replica that died was there again. */
  let back = 0;
  /** How many targets each replica had before. */
  let first: Readonly<Record<string, number>> = {};

  /** How many targets each replica said last that it has. */
  const shares = async (): Promise<Readonly<Record<string, number>>> => {
    const { data } = await queryInstant(url, SHARES);
    return Object.fromEntries(data.result.map(({ metric, value }) => [metric['instance'], Number(value[1])]));
  };
  const untilShared = async (replicas: readonly string[], since: number): Promise<void> => {
    await untilAnswered(url, {
      ask: `sum(${SHARES} and (timestamp(${SHARES}) > ${since}))`,
      values: { '': String(TARGETS) },
    });
    await untilAnswered(url, {
      ask: `max(cluster_node_peers{state="participant"} and (timestamp(cluster_node_peers) > ${since}))`,
      values: { '': String(replicas.length) },
    });
    await untilAnswered(url, {
      ask: `count(timestamp(up{job="app"}) > ${since})`,
      values: { '': String(TARGETS) },
    });
  };

  before(async () => {
    topology = await Topology.start('alloy-clustering');
    url = topology.url('promweave');
    await untilShared(REPLICAS, Date.now() / 1000);
    await untilAnswered(url, BY_STORE);
    begin = Date.now() / 1000;
  });
  after(async () => topology?.stop());

  test('each target is scraped by one replica, and each store has all of them once', async () => {
    await answerAll(url, [
      COUNT,
      { ...COUNT, by: { partial_response: false } },
      BY_STORE,
      { ask: 'count by (cluster) (node_time_seconds)', values: { production: String(TARGETS) } },
    ]);
    assert.deepEqual(Object.keys(await shares()).toSorted(), REPLICAS);
  });

  test('what the README says to try works', async () => tryLines('alloy-clustering', topology));

  test('a replica dies: the other one scrapes its targets, and the answer stays whole', async () => {
    first = await shares();
    const [most, other] = REPLICAS.toSorted((a, b) => first[b]! - first[a]!) as [string, string];
    await topology.end(`${most}.alloy`, 'SIGKILL');
    await untilShared([other], Date.now() / 1000 + 1);
    assert.equal((await shares())[other], TARGETS);
    await answerAll(url, [COUNT, { ...COUNT, by: { partial_response: false } }]);
    await topology.start(`${most}.alloy`);
    back = Date.now() / 1000;
  });

  test('meanwhile a store dies: nothing is missing', async () => {
    await topology.end(STORE, 'SIGKILL');
    await answerAll(url, [COUNT, { ...COUNT, by: { partial_response: false } }]);
    await topology.start(STORE);
  });

  test('the replica is back and has its targets again: they are one line all the time', async () => {
    await untilShared(REPLICAS, back + 1);
    assert.deepEqual(await shares(), first, 'its targets are not the ones that it had');
    const gaps = await longestGaps(url, 'node_time_seconds[1m]');
    assert.equal(gaps.size, TARGETS);
    for (const [instance, gap] of gaps) assert.ok(gap < MAX_GAP_S, `${instance} has a gap of ${gap} s`);
    await answerAll(url, [
      { ask: 'sum(resets(node_time_seconds[1m]))', values: { '': '0' } },
      { ask: 'count(abs(deriv(node_time_seconds[1m]) - 1) < 0.1)', values: { '': String(TARGETS) } },
    ]);
    const range = { start: begin, end: Date.now() / 1000, step: 0.25 };
    const { data, warnings } = await queryRange(url, 'count(node_time_seconds)', range);
    assert.equal(warnings, undefined);
    assert.deepEqual(new Set(data.result[0]!.values.map(([, value]) => value)), new Set([String(TARGETS)]));
  });
});
