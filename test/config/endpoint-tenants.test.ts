import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tenantsWithPlace } from '../../src/config/endpoint-settings.ts';
import { endpointsByTenant } from '../../src/config/endpoint-tenants.ts';
import { loadConfig } from '../../src/config/load.ts';
import { problemsOf } from './support.ts';

const ENFORCED = 'tenancy: { enforce: true }\n';

/** The problems of one endpoint, without the place. */
function ofEndpoint(keys: string, before = ENFORCED): readonly string[] {
  return problemsOf(`${before}endpoints: [{ ${keys} }]\n`).map((text) =>
    text.replace(/^pw\.yaml:\d+: endpoints\[0\]\./, ''),
  );
}

const HEADER = 'header: X-Scope-OrgID';

describe('the tenants of a server', () => {
  it('make an endpoint each, which has their label and is asked for them alone', () => {
    const text = `${ENFORCED}endpoints:
- address: http://a/select/{tenant}/prometheus
  headers: { x-key: k }
  external_labels: { dc: eu }
  tenants: { ${HEADER}, values: { a: '1', b: '2:3', c: '' } }
`;
    const [endpoint] = loadConfig({ file: 'pw.yaml', text }).endpoints;
    const made = endpointsByTenant(endpoint!, 'team');
    assert.deepEqual(
      made.map(({ address, headers, external_labels: labels }) => [address, headers, labels]),
      [
        ['http://a/select/1/prometheus', { 'x-key': 'k', 'X-Scope-OrgID': '1' }, { dc: 'eu', team: 'a' }],
        ['http://a/select/2:3/prometheus', { 'x-key': 'k', 'X-Scope-OrgID': '2:3' }, { dc: 'eu', team: 'b' }],
      ],
    );
    assert.ok(made.every((each) => !('tenants' in each)));
  });

  it('have values that no server takes for one', () => {
    const header = (values: string): readonly string[] =>
      ofEndpoint(`address: http://a, tenants: { ${HEADER}, values: ${values} }`);
    assert.match(header("{ a: 'x ' }").join(), /has spaces around it, which servers leave out/);
    assert.match(header("{ a: ' ' }").join(), /has spaces around it/);
    const path = ofEndpoint("address: 'http://a/{tenant}', tenants: { values: { a: '1', b: '1:0' } }");
    assert.match(path.join(), /has the value of a, so each would be told of the other/);
  });

  it('are those that each server with tenants knows', () => {
    const text = `${ENFORCED}endpoints:
- address: http://plain
- { address: http://a, tenants: { ${HEADER}, values: { a: '1', b: '' } } }
discovery:
  files: [{ path: a.yml, endpoint: { tenants: { ${HEADER}, values: { b: '1', c: '2' } } } }]
`;
    assert.deepEqual(tenantsWithPlace(loadConfig({ file: 'pw.yaml', text })), new Set(['b']));
    assert.equal(tenantsWithPlace(loadConfig(undefined)), undefined);
  });

  it('have a place in the request, which no credentials have', () => {
    assert.deepEqual(ofEndpoint("address: 'http://a', tenants: { values: { a: '1' } }"), [
      'tenants: says not where the tenant goes; give header, or write {tenant} into the path of the address',
    ]);
    assert.deepEqual(
      ofEndpoint("address: 'http://a', tenants: { header: Authorization, values: { a: '1' } }"),
      ['tenants.header: Authorization names no tenant; write the header by which the server chooses one'],
    );
    assert.deepEqual(
      ofEndpoint(
        `address: 'http://a', headers: { x-scope-orgid: a }, tenants: { ${HEADER}, values: { a: '1' } }`,
      ),
      ['tenants.header: X-Scope-OrgID stands among headers, too; leave it out there'],
    );
    assert.deepEqual(ofEndpoint(`address: 'grpc://a:1', tenants: { ${HEADER}, values: { a: '1' } }`), [
      'tenants: has no effect on grpc://a:1, which is asked over gRPC; leave it out, or write http:// in front of it',
    ]);
  });

  it('have values that differ, and that can be sent', () => {
    assert.deepEqual(
      ofEndpoint(`address: 'http://a', tenants: { ${HEADER}, values: { a: x, b: x, c: '', d: '' } }`),
      ['tenants.values.b: has the value of a, so each would be told of the other; give it its own'],
    );
    assert.deepEqual(ofEndpoint(`address: 'http://a', tenants: { ${HEADER}, values: { a: "x\\ny" } }`), [
      'tenants.values.a: must be one line of printable characters (up to ÿ)',
    ]);
    const inPath = "address: 'http://a/{tenant}/p', tenants: { values:";
    for (const value of ['..', '.', '1/../2', 'a b', '1?x', '%2e'])
      assert.match(
        ofEndpoint(`${inPath} { a: '${value}' } }`).join(),
        /^tenants\.values\.a: must be a part of a path/,
      );
    assert.match(
      ofEndpoint(`${inPath} { 'a|b': '1' } }`).join(),
      /^tenants\.values\.a\|b: its name must have/,
    );
  });

  it('are so many at most, and each counts among the endpoints', () => {
    const values = (count: number): string =>
      `{ ${Array.from({ length: count }, (_, i) => `t${i}: v${i}`).join(', ')} }`;
    assert.deepEqual(ofEndpoint(`address: 'http://a', tenants: { ${HEADER}, values: ${values(501)} }`), [
      'tenants.values: has 501 tenants; an endpoint has 500 at most',
    ]);
    const many = ['a', 'b', 'c']
      .map((host) => `{ address: 'http://${host}', tenants: { ${HEADER}, values: ${values(400)} } }`)
      .join(', ');
    assert.match(problemsOf(`${ENFORCED}endpoints: [${many}]\n`).join(), /endpoints: has 1200 endpoints; /);
  });

  it('are for a gateway that enforces tenants, and tells them by their label', () => {
    const keys = `address: 'http://a', external_labels: { tenant_id: x }, tenants: { ${HEADER}, values: { a: '1', z: '2' } }`;
    assert.deepEqual(ofEndpoint(keys, ''), [
      'tenants: has no effect: set tenancy.enforce to true, or leave it out',
    ]);
    const named = "tenancy: { enforce: true, tenants: { a: '', b: '', sel: '{x=\"y\"}' } }\n";
    assert.deepEqual(ofEndpoint(keys, named), [
      'pw.yaml:1: tenancy.tenants.sel: has a selector, which does not say whose data a server with tenants of its own ' +
        "(endpoints[].tenants) is asked for; make it ''",
      'external_labels.tenant_id: is the label of the tenant (tenancy.label); leave it out',
      "tenants.values: lacks the tenant b of tenancy.tenants; give its value, '' where it has nothing there",
      "tenants.values: lacks the tenant sel of tenancy.tenants; give its value, '' where it has nothing there",
      'tenants.values.z: is no tenant of tenancy.tenants',
    ]);
    const found = `discovery:\n  files: [{ path: a.yml, endpoint: { tenants: { ${HEADER}, values: { a: '1' } } } }]\n`;
    assert.deepEqual(problemsOf(found), [
      'pw.yaml:2: discovery.files[0].endpoint.tenants: has no effect: set tenancy.enforce to true, or leave it out',
    ]);
  });
});
