/** The calls of Grafana's data source for Prometheus, in the form and order in which it makes them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DATA_START } from '../support/differential/sample-series.ts';
import { ask, closeConnections, get, post, type Answer, type Call } from './api-comparison/ask.ts';
import { comparable } from './api-comparison/comparable.ts';
import { nameOf } from './api-comparison/compare.ts';
import { startDataPair, startOperationPair, type Pair } from './api-comparison/servers.ts';

/** What the browser and the server of Grafana send along. */
const HEADERS = {
  accept: 'application/json, text/plain, */*',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'user-agent': 'Grafana/13.0.0',
  'x-dashboard-uid': 'a1b2c3',
  'x-panel-id': '7',
  'x-datasource-uid': 'prometheus',
  'x-grafana-org-id': '1',
  'x-grafana-user': 'admin',
  'x-query-group-id': '4f1c',
  fromalert: 'false',
};

/** Of which it reads the body of an answer to a query; of all others it shows the number alone. */
const READ_STATUSES: ReadonlySet<number> = new Set([200, 400, 422, 503]);

const form = (fields: Readonly<Record<string, string | number | readonly string[]>>): string => {
  const text = new URLSearchParams();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) text.append(name, String(value));
  return text.toString();
};
const getting = (path: string, fields: Parameters<typeof form>[0] = {}): Call =>
  get(`/api/v1/${path}?${form(fields)}`, HEADERS);
const posting = (path: string, fields: Parameters<typeof form>[0], inUrl = ''): Call =>
  post(`/api/v1/${path}${inUrl}`, form(fields), HEADERS);

/** s, as it snaps lookups to whole minutes and asks queries with fractions. */
const FROM = DATA_START / 1000 + 600;
const SNAPPED = { start: FROM, end: FROM + 900 };
const PANEL = { start: `${FROM}.128`, end: `${FROM + 900}.128`, step: 15 };
const IN_MILLISECONDS = { start: DATA_START, end: DATA_START + 900_000 };
const MOST = 40_000;

const CHECK = posting('query', { query: '1+1', time: 4 });

/** Of a data source that is added, and of the pages that explore it. */
const LOOKUPS: readonly Call[] = [
  getting('metadata', { limit: MOST }),
  getting('label/__name__/values', { ...SNAPPED, limit: MOST }),
  getting('label/__name__/values', { ...SNAPPED, limit: MOST, 'match[]': '{job="api"}' }),
  getting('label/job/values', { ...SNAPPED, limit: MOST, 'match[]': '{__name__="requests_total"}' }),
  getting('label/instance/values', {
    ...SNAPPED,
    limit: MOST,
    'match[]': ['requests_total{job="api"}', 'errors_total'],
  }),
  getting('labels', { ...SNAPPED, limit: MOST, 'match[]': 'requests_total' }),
  posting('labels', { ...SNAPPED, limit: MOST, 'match[]': '{__name__="requests_total"}' }),
  posting('series', { ...SNAPPED, limit: MOST, 'match[]': 'up' }),
  getting('series', { ...SNAPPED, limit: MOST, 'match[]': '{__name__=~"up|special"}' }),
];

const QUERIES: readonly Call[] = [
  posting('query_range', { query: 'max by (job) (rate(requests_total[1m0s]))', ...PANEL }),
  posting('query_range', { query: 'up{job="api"}', ...PANEL }, `?${form({ timeout: '30s' })}`),
  posting('query_range', { query: 'nothing', ...PANEL }),
  posting('query_range', { query: 'vector(1)', ...PANEL, step: 0.5 }),
  posting('query_range', {
    query: 'histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))',
    ...PANEL,
  }),
  posting('query', { query: 'up', time: `${FROM}.128` }),
  posting('query', { query: 'requests_total{job="api"}[1m]', time: FROM }),
  posting('query', { query: 'scalar(up{job="api",instance="0"})', time: FROM }),
  posting('query', { query: '"text"', time: FROM }),
  getting('query_range', { query: 'up', ...PANEL }),
  getting('query_exemplars', { query: 'test', ...IN_MILLISECONDS }),
  posting('query_exemplars', { query: 'requests_total', ...SNAPPED }),
];

const WRONG_QUERIES: readonly Call[] = [
  posting('query_range', { query: 'up{', ...PANEL }),
  posting('query_range', { query: 'rate(up)', ...PANEL }),
  posting('query_range', { query: 'up', ...PANEL, step: 0.001 }),
  posting('query_range', { query: 'up', ...PANEL, end: FROM }),
  posting('query', { query: 'up[5m] + 1', time: FROM }),
  posting('query', { query: 'requests_total + on (job) up', time: FROM }),
  posting('query', { query: 'label_replace(up, "instance", "x", "", "")', time: FROM }),
];

describe('Grafana hears from the gateway what it hears from the server behind it', () => {
  let data: Pair;
  let operations: Pair;

  before(async () => {
    data = await startDataPair();
    operations = await startOperationPair();
  });
  after(async () => {
    closeConnections();
    await data?.stop();
    await operations?.stop();
  });

  async function same({ server, gateway }: Pair, call: Call): Promise<Answer> {
    const [expected, actual] = await Promise.all([ask(server, call), ask(gateway, call)]);
    const told = ({ status, headers, body }: Answer): object => [status, headers['content-type'], body];
    const name = nameOf(call);
    assert.deepEqual(told(comparable(actual, call)), told(comparable(expected, call, true)), name);
    return actual;
  }

  test('when the data source is tested', async () => {
    const { body } = await same(data, CHECK);
    assert.equal(body, '{"status":"success","data":{"resultType":"scalar","result":[4,"2"]}}');
  });

  test('when it asks which server that is', async () => {
    const [server, gateway] = await Promise.all(
      [data.server, data.gateway].map(async (url) => ask(url, getting('status/buildinfo'))),
    );
    assert.equal(gateway!.status, server!.status);
    const { data: told } = JSON.parse(gateway!.body) as { readonly data: Readonly<Record<string, unknown>> };
    const { data: wanted } = JSON.parse(server!.body) as { readonly data: Readonly<Record<string, unknown>> };
    // A server that has features here is taken for a Mimir, and one without a version for an old one.
    assert.deepEqual(
      Object.keys(wanted).filter((name) => !Object.hasOwn(told, name)),
      [],
    );
    assert.ok(!Object.hasOwn(told, 'features'));
    assert.match(String(told['version']), /^3\.\d+\.\d+$/);
  });

  test('when it lists metrics, labels and values', async () => {
    for (const call of LOOKUPS) assert.equal((await same(data, call)).status, 200, call.path);
  });

  test('when it lists what a target says, rules and alerts', async () => {
    for (const path of ['metadata', 'rules', 'alerts', 'query_exemplars'])
      await same(
        operations,
        getting(path, path === 'query_exemplars' ? { query: 'basket_visits_total' } : {}),
      );
    await same(operations, getting('rules', { type: 'alert' }));
  });

  test('when panels are drawn', async () => {
    for (const call of QUERIES) assert.equal((await same(data, call)).status, 200, call.path);
  });

  test('when queries are wrong, with statuses whose bodies it reads', async () => {
    for (const call of WRONG_QUERIES) {
      const [expected, actual] = await Promise.all([ask(data.server, call), ask(data.gateway, call)]);
      assert.equal(actual.status, expected.status, actual.body);
      assert.ok(READ_STATUSES.has(actual.status));
      assert.match(actual.body, /^\{"status":"error","errorType":"\w+","error":"./);
    }
  });

  test('with members in the order in which its streaming reader wants them', async () => {
    for (const call of QUERIES.slice(0, 7)) {
      const { body } = await ask(data.gateway, call);
      assert.match(body, /^\{"status":"success","data":\{"resultType":"\w+","result":\[/);
      assert.doesNotMatch(body, /\{"values?":/, 'labels come before samples');
    }
  });
});
