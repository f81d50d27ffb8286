import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, askedFor, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';

const LOST = 'prometheus-data';
const ACROSS = 'count by (namespace, shard) (up)';
const ALL = {
  'data data': '1',
  'frontend frontend': '1',
  'payments payments': '1',
  'platform platform': '1',
};
const ONE_TEAM = {
  ask: ACROSS.replace('up', 'up{shard="payments"}'),
  by: { partial_response: false },
  values: { 'payments payments': '1' },
};

describe('functional-sharding', () => {
  let topology: Topology;
  let url = '';
  before(async () => {
    topology = await Topology.start('functional-sharding');
    url = topology.url('promweave');
    await untilAnswered(url, { ask: ACROSS, values: ALL });
  });
  after(async () => topology?.stop());

  test('one query is answered across teams, and each target is scraped by its team alone', async () => {
    await answerAll(url, [
      { ask: ACROSS, values: ALL },
      { ask: ACROSS, by: { dedup: false }, values: ALL },
      { ask: 'count(abs(node_time_seconds - timestamp(node_time_seconds)) < 1)', values: { '': '4' } },
      ONE_TEAM,
    ]);
  });

  test('a query of one team asks its server alone', async () => {
    assert.equal((await askedFor(url, 'up')).length, 4);
    assert.deepEqual(await askedFor(url, 'up{shard="payments"}'), [topology.url('prometheus-payments')]);
  });

  test('what the README says to try works', async () => tryLines('functional-sharding', topology));

  test('the server of a team is away: it is named, and who asks for another team does not notice', async () => {
    await topology.end(LOST, 'SIGKILL');
    const { 'data data': _lost, ...others } = ALL;
    await answerAll(url, [
      { ask: ACROSS, values: others, warns: /shard \{.*shard="data"\} is missing/ },
      ONE_TEAM,
    ]);
    const { httpStatus, error } = await queryInstant(url, ACROSS, { partial_response: false });
    assert.equal(httpStatus, 503);
    assert.match(error!, /shard="data"/);
  });

  test('it comes back, and is there again', async () => {
    await topology.start(LOST);
    await untilAnswered(url, { ask: `count(timestamp(up) > ${Date.now() / 1000})`, values: { '': '4' } });
    await answerAll(url, [{ ask: ACROSS, by: { partial_response: false }, values: ALL }]);
  });
});
