import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { queryRange } from '../support/api-client.ts';
import { END, METRIC, START } from '../support/load/counter-pairs.ts';
import { type LoadServers, startLoad } from '../support/load/load-servers.ts';
import { sendText, startFakeServer, type FakeServer } from '../support/fake-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';

const SERIES = 40;
const RANGE = { start: START / 1000, end: END / 1000, step: 60 };

const WAYS: Readonly<Record<string, (inner: RunningGateway, t: Stoppers) => string | Promise<string>>> = {
  'over gRPC': ({ grpcAddress }) => grpcAddress,
  'as a Prometheus': ({ url }) => url,
  'by queries': async ({ url }, stoppers) => {
    const server = await startQueriesOnly(url);
    stoppers.push(() => server.close());
    return server.url;
  },
};

type Stoppers = (() => Promise<void>)[];

/** What stands in front of a server and does not let remote reads through. */
async function startQueriesOnly(url: string): Promise<FakeServer> {
  return startFakeServer(async ({ path, parameters }, response) => {
    if (path === '/api/v1/read') return sendText(response, 404, 'text/plain', '404 page not found');
    const answer = await fetch(`${url}${path}?${parameters.toString()}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type')! });
    response.end(await answer.text());
  });
}

const READ_BY_QUERY = /read by query: the server offers no remote read/;

const QUERIES: readonly string[] = [
  METRIC,
  `sum by (job) (rate(${METRIC}[5m]))`,
  `count({cluster="load"})`,
  `max by (__replica__) (${METRIC})`,
];

for (const [way, addressOf] of Object.entries(WAYS))
  describe(`a gateway that reads another one ${way}`, () => {
    let load: LoadServers;
    let inner: RunningGateway;
    let outer: RunningGateway;
    const stoppers: Stoppers = [];

    before(async () => {
      load = await startLoad(SERIES);
      inner = await startTestGateway(load.urls);
      outer = await startTestGateway([await addressOf(inner, stoppers)]);
    });

    after(async () => {
      await outer?.close(0);
      for (const stop of stoppers) await stop();
      await inner?.close(0);
      await load?.stop();
    });

    for (const query of QUERIES)
      it(`answers ${query} as that one does`, async () => {
        const [expected, actual] = await Promise.all(
          [inner, outer].map(({ url }) => queryRange(url, query, RANGE)),
        );
        assert.ok(JSON.stringify(expected).length > 200);
        const { infos, ...told } = actual!;
        if (way === 'by queries') assert.match(infos!.join(), READ_BY_QUERY);
        else assert.equal(infos, undefined);
        assert.deepEqual(told, expected);
      });

    it('shows it with the labels of both replicas where it hears of them', async () => {
      const answer = await fetch(`${outer.url}/api/v1/stores`);
      const { data } = (await answer.json()) as {
        readonly data: Record<string, readonly { readonly labelSets: unknown }[]>;
      };
      const [store] = Object.values(data).flat();
      const replicas = [
        { __replica__: 'replica-0', cluster: 'load' },
        { __replica__: 'replica-1', cluster: 'load' },
      ];
      assert.deepEqual(store?.labelSets, way === 'over gRPC' ? replicas : []);
    });
  });
