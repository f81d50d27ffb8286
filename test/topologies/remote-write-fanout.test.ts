import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { queryInstant } from '../support/api-client.ts';
import { dashboardQueries } from '../support/dashboards.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { pause } from '../support/topology/pause.ts';
import { answerAll, longestGaps, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { until } from '../support/until.ts';

const LEAF = 'prometheus-payments';
const TEAM = 'prometheus-tenant-payments';
/** A metric of the leaf about what it sends the team's receiver. */
const ofTeam = (metric: string): string => `prometheus_remote_storage_${metric}{remote_name="team"}`;
/** A minute, divided as all times of the files are, and some. */
const AWAY_MS = 5000;
/** Names that the global tenant has, and the series that it has not. */
const GLOBAL = {
  ask: 'count by (__name__) ({__name__=~".+", tenant="global"})',
  values: {
    'job:app_clock_seconds:max': '1',
    'job:remote_write_lag_seconds:max': '2',
    'namespace:up:sum': '1',
  },
};
/** A sum of the leaf's rules over both of its targets, whose first scrapes come at times of their own. */
const SUMS = {
  ask: 'sum by (namespace, tenant) (namespace:up:sum)',
  values: { 'payments global': '2', 'payments payments-team': '2' },
};
const DASHBOARD = 'deploy/topologies/remote-write-fanout/dashboards/remote-write.json';
const FRESH = 'count(timestamp(node_time_seconds{tenant="payments-team"}) > time() - 4)';

describe('remote-write-fanout', () => {
  let topology: Topology;
  let url = '';
  /** How far the sender is behind with one of its two receivers, s. */
  const lag = async (name: string): Promise<number> =>
    ofLeaf(`job:remote_write_lag_seconds:max{remote_name="${name}"}`);
  /** The value of a query of the leaf about itself. */
  const ofLeaf = async (query: string): Promise<number> => {
    const { data } = await queryInstant(topology.url(LEAF), query);
    return Number(data.result[0]?.value[1]);
  };
  before(async () => {
    topology = await Topology.start('remote-write-fanout');
    url = topology.url('promweave');
    await untilAnswered(url, GLOBAL);
    await untilAnswered(url, SUMS);
    await untilAnswered(url, { ask: FRESH, values: { '': '2' } });
  });
  after(async () => topology?.stop());

  test('the team has all of its series, and the global tenant aggregates alone', async () => {
    await answerAll(url, [
      GLOBAL,
      { ask: 'count(up{job="app", tenant="payments-team"})', values: { '': '2' } },
      { ask: 'count(up{tenant="global"})', values: {} },
      SUMS,
    ]);
  });

  test('what the README says to try works', async () => tryLines('remote-write-fanout', topology));

  test('each panel of the dashboard has something to show', async () => {
    const queries = dashboardQueries(DASHBOARD, '10s');
    assert.ok(queries.length >= 8);
    for (const query of queries)
      await until(`there is an answer to ${query}`, 20_000, async () => {
        const { status, data, error } = await queryInstant(url, query);
        assert.equal(status, 'success', `${query}: ${error}`);
        return data.result.length > 0;
      });
  });

  test('a receiver is down: the sender tells of it, the gateway names it, and the other one goes on', async () => {
    await topology.end(TEAM, 'SIGKILL');
    await pause(AWAY_MS);
    assert.ok((await lag('team')) >= 3, 'the lag does not show it');
    assert.ok((await lag('global')) < 3, 'the other receiver lags, too');
    assert.ok((await ofLeaf(ofTeam('samples_pending'))) > 0, 'no sample waits');
    assert.ok((await ofLeaf(`rate(${ofTeam('samples_retried_total')}[10s])`)) > 0, 'nothing is sent again');
    await answerAll(url, [{ ask: FRESH, values: {}, warns: /tenant="payments-team"/ }, GLOBAL]);
  });

  test('it comes back: nothing of the time between is lost', async () => {
    await topology.start(TEAM);
    await untilAnswered(url, { ask: FRESH, values: { '': '2' } });
    await until('the sender caught up', 20_000, async () => (await lag('team')) < 3);
    const gaps = await longestGaps(url, 'node_time_seconds{tenant="payments-team"}[30s]');
    assert.equal(gaps.size, 2);
    assert.equal(await ofLeaf(ofTeam('samples_failed_total')), 0);
    for (const [instance, gap] of gaps) assert.ok(gap < 2.5, `${instance} has a gap of ${gap} s`);
  });
});

test('each alert about remote write fires for the receiver that is ill alone, which promtool tries', async () => {
  await promisify(execFile)('promtool', ['test', 'rules', 'test/topologies/rules/remote-write.test.yml']);
});
