import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { pause } from '../support/topology/pause.ts';
import { answerAll, longestGaps, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';

const GLOBAL = 'prometheus-global';
const CLOCK = 'job:app_clock_seconds:max';
/** What the global server has of both leaves, by the way that it came. */
const WAYS = {
  ask: `count by (federated, shard) (${CLOCK})`,
  values: {
    'by-gateway payments': '1',
    'by-gateway platform': '1',
    'true payments': '1',
    'true platform': '1',
  },
};
/** What its rules make of them, which takes a few rounds more. */
const RATES = {
  ask: 'count by (namespace, service) (namespace:http_requests_total:rate5m{federated="true"})',
  values: { 'payments payments-api': '3', 'platform platform-api': '3' },
};
/** Longer than the interval of the federation, which is four seconds here. */
const ROUNDS_MS = 6000;

describe('federation-hierarchical', () => {
  let topology: Topology;
  let url = '';
  let globalUrl = '';
  /** How old the oldest of the answers was that somebody got who asked for some time, s. */
  const oldest = async (server: string, query: string): Promise<number> => {
    const until = performance.now() + ROUNDS_MS;
    let age = 0;
    while (performance.now() < until) {
      const { data } = await queryInstant(server, query);
      age = Math.max(age, ...data.result.map(({ value }) => Number(value[1])));
      await pause(100);
    }
    return age;
  };
  before(async () => {
    topology = await Topology.start('federation-hierarchical');
    [url, globalUrl] = [topology.url('promweave'), topology.url(GLOBAL)];
    await untilAnswered(globalUrl, WAYS);
    await untilAnswered(globalUrl, RATES);
  });
  after(async () => topology?.stop());

  test('the global server has the aggregates of all leaves by both ways, with their labels, and nothing raw', async () => {
    await answerAll(globalUrl, [WAYS, RATES, { ask: 'node_time_seconds', values: {} }]);
    await answerAll(url, [
      { ask: `count by (shard) (${CLOCK})`, values: { payments: '1', platform: '1' } },
      { ask: 'count(node_time_seconds)', values: { '': '2' } },
    ]);
  });

  test('what the README says to try works', async () => tryLines('federation-hierarchical', topology));

  test('what the gateway answers is fresher than what was federated', async (t) => {
    const ask = `time() - ${CLOCK}`;
    const [through, federated] = await Promise.all([
      oldest(url, ask),
      oldest(globalUrl, `${ask}{federated="true"}`),
    ]);
    t.diagnostic(
      `oldest answer: ${through.toFixed(1)} s through the gateway, ${federated.toFixed(1)} s federated`,
    );
    assert.ok(federated > 4, `federated: ${federated} s`);
    assert.ok(through < federated, `through the gateway: ${through} s, federated: ${federated} s`);
  });

  test('the global server was down: it has a gap for good, and the gateway none', async (t) => {
    await topology.end(GLOBAL);
    await pause(ROUNDS_MS);
    await topology.start(GLOBAL);
    const since = Date.now() / 1000;
    await untilAnswered(globalUrl, { ask: `count(timestamp(${CLOCK}) > ${since})`, values: { '': '4' } });
    const [federated, through] = await Promise.all(
      [globalUrl, url].map(async (server) =>
        Math.max(...(await longestGaps(server, `${CLOCK}[40s]`)).values()),
      ),
    );
    t.diagnostic(
      `longest gap: ${through!.toFixed(1)} s through the gateway, ${federated!.toFixed(1)} s federated`,
    );
    assert.ok(federated! > 8, `federated: ${federated} s`);
    assert.ok(through! < 3, `through the gateway: ${through} s`);
  });

  test('a leaf is lost: the gateway names it, and the global server shows its old aggregates in silence', async () => {
    await topology.end('prometheus-platform', 'SIGKILL');
    await answerAll(url, [
      { ask: `count by (shard) (${CLOCK})`, values: { payments: '1' }, warns: /shard="platform"/ },
    ]);
    await answerAll(globalUrl, [{ ask: `count(${CLOCK}{federated="true"})`, values: { '': '2' } }]);
  });
});
