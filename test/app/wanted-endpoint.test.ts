import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wantedEndpoints } from '../../src/app/wanted-endpoint.ts';
import type { Config } from '../../src/config/config.ts';
import type { EndpointConfig } from '../../src/config/endpoint-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatLabels } from '../../src/model/format-labels.ts';

const CONFIG = loadConfig(undefined, []);
const A = 'http://a:9090';

const wanted = (more: Partial<EndpointConfig> = {}, config: Config = CONFIG) =>
  wantedEndpoints(
    { address: A, headers: {}, strict: false, ...more },
    { ...config, tenantLabel: 'tenant_id', note: () => {} },
  )[0]!;
const keyOf = (more: Partial<EndpointConfig>): string => wanted(more).identity.key;
const fingerprintOf = (more: Partial<EndpointConfig>, config?: Config): string =>
  wanted(more, config).spec.fingerprint;

describe('an endpoint of the configuration', () => {
  it('goes on as it is where a setting changes that does not concern it', () => {
    const { query } = CONFIG;
    const slower: Config = { ...CONFIG, query: { ...query, endpoint_timeout: 7 } };
    const gzip: Config = { ...CONFIG, grpc_client: { ...CONFIG.grpc_client, compression: 'gzip' } };
    assert.notEqual(fingerprintOf({}, slower), fingerprintOf({}));
    assert.equal(fingerprintOf({ timeout: 5 }, slower), fingerprintOf({ timeout: 5 }));
    assert.equal(fingerprintOf({}, gzip), fingerprintOf({}));
    assert.equal(fingerprintOf({ strict: true }), fingerprintOf({}));
  });

  it('is another one with other headers, labels or credentials', () => {
    const keys = [
      {},
      { headers: { 'X-Scope-OrgID': 'eu' } },
      { headers: { 'X-Scope-OrgID': 'us' } },
      { external_labels: { cluster: 'eu' } },
      { external_labels: {} },
      { basic_auth: { username: 'me', password: 'one' } },
      { basic_auth: { username: 'me', password: 'two' } },
      { bearer_token: 'one' },
      { bearer_token_file: 'one' },
      { tls: { insecure_skip_verify: false, cert_file: 'one' } },
      { address: 'http://a:9091' },
    ].map(keyOf);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('is the same one however it is written, and with whatever timeout', () => {
    const same = [
      { address: 'http://A:9090/' },
      { timeout: 1 },
      { replication: 'disjoint' },
      { tls: { insecure_skip_verify: true } },
    ] as const;
    for (const more of same) assert.equal(keyOf(more), keyOf({}), JSON.stringify(more));
    assert.equal(keyOf({ headers: { A: '1', b: '2' } }), keyOf({ headers: { B: '2', a: '1' } }));
  });

  it('is plain where there is nothing but its address', () => {
    assert.ok(wanted({ timeout: 1 }).identity.isPlain);
    assert.ok(!wanted({ headers: { a: 'b' } }).identity.isPlain);
  });

  it('shows tenants, users and labels, and no secrets', () => {
    const { identity } = wanted({
      headers: { 'X-Scope-OrgID': 'eu', 'THANOS-TENANT': 'x', 'X-Api-Key': 'S3CRET' },
      basic_auth: { username: 'me', password: 'S3CRET' },
      external_labels: { cluster: 'eu' },
    });
    assert.deepEqual(identity.marks, ['X-Scope-OrgID: eu', 'THANOS-TENANT: x', 'user me', '{cluster="eu"}']);
    assert.deepEqual(wanted({ headers: { 'X-Scope-OrgID': 'x'.repeat(200) } }).identity.marks, []);
  });

  it('is one of each tenant of a server, known by the label', () => {
    const tenants = { header: 'X-Scope-OrgID', values: { a: 'one', b: 'two', c: '' } };
    const made = wantedEndpoints(
      { address: A, headers: {}, strict: false, tenants },
      { ...CONFIG, tenantLabel: 'team', note: () => {} },
    );
    assert.deepEqual(
      made.map(({ identity, spec }) => [identity.marks, formatLabels(spec.externalLabels!)]),
      [
        [['X-Scope-OrgID: one', '{team="a"}'], '{team="a"}'],
        [['X-Scope-OrgID: two', '{team="b"}'], '{team="b"}'],
      ],
    );
    assert.equal(new Set(made.map(({ identity }) => identity.key)).size, 2);
  });

  it('is none where tenants would be asked for over gRPC, which shows each of them everything', () => {
    const tenants = { header: 'X-Scope-OrgID', values: { a: 'one', b: 'two' } };
    const made = wantedEndpoints(
      { address: 'found:10901', headers: {}, strict: false, tenants },
      { ...CONFIG, tenantLabel: 'team', note: () => {} },
    );
    assert.equal(made.length, 1);
    assert.equal(made[0]!.spec.externalLabels, undefined);
    assert.equal(made[0]!.spec.createBackend().address, 'found:10901');
  });

  it('says of which times it is asked', () => {
    const min = { kind: 'from-now', ms: -1 } as const;
    assert.deepEqual(wanted({ min_time: min }).spec.window, { min, max: undefined });
    assert.equal(wanted().spec.window, undefined);
    assert.notEqual(fingerprintOf({ min_time: min }), fingerprintOf({}));
    assert.equal(keyOf({ min_time: min }), keyOf({}));
  });

  it('holds secrets in no text that it is compared by', () => {
    const { identity, spec } = wanted({ bearer_token: 'S3CRET', headers: { a: 'S3CRET' } });
    assert.ok(!`${identity.key} ${spec.fingerprint}`.includes('S3CRET'));
  });

  it('has another fingerprint where any setting is another, and only then', () => {
    assert.notEqual(fingerprintOf({ timeout: 1 }), fingerprintOf({}));
    assert.notEqual(fingerprintOf({ replication: 'disjoint' }), fingerprintOf({}));
    const slower = { ...CONFIG, query: { ...CONFIG.query, endpoint_timeout: 1 } };
    assert.notEqual(fingerprintOf({}, slower), fingerprintOf({}));
    const wider = { ...CONFIG, query: { ...CONFIG.query, max_concurrent: 1 } };
    assert.equal(fingerprintOf({}, wider), fingerprintOf({}));
    const labels = { a: '1', b: '2' };
    assert.equal(
      fingerprintOf({ external_labels: labels }),
      fingerprintOf({ external_labels: { b: '2', a: '1' } }),
    );
  });
});
