import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startFakePrometheus, streamed } from '../support/fake-prometheus.ts';
import { sendJson, type FakeRequest, type FakeServer } from '../support/fake-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { untilEndpointsUp } from '../support/serve-process.ts';

const HEADER = 'x-scope-orgid';
/** The tenant that the gateway itself asks as. */
const OWN = 'operations';

const tenantOf = ({ headers }: FakeRequest): string => String(headers[HEADER] ?? 'nobody');

/** A server that has other data for each tenant, as Mimir does, and one value of a label that tells which. */
async function startByTenant(t: TestContext): Promise<FakeServer> {
  const server = await startFakePrometheus({
    '/api/v1/read': streamed(),
    '/api/v1/series': (request, response) =>
      sendJson(response, { status: 'success', data: [{ __name__: 'm', tenant: tenantOf(request) }] }),
    '/api/v1/label/tenant/values': (request, response) =>
      sendJson(response, { status: 'success', data: [tenantOf(request)] }),
    '/api/v1/labels': (_, response) => sendJson(response, { status: 'success', data: ['tenant'] }),
  });
  t.after(() => server.close());
  return server;
}

async function startOver(t: TestContext, settings: object): Promise<string> {
  const gateway = await startTestGateway([], { refresh_interval: '1h', ...settings });
  t.after(() => gateway.close(0));
  await untilEndpointsUp(gateway.url, 2);
  return gateway.url;
}

async function valuesFor(url: string, headers: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/label/tenant/values`, { headers });
  assert.equal(response.status, 200);
  const { data } = (await response.json()) as { readonly data: readonly string[] };
  return data;
}

test('a header of the client goes to the endpoints that are configured so, and to no other', async (t) => {
  const [passing, other] = [await startByTenant(t), await startByTenant(t)];
  const url = await startOver(t, {
    endpoints: [
      { address: passing.url, headers: { 'X-Scope-OrgID': OWN }, pass_headers: ['X-Scope-OrgID'] },
      { address: other.url, external_labels: { shard: 'other' } },
    ],
    // What is kept for one tenant is not to be the answer to another.
    'query.metadata_cache_duration': '1m',
  });
  for (let times = 0; times < 2; times++)
    for (const tenant of ['team-a', 'team-b', 'team-a|team-b'])
      assert.deepEqual(await valuesFor(url, { 'X-Scope-OrgID': tenant }), ['nobody', tenant].toSorted());
  assert.deepEqual(await valuesFor(url, {}), ['nobody', OWN]);
  assert.deepEqual(await valuesFor(url, { 'X-Other': 'x' }), ['nobody', OWN]);
  assert.deepEqual(new Set(other.requests.map(tenantOf)), new Set(['nobody']));
  const reads = passing.requests.filter(({ headers }) => String(headers[HEADER]).includes(','));
  assert.deepEqual(reads, [], 'one header takes the place of the other');
});

test('samples are read for the tenant that the client names, and of no replica in the place of another', async (t) => {
  const servers = [await startByTenant(t), await startByTenant(t)];
  const url = await startOver(t, {
    endpoints: servers.map((server, replica) => ({
      address: server.url,
      external_labels: { cluster: 'eu', __replica__: String(replica) },
      headers: { 'X-Scope-OrgID': OWN },
      pass_headers: ['X-Scope-OrgID'],
    })),
  });
  for (const { requests } of servers) (requests as FakeRequest[]).length = 0;
  const query = async (): Promise<{ readonly warnings?: readonly string[] }> =>
    (
      await fetch(`${url}/api/v1/query?query=m`, { headers: { 'X-Scope-OrgID': 'team-a' } })
    ).json() as Promise<object>;
  assert.equal((await query()).warnings, undefined);
  for (const { requests } of servers)
    assert.deepEqual(requests.filter(({ path }) => path === '/api/v1/read').map(tenantOf), ['team-a']);
  await servers[1]!.close();
  assert.match(String((await query()).warnings), /cluster="eu"/);
});

test('a value that is no name is refused', async (t) => {
  const [passing, other] = [await startByTenant(t), await startByTenant(t)];
  const url = await startOver(t, {
    endpoints: [{ address: passing.url, pass_headers: ['X-Scope-OrgID'] }, { address: other.url }],
  });
  const response = await fetch(`${url}/api/v1/labels`, { headers: { 'X-Scope-OrgID': 'x'.repeat(1001) } });
  assert.equal(response.status, 400);
  assert.match(
    await response.text(),
    /the header x-scope-orgid has 1001 characters; the most that are passed on are 1000/,
  );
});
