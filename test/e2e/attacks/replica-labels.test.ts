import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { request } from 'undici';
import { Client, credentials, status } from '@grpc/grpc-js';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../../src/wire/store-api/series-request.ts';
import { callStream } from '../../grpc/support.ts';
import { END, METRIC } from '../../support/load/counter-pairs.ts';
import { startLoad, type LoadGateway, type LoadServers } from '../../support/load/load-servers.ts';
import { probeHealth } from '../../support/probe-health.ts';

const SERIES = 3000;

/** On a loaded machine; what is measured is some 10 ms, and 130 ms while a query with the labels that are allowed is answered. */
const MOST_WAIT_MS = 3000;

function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `l${i}`);
}

describe('names of replica labels by the thousand, over two replicas', () => {
  let load: LoadServers;
  let gateway: LoadGateway;
  before(async () => {
    load = await startLoad(SERIES);
    gateway = await load.startGateway(load.urls);
  });
  after(() => load.stop());

  for (const [names, expected] of [
    [100, 200],
    [101, 400],
    [3000, 400],
    [9000, 400],
  ] as const)
    it(`${names} over HTTP are ${expected === 200 ? 'answered' : 'refused'}`, async (t) => {
      const form = new URLSearchParams({ query: `count(${METRIC})`, time: String(END / 1000) });
      for (const name of namesOf(names)) form.append('replicaLabels[]', name);
      const { value, longest } = await probeHealth(gateway.url, async () => {
        const { statusCode, body } = await request(`${gateway.url}/api/v1/query`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: form.toString(),
        });
        await body.text();
        return statusCode;
      });
      t.diagnostic(`/-/healthy waited ${longest.toFixed(0)} ms at most`);
      assert.equal(value, expected);
      assert.ok(longest < MOST_WAIT_MS, `/-/healthy waited ${longest} ms`);
    });

  for (const [names, expected] of [
    [100, status.OK],
    [1000, status.INVALID_ARGUMENT],
    [20_000, status.INVALID_ARGUMENT],
  ] as const)
    it(`${names} over gRPC end with ${status[expected]}`, async (t) => {
      const client = new Client(gateway.grpcAddress, credentials.createInsecure());
      t.after(() => client.close());
      const message = encodeSeriesRequest({
        ...EMPTY_SERIES_REQUEST,
        minTime: END - 60_000,
        maxTime: END,
        matchers: [{ kind: '=', name: '__name__', value: METRIC }],
        withoutReplicaLabels: namesOf(names),
      });
      const { value, longest } = await probeHealth(gateway.url, () =>
        callStream(client, '/thanos.Store/Series', message),
      );
      t.diagnostic(`/-/healthy waited ${longest.toFixed(0)} ms at most`);
      assert.equal(value.code, expected, value.details);
      assert.ok(longest < MOST_WAIT_MS, `/-/healthy waited ${longest} ms`);
    });
});
