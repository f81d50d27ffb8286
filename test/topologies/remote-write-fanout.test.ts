import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { pause } from '../support/topology/pause.ts';
import { answerAll, longestGaps, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { until } from '../support/until.ts';

const LEAF = 'prometheus-payments';
const TEAM = 'prometheus-tenant-payments';
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
const FRESH = 'count(timestamp(node_time_seconds{tenant="payments-team"}) > time() - 4)';

describe('remote-write-fanout', () => {
  let topology: Topology;
  let url = '';
  /** How far the sender is behind with one of its two receivers, s. */
  const lag = async (name: string): Promise<number> => {
    const { data } = await queryInstant(
      topology.url(LEAF),
      `job:remote_write_lag_seconds:max{remote_name="${name}"}`,
    );
    return Number(data.result[0]?.value[1]);
  };
  before(async () => {
    topology = await Topology.start('remote-write-fanout');
    url = topology.url('promweave');
    await untilAnswered(url, GLOBAL);
    await untilAnswered(url, { ask: FRESH, values: { '': '2' } });
  });
  after(async () => topology?.stop());

  test('the team has all of its series, and the global tenant aggregates alone', async () => {
    await answerAll(url, [
      GLOBAL,
      { ask: 'count(up{job="app", tenant="payments-team"})', values: { '': '2' } },
      { ask: 'count(up{tenant="global"})', values: {} },
      {
        ask: 'sum by (namespace, tenant) (namespace:up:sum)',
        values: { 'payments global': '2', 'payments payments-team': '2' },
      },
    ]);
  });

  test('what the README says to try works', async () => tryLines('remote-write-fanout', topology));

  test('a receiver is down: the sender tells of it, the gateway names it, and the other one goes on', async () => {
    await topology.end(TEAM, 'SIGKILL');
    await pause(AWAY_MS);
    assert.ok((await lag('team')) >= 3, 'the lag does not show it');
    assert.ok((await lag('global')) < 3, 'the other receiver lags, too');
    await answerAll(url, [{ ask: FRESH, values: {}, warns: /tenant="payments-team"/ }, GLOBAL]);
  });

  test('it comes back: nothing of the time between is lost', async () => {
    await topology.start(TEAM);
    await untilAnswered(url, { ask: FRESH, values: { '': '2' } });
    await until('the sender caught up', 20_000, async () => (await lag('team')) < 3);
    const gaps = await longestGaps(url, 'node_time_seconds{tenant="payments-team"}[30s]');
    assert.equal(gaps.size, 2);
    for (const [instance, gap] of gaps) assert.ok(gap < 2.5, `${instance} has a gap of ${gap} s`);
  });
});
