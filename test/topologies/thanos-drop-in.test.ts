import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CoverageReportJson } from '../../src/http/api/coverage.ts';
import { readCompose } from '../support/topology/compose-file.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import { untilEndpointsUp } from '../support/serve-process.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { until } from '../support/until.ts';

/** Of the Deployment of a Thanos Query, as it is written there. */
const COMMAND_LINE = [
  'query',
  '--log.level=info',
  '--query.replica-label=__replica__',
  '--query.auto-downsampling',
  '--store=dnssrv+_grpc._tcp.thanos-store.monitoring.svc',
  '--store=dnssrv+_grpc._tcp.prometheus-ha.monitoring.svc',
];
const ASK = 'count by (cluster) (up)';
const ALL = { archive: '1', production: '3' };

describe('thanos-drop-in', () => {
  let topology: Topology;
  let url = '';
  before(async () => {
    topology = await Topology.start('thanos-drop-in');
    url = topology.url('promweave');
    await untilEndpointsUp(url, 3);
    await untilAnswered(url, {
      ask: 'count by (__replica__) (up)',
      by: { dedup: false },
      values: { 'archive-0': '1', 'prom-0': '3', 'prom-1': '3' },
    });
    await until('scrapes prove that either of the pair has all', 60_000, async () => {
      const { data } = await callApi<CoverageReportJson>(url, 'status/coverage', {});
      const ofPair = data.shards.filter(({ endpoints }) => endpoints.length > 1);
      return ofPair.length === 1 && ofPair[0]!.endpoints.every(({ coverage }) => coverage === 'whole');
    });
  });
  after(async () => topology?.stop());

  test('the command line of a Thanos Query starts it', () => {
    const services = readCompose('deploy/topologies/thanos-drop-in/compose.yml');
    assert.deepEqual(services.find(({ name }) => name === 'promweave')!.command, COMMAND_LINE);
  });

  test('stores that DNS names are asked over gRPC, and replicas of them are one', async () => {
    await answerAll(url, [
      { ask: ASK, values: ALL },
      { ask: ASK, by: { partial_response: false }, values: ALL },
      { ask: ASK, by: { dedup: false }, values: { archive: '1', production: '6' } },
    ]);
  });

  test('what the README says to try works', async () => tryLines('thanos-drop-in', topology));

  test('a sidecar of the pair is away: nothing is missing', async () => {
    await topology.end('sidecar-1', 'SIGKILL');
    await answerAll(url, [{ ask: ASK, by: { partial_response: false }, values: ALL }]);
  });

  test('the store is away: the answer says so, and who wants all of it is refused', async () => {
    await topology.end('thanos-store', 'SIGKILL');
    await answerAll(url, [{ ask: ASK, values: { production: '3' }, warns: /cluster="archive"/ }]);
    assert.equal((await queryInstant(url, ASK, { partial_response: false })).httpStatus, 503);
  });

  test('both come back', async () => {
    await Promise.all([topology.start('sidecar-1'), topology.start('thanos-store')]);
    const whole = { ask: ASK, by: { partial_response: false }, values: ALL };
    await untilAnswered(url, whole);
    await answerAll(url, [whole]);
  });
});
