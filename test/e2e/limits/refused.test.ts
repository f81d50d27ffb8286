import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../failures/support.ts';
import { overGrpc, overHttp, startLimited, type Asked } from './support.ts';

const AT = NOW / 1000;
const M: Asked = { query: 'm', start: AT };

/** A limit, what is within it, what is beyond it, and what a tenant is told of that. */
interface Row {
  readonly limits: Readonly<Record<string, unknown>>;
  readonly within: Asked;
  readonly beyond: Asked;
  readonly told: RegExp;
}

const ROWS: Readonly<Record<string, Row>> = {
  series: {
    limits: { max_series: 1 },
    within: { query: '1', start: AT },
    beyond: M,
    told: /more series than the limit of 1 \(limits: max_series of the tenant "series"\)/,
  },
  samples: {
    limits: { max_samples: 30 },
    within: M,
    beyond: { query: 'sum_over_time(m[10m])', start: AT },
    told: /needs \d+ samples or more at once; the limit is 30 \(limits: max_samples of the tenant "samples"\)/,
  },
  received: {
    limits: { max_received_bytes: 20 },
    within: { query: '1', start: AT },
    beyond: M,
    told: /receives more from servers than the limit of 20B \(limits: max_received_bytes of the tenant/,
  },
  response: {
    limits: { max_response_bytes: 120 },
    within: { query: '1', start: AT },
    beyond: M,
    told: /the answer has more than 120B, which is the limit \(limits: max_response_bytes of the tenant/,
  },
  range: {
    limits: { max_range: '10m' },
    within: { query: 'm', start: AT - 600, end: AT, step: 60 },
    beyond: { query: 'm', start: AT - 601, end: AT, step: 60 },
    told: /a range of 10m1s; the limit is 10m \(limits: max_range of the tenant "range"\)/,
  },
  reach: {
    limits: { max_range: '10m' },
    within: { query: 'count_over_time(m[10m])', start: AT },
    beyond: { query: 'count_over_time(m[20m])', start: AT },
    told: /a range of 20m; the limit is 10m \(limits: max_range of the tenant "reach"\)/,
  },
  subquery: {
    limits: { max_range: '10m' },
    within: { query: 'count_over_time(m[10m:1m])', start: AT },
    beyond: { query: 'count_over_time(m[1d:1h])', start: AT },
    told: /limits: max_range of the tenant "subquery"/,
  },
  age: {
    limits: { max_age: '10000d' },
    within: M,
    beyond: { query: 'm', start: 86_400 },
    told: /samples of \S+ ago; the limit is \S+ \(limits: max_age of the tenant "age"\)/,
  },
  offset: {
    limits: { max_age: '10000d' },
    within: M,
    beyond: { query: 'm offset 15000d', start: AT },
    told: /limits: max_age of the tenant "offset"/,
  },
  points: {
    limits: { max_points: 11 },
    within: { query: 'm', start: AT - 100, end: AT, step: 10 },
    beyond: { query: 'm', start: AT - 110, end: AT, step: 10 },
    told: /asks for 12 points of each series; the limit is 11 \(limits: max_points of the tenant "points"\)/,
  },
  regex: {
    limits: { max_regex_steps: 5 },
    within: { query: 'm{instance=~"1|2"}', start: AT },
    beyond: { query: 'm{instance=~"[12][34]?[56]?x{0,5}"}', start: AT },
    told: /about \d+ steps together; the limit is 5 \(limits: max_regex_steps of the tenant "regex"\)/,
  },
};

const TENANTS = Object.fromEntries(Object.entries(ROWS).map(([name, { limits }]) => [name, limits]));

test('what is beyond a limit of a tenant is refused with its name and value, over both transports', async (t) => {
  const { gateway, client } = await startLimited(t, { 'limits.tenants': TENANTS }, [
    ...Object.keys(ROWS),
    'free',
  ]);
  for (const [tenant, { within, beyond, told }] of Object.entries(ROWS)) {
    assert.equal((await overHttp(gateway, tenant, within)).status, 200, tenant);
    assert.equal((await overGrpc(client, tenant, within)).status, 'OK', tenant);
    const http = await overHttp(gateway, tenant, beyond);
    assert.deepEqual([http.status, http.retryAfter], [422, null], `${tenant}: ${http.text}`);
    assert.match(JSON.parse(http.text).error as string, told);
    const grpc = await overGrpc(client, tenant, beyond);
    assert.equal(grpc.status, 'RESOURCE_EXHAUSTED', `${tenant}: ${grpc.text}`);
    assert.match(grpc.text, told);
    assert.equal((await overHttp(gateway, 'free', beyond)).status, 200, 'another tenant has no such limit');
  }
  const metrics = await fetch(`${gateway.url}/metrics`, { headers: { 'thanos-tenant': 'ops' } });
  const text = await metrics.text();
  assert.match(text, /promweave_limits_refused_total\{limit="max_range"\} 6\n/);
  assert.match(text, /promweave_limits_refused_total\{limit="max_points"\} 2\n/);
});

test('the limits of all count for whom none are said, and of several tenants the smallest', async (t) => {
  const { gateway, client } = await startLimited(
    t,
    {
      'limits.default': { max_points: 5 },
      'limits.tenants': { wide: { max_points: 100 }, open: { max_points: 0 } },
      'tenancy.tenants': { wide: '', open: '', other: '' },
    },
    [],
  );
  const points = (count: number): Asked => ({ query: 'm', start: AT - count + 1, end: AT, step: 1 });
  const statuses = async (tenant: string, count: number) => [
    (await overHttp(gateway, tenant, points(count))).status,
    (await overGrpc(client, tenant, points(count))).status,
  ];
  const [ok, no] = [
    [200, 'OK'],
    [422, 'RESOURCE_EXHAUSTED'],
  ];
  assert.deepEqual(await statuses('other', 5), ok);
  assert.deepEqual(await statuses('other', 6), no);
  assert.deepEqual(await statuses('wide', 100), ok);
  assert.deepEqual(await statuses('wide', 101), no);
  assert.deepEqual(await statuses('open', 1000), ok);
  assert.deepEqual(await statuses('open|wide', 101), no);
  assert.deepEqual(await statuses('other|wide', 6), no);
});

test('lists without a start are of the times that the caller may read, and say so', async (t) => {
  const { gateway } = await startLimited(t, { 'limits.default': { max_range: '1d' } }, ['a']);
  const ask = async (path: string) => {
    const answer = await fetch(`${gateway.url}/api/v1/${path}`, { headers: { 'thanos-tenant': 'a' } });
    const { infos, error } = (await answer.json()) as { infos?: string[]; error?: string };
    return { status: answer.status, infos, error };
  };
  for (const path of ['labels', 'label/job/values', 'series?match[]=m']) {
    const { status, infos } = await ask(path);
    assert.equal(status, 200);
    assert.match(
      infos?.join('\n') ?? '',
      /the list is of series since \d{4}-.*allow no more; give a start/,
      path,
    );
  }
  const from = (seconds: number) => `labels?start=${AT - seconds}&end=${AT}`;
  assert.deepEqual((await ask(from(3600))).infos, undefined);
  const { status, error } = await ask(from(90_000));
  assert.equal(status, 422);
  assert.match(error!, /a range of 1d1h; the limit is 1d \(limits: max_range of the tenant "a"\)/);
});
