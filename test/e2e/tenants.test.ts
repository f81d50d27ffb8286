import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFakePrometheus } from '../support/fake-prometheus.ts';
import { sendJson, sendText, type FakeHandler } from '../support/fake-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';

const TENANT = 'x-scope-orgid';

/** Answers each tenant with a series of its own; `away` is not let in. */
const queries =
  (away: ReadonlySet<string>): FakeHandler =>
  ({ headers, parameters }, response) => {
    const tenant = String(headers[TENANT]);
    if (away.has(tenant)) return sendText(response, 503, 'text/plain', `${tenant} is away`);
    const now = Math.floor(Date.now() / 1000);
    if (parameters.get('query') === '1')
      return sendJson(response, { status: 'success', data: { resultType: 'scalar', result: [now, '1'] } });
    const metric = { __name__: 'm', team: `of-${tenant}` };
    const result = [{ metric, values: [[now - 15, '1']] }];
    return sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  };

test('two tenants of one address are two endpoints, in answers, lists and metrics', async (t) => {
  const away = new Set<string>();
  const server = await startFakePrometheus({ '/api/v1/query': queries(away) });
  const endpoint = (tenant: string) => ({
    address: server.url,
    headers: { 'X-Scope-OrgID': tenant },
    external_labels: { tenant },
  });
  const gateway = await startTestGateway([], {
    refresh_interval: '1h',
    endpoints: [endpoint('eu'), endpoint('us')],
  });
  t.after(async () => {
    await gateway.close(0);
    await server.close();
  });
  const get = async (path: string): Promise<string> => (await fetch(gateway.url + path)).text();
  const query = async (): Promise<{ readonly found: readonly string[]; readonly warnings: string }> => {
    const answer = JSON.parse(await get('/api/v1/query?query=m')) as {
      readonly data: {
        readonly result: readonly { readonly metric: { readonly tenant: string; readonly team: string } }[];
      };
      readonly warnings?: readonly string[];
    };
    const found = answer.data.result.map(({ metric: { tenant, team } }) => `${tenant} ${team}`);
    return { found: found.sort(), warnings: (answer.warnings ?? []).join() };
  };

  assert.deepEqual(await query(), { found: ['eu of-eu', 'us of-us'], warnings: '' });
  const ids = ['eu', 'us'].map((tenant) => `${server.url} (X-Scope-OrgID: ${tenant}, {tenant="${tenant}"})`);
  const stores = JSON.parse(await get('/api/v1/stores')) as {
    readonly data: Readonly<Record<string, readonly { readonly name: string }[]>>;
  };
  assert.deepEqual(
    stores.data['prometheus']!.map(({ name }) => name),
    ids,
  );

  away.add('us');
  const { found, warnings } = await query();
  assert.deepEqual(found, ['eu of-eu']);
  assert.match(warnings, /shard \{tenant="us"\} is missing/);
  const counters = (await get('/metrics'))
    .split('\n')
    .filter((line) => line.startsWith('promweave_endpoint_failures_total{'));
  assert.deepEqual(
    ids.map((id) =>
      counters
        .find((line) => line.includes(JSON.stringify(id)))
        ?.split(' ')
        .at(-1),
    ),
    ['0', '1'],
  );
});
