import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { StoresJson } from '../../src/http/api/stores.ts';
import { callApi, queryRange } from '../support/api-client.ts';
import { dashboardQueries } from '../support/dashboards.ts';
import { askPanel, askStat } from '../support/topology/grafana.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, askedFor, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { createBlocks } from '../support/tsdb-blocks.ts';
import { until } from '../support/until.ts';

const DAY_S = 86_400;
const PAIR = [0, 1].map((index) => `prometheus-payments-${index}.prometheus-payments`);
const ASK = 'count by (shard) (up)';
const BOTH = { payments: '1', platform: '1' };
const NOW = { ask: ASK, values: BOTH };

/** Between scrapes of long ago, s. */
const INTERVAL = 300;
/** The step of a graph of 21 days that is 700 points wide, as Grafana rounds it, s. */
const STEP = 1800;
/** What Grafana makes of `$__rate_interval` for it: the step, and the scrape interval of the data source. */
const RATE_INTERVAL = `${STEP + 15}s`;
const PANELS = dashboardQueries('deploy/topologies/reference/dashboards/overview.json', RATE_INTERVAL);

describe('reference', () => {
  let topology: Topology;
  let url = '';
  const now = Math.floor(Date.now() / 1000 / STEP) * STEP;
  /** Twenty days ago, which the leaves have forgotten. */
  const old = now - 20 * DAY_S;
  const OLD = { ask: ASK, by: { time: old }, values: BOTH };
  /** A target that is no more was scraped until half an hour ago: the store has all of it, the leaves their last days. */
  const lastScrape = now - STEP;
  const leavesFrom = now - 14.5 * DAY_S;
  /** Steps of the graph from one on, up to the last that has only samples of that target. */
  const stepsFrom = (begin: number): readonly number[] =>
    Array.from({ length: (lastScrape - begin) / STEP + 1 }, (_, index) => begin + index * STEP);
  const WHOLE = stepsFrom(old);

  /** The steps of a graph of 21 days that have a value, of each team. */
  const graph = async (expr: string) => {
    const to = Date.now() / 1000;
    const panel = await askPanel(url, { expr, from: to - 21 * DAY_S, to, step: STEP });
    const steps = panel.data.result.map(({ metric, values }) => {
      const times = values.map(([time]) => time).filter((time) => time < now);
      return [metric['shard']!, times] as const;
    });
    return { steps: new Map(steps), panel };
  };

  before(async () => {
    const blocks = await createBlocks(openMetrics(scrapes(leavesFrom, lastScrape)), '162h');
    topology = await Topology.start('reference', {
      seed: async (service, root) => {
        if (!service.startsWith('prometheus-')) return;
        cpSync(blocks.dataDir, join(root, 'prometheus'), { recursive: true });
      },
    });
    await blocks.remove();
    url = topology.url('promweave');
    const store = topology.url('store');
    await fetch(`${store}/api/v1/import/prometheus`, {
      method: 'POST',
      body: importLines(scrapes(old, lastScrape)),
    });
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
    // The leaves began to scrape a moment ago. That both of a team have the same is proven by a look that began since.
    const since = Date.now() + 500;
    await until('all are looked at again', 30_000, async () => {
      const { data } = await callApi<StoresJson>(url, 'stores', {});
      return Object.values(data)
        .flat()
        .every(({ lastCheck }) => Date.parse(lastCheck) > since + 500);
    });
  });
  after(async () => topology?.stop());

  test('recent times come from the leaves, old ones from the store, and one query has both', async () => {
    await answerAll(url, [NOW, OLD, { ...NOW, by: { partial_response: false } }]);
    assert.ok(!(await askedFor(url, 'up')).includes(topology.url('store')));
    const end = Date.now() / 1000;
    const { data, warnings } = await queryRange(url, ASK, { start: old, end, step: end - old });
    assert.equal(warnings, undefined);
    assert.deepEqual(
      data.result.map(({ values }) => values.map(([, value]) => value)),
      [
        ['1', '1'],
        ['1', '1'],
      ],
    );
  });

  test('what both replicas of the leaves scrape arrives in the store', async () => {
    const store = topology.url('store');
    await until('the store has the clocks of all leaves', 20_000, async () => {
      await fetch(`${store}/internal/force_flush`);
      const { data } = await callApi<readonly unknown[]>(store, 'series', {
        'match[]': 'node_time_seconds{instance!="then"}',
      });
      return data.length === 4;
    });
  });

  test('what the README says to try works', async () => tryLines('reference', topology));

  test('Grafana draws three weeks of both, and finds the teams for a variable', async () => {
    assert.equal(PANELS.length, 2);
    for (const expr of PANELS) {
      const { steps, panel } = await graph(expr);
      // A rate needs two samples.
      const expected = expr.includes('rate(') ? WHOLE.slice(1) : WHOLE;
      assert.deepEqual(steps, ofBoth(expected), expr);
      assert.equal(panel.warnings, undefined, expr);
      const values = panel.data.result.flatMap((series) => series.values);
      for (const [time, value] of values)
        if (time < now) assert.ok(Math.abs(Number(value) - 1) < 1e-6, `${expr} at ${time}: ${value}`);
    }
    const shards = await callApi<readonly string[]>(url, 'label/shard/values', {
      'match[]': 'up',
      start: now - 21 * DAY_S,
      end: now,
    });
    assert.deepEqual([shards.data, shards.warnings], [['payments', 'platform'], undefined]);
    const stat = await askStat(url, 'sum(up)', Date.now() / 1000);
    assert.deepEqual([stat.data.result[0]!.value[1], stat.warnings], ['2', undefined]);
  });

  test('the store is down: today is whole, and what is old is missing, which is said', async () => {
    // In its own time: what it was just written is in its memory alone.
    await topology.end('store');
    const warns = new RegExp(topology.address('store'));
    await answerAll(url, [NOW, { ...OLD, values: {}, warns }]);
    const { steps, panel } = await graph(PANELS[0]!);
    assert.deepEqual(steps, ofBoth(stepsFrom(leavesFrom)));
    assert.match(panel.warnings!.join('\n'), warns);
    const today = { expr: PANELS[0]!, from: now - DAY_S, to: Date.now() / 1000, step: 60 };
    assert.equal((await askPanel(url, today)).warnings, undefined, 'the graph of today needs no store');
    await topology.start('store');
    await untilAnswered(url, OLD);
  });

  test('one leaf is down: nothing is missing. Both of a team are: it is named, and what is old is whole', async () => {
    await topology.end(PAIR[0]!, 'SIGKILL');
    await untilAnswered(url, { ...NOW, by: { partial_response: false } });
    await answerAll(url, [OLD]);
    const one = await graph(PANELS[0]!);
    assert.deepEqual(one.steps, ofBoth(WHOLE));
    assert.equal(one.panel.warnings, undefined);

    await topology.end(PAIR[1]!, 'SIGKILL');
    const warns = /shard="payments"/;
    await answerAll(url, [{ ...NOW, values: { platform: '1' }, warns }, OLD]);
    const both = await graph(PANELS[0]!);
    const ofStore = both.steps.get('payments')!;
    assert.deepEqual(ofStore, WHOLE.slice(0, ofStore.length));
    assert.ok(
      Math.abs(ofStore.at(-1) - (now - 14 * DAY_S)) <= STEP,
      'the store has what is older than 14 days',
    );
    assert.deepEqual(both.steps.get('platform'), WHOLE);
    assert.match(both.panel.warnings!.join('\n'), warns);
  });
});

function ofBoth(steps: readonly number[]): ReadonlyMap<string, readonly number[]> {
  return new Map([
    ['payments', steps],
    ['platform', steps],
  ]);
}

/** Times of scrapes, s. */
function scrapes(from: number, to: number): readonly number[] {
  return Array.from({ length: (to - from) / INTERVAL + 1 }, (_, index) => from + INTERVAL * index);
}

/** As the leaves have it, whose external labels are not in their storage. */
function openMetrics(times: readonly number[]): string {
  const labels = 'job="app",instance="then"';
  const ups = times.map((time) => `up{${labels}} 1 ${time}`);
  const clocks = times.map((time) => `node_time_seconds{${labels}} ${time} ${time}`);
  return ['# TYPE up gauge', ...ups, '# TYPE node_time_seconds gauge', ...clocks, '# EOF', ''].join('\n');
}

/** As both replicas of both teams wrote it to the store. */
function importLines(times: readonly number[]): string {
  const of = (shard: string, replica: string): readonly string[] => {
    const labels = `cluster="production",shard="${shard}",__replica__="${replica}",job="app",instance="then"`;
    return times.flatMap((time) => [
      `up{${labels}} 1 ${time * 1000}`,
      `node_time_seconds{${labels}} ${time} ${time * 1000}`,
    ]);
  };
  return ['payments', 'platform']
    .flatMap((shard) => ['prom-0', 'prom-1'].flatMap((replica) => of(shard, replica)))
    .join('\n');
}
