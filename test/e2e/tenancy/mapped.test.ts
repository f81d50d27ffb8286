import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { startTestGateway } from '../../support/running-gateway.ts';
import {
  BY_HEADER,
  BY_PATH,
  startTenantedStore,
  type TenantedStore,
  type TenantPlace,
} from '../../support/tenanted-store.ts';
import { until } from '../../support/until.ts';
import { overGrpc } from '../limits/support.ts';

const NOW = Math.floor(Date.now() / 1000) * 1000;
const AT = NOW / 1000;

interface Form {
  readonly place: TenantPlace;
  /** Of two tenants, as the store names them. */
  readonly values: Readonly<Record<'a' | 'b', string>>;
  readonly address: (url: string) => string;
  readonly header?: string;
}

const FORMS: Readonly<Record<string, Form>> = {
  'a header': {
    place: BY_HEADER,
    values: { a: 'team-1', b: 'team-2' },
    address: (url) => `${url}/prometheus`,
    header: 'X-Scope-OrgID',
  },
  'the path': {
    place: BY_PATH,
    values: { a: '1', b: '2:7' },
    address: (url) => `${url}/select/{tenant}/prometheus`,
  },
};

interface World {
  readonly store: TenantedStore;
  readonly client: Client;
  /** What a tenant is told at a path. */
  readonly get: (tenant: string, path: string) => Promise<{ readonly status: number; readonly text: string }>;
}

async function startOver(
  t: TestContext,
  { place, values, address, header }: Form,
  more: Readonly<Record<string, unknown>> = {},
): Promise<World> {
  const store = await startTenantedStore(t, place, NOW);
  const gateway = await startTestGateway([], {
    refresh_interval: '1h',
    endpoints: [
      {
        address: address(store.url),
        tenants: { ...(header !== undefined && { header }), values: { ...values, empty: '' } },
      },
    ],
    'tenancy.enforce': true,
    'tenancy.admins': ['ops'],
    // What is kept for one tenant is not to be the answer to another.
    'query.metadata_cache_duration': '1m',
    'query.results_cache_size': '10MiB',
    ...more,
  });
  t.after(async () => gateway.close(0));
  const get: World['get'] = async (tenant, path) => {
    const answer = await fetch(gateway.url + path, { headers: { 'thanos-tenant': tenant } });
    return { status: answer.status, text: await answer.text() };
  };
  await until('both tenants of the store are known', 30_000, async () => {
    const { text } = await get('ops', '/metrics');
    return [...text.matchAll(/^promweave_endpoint_up\{.*\} 1$/gm)].length === 2;
  });
  const client = new Client(gateway.grpcAddress, credentials.createInsecure());
  t.after(() => client.close());
  return { store, client, get };
}

const RANGE = `start=${AT - 600}&end=${AT}`;
/** All of which a tenant is told something by the store. */
const PATHS = [
  `/api/v1/query?query=m&time=${AT}`,
  `/api/v1/query_range?query=m&${RANGE}&step=30`,
  '/api/v1/series?match[]=m',
  '/api/v1/label/of/values',
  `/api/v1/export?match[]=m&${RANGE}`,
  '/federate?match[]=m',
  '/api/v1/rules',
  '/api/v1/alerts',
  '/api/v1/metadata',
  `/api/v1/query_exemplars?query=m&${RANGE}`,
];

for (const [name, form] of Object.entries(FORMS))
  describe(`a store that takes its tenant from ${name}`, () => {
    const { values } = form;
    const own: Readonly<Record<string, readonly string[]>> = {
      a: [values.a],
      b: [values.b],
      'a|b': [values.a, values.b],
      'b|empty': [values.b],
      empty: [],
      ops: [values.a, values.b],
    };

    it('is asked for the tenants of the caller alone, and each is told of its own', async (t) => {
      const { store, get, client } = await startOver(t, form);
      assert.deepEqual(
        store.asked(),
        Object.values(values).toSorted(),
        'also for what it is asked by itself',
      );
      // Twice, so that the second answer may be one that was kept.
      for (const path of [...PATHS, ...PATHS])
        for (const [tenant, expected] of Object.entries(own)) {
          const { status, text } = await get(tenant, path);
          assert.equal(status, 200, `${path} for ${tenant}: ${text}`);
          for (const value of Object.values(values))
            assert.equal(
              text.includes(`secret-${value}`),
              expected.includes(value),
              `${path} for ${tenant}: ${text}`,
            );
          assert.doesNotMatch(text, /warnings/, `${path} for ${tenant}`);
          const foreign = store.asked().filter((each) => !expected.includes(each));
          assert.deepEqual(foreign, [], `${path} for ${tenant}`);
        }
      for (const [tenant, expected] of Object.entries(own)) {
        const { status, text } = await overGrpc(client, tenant, { query: 'm', start: AT });
        assert.equal(status, 'OK', text);
        for (const value of Object.values(values))
          assert.equal(text.includes(`secret-${value}`), expected.includes(value), `${tenant}: ${text}`);
      }
    });

    it('gives series the label of their tenant, whatever they say themselves', async (t) => {
      const { get } = await startOver(t, form);
      const labels = async (tenant: string, query: string): Promise<readonly string[]> => {
        const { text } = await get(tenant, `/api/v1/query?query=${encodeURIComponent(query)}&time=${AT}`);
        const { data } = JSON.parse(text) as {
          readonly data: { readonly result: readonly { readonly metric: Record<string, string> }[] };
        };
        return data.result
          .map(({ metric }) => `${metric['tenant_id']} ${metric['of']} ${metric['liar'] ?? ''}`.trim())
          .toSorted();
      };
      const ofA = [`a secret-${values.a}`, `a secret-${values.a} yes`];
      const ofB = [`b secret-${values.b}`, `b secret-${values.b} yes`];
      assert.deepEqual(await labels('a', 'm'), ofA);
      assert.deepEqual(await labels('a|b', 'm'), [...ofA, ...ofB]);
      assert.deepEqual(await labels('a|b', 'm{tenant_id="b"}'), ofB);
      assert.deepEqual(await labels('a', 'm{tenant_id=~"b|other"}'), []);
      assert.deepEqual(await labels('a|b', 'count by (tenant_id) (m)'), ['a undefined', 'b undefined']);
    });

    it('refuses a tenant of which nobody has said what it is there, over both transports', async (t) => {
      const { store, get, client } = await startOver(t, form);
      store.asked();
      const sentence =
        /it is not known what the tenant "c" has at a server with tenants of its own; name it in/;
      for (const tenant of ['c', 'a|c']) {
        for (const path of PATHS) {
          const { status, text } = await get(tenant, path);
          assert.equal(status, 403, text);
          assert.match(text.replaceAll(`\\"`, `"`), sentence);
        }
        const { status, text } = await overGrpc(client, tenant, { query: 'm', start: AT });
        assert.equal(status, 'PERMISSION_DENIED');
        assert.match(text, sentence);
      }
      assert.deepEqual(store.asked(), []);
    });

    it('is missing for the tenants alone for which it fails, and the others are not told', async (t) => {
      const { store, get } = await startOver(t, form);
      store.failing.add(values.b);
      const of = async (tenant: string) => (await get(tenant, `/api/v1/query?query=m&time=${AT}`)).text;
      assert.doesNotMatch(await of('a'), /warnings|missing/);
      for (const tenant of ['b', 'a|b']) {
        const text = await of(tenant);
        assert.match(text, /a part of your data may be missing/, tenant);
        assert.doesNotMatch(text, new RegExp(`secret-${values.b}|http:`), tenant);
        assert.equal(text.includes(`secret-${values.a}`), tenant === 'a|b');
      }
      assert.match(await of('ops'), /tenant_id=\\"b\\"/);
    });
  });
