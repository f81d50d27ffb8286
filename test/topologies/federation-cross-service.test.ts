import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';

/** Everything of both services that the server of the SRE team has: a series for each status code. */
const COPIES = {
  ask: 'count by (__name__, job) ({job=~"payment-api|order-service"})',
  values: { 'grpc_server_handled_total order-service': '3', 'http_requests_total payment-api': '3' },
};
const ERRORS = { ask: 'count(http_requests_total{job="payment-api", code=~"5.."})', values: { '': '2' } };

describe('federation-cross-service', () => {
  let topology: Topology;
  let url = '';
  let sre = '';
  before(async () => {
    topology = await Topology.start('federation-cross-service');
    [url, sre] = [topology.url('promweave'), topology.url('prometheus-sre')];
    await untilAnswered(sre, COPIES);
  });
  after(async () => topology?.stop());

  test('the one server has copies of three selectors alone, and the gateway reads all', async () => {
    await answerAll(sre, [COPIES, ERRORS, { ask: 'node_time_seconds', values: {} }]);
    await answerAll(url, [
      ERRORS,
      { ask: 'count by (job) (node_time_seconds)', values: { 'order-service': '1', 'payment-api': '1' } },
    ]);
  });

  test('what the README says to try works', async () => tryLines('federation-cross-service', topology));

  test('the server of the other team is away: copies stay, in silence, and the gateway says what is missing', async () => {
    await topology.end('prometheus-payments', 'SIGKILL');
    await answerAll(sre, [COPIES]);
    const { httpStatus, error } = await queryInstant(url, ERRORS.ask);
    assert.equal(httpStatus, 503);
    assert.match(error!, /shard="payments"/);
  });

  test('it comes back', async () => {
    await topology.start('prometheus-payments');
    await untilAnswered(url, ERRORS);
  });
});
