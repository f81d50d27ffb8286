import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passedHeaders } from '../../src/config/endpoint-settings.ts';
import { loadConfig } from '../../src/config/load.ts';
import { problemsOf } from './support.ts';

const passing = (more: string): string =>
  `endpoints:\n- address: http://a:9009\n  pass_headers: [X-Scope-OrgID]\n${more}`;

describe('headers of clients that endpoints are sent', () => {
  it('are those of all places that name endpoints, each once', () => {
    const text = passing(
      'discovery:\n  files: [{ path: a.yml, endpoint: { pass_headers: [x-scope-orgid, X-Shard] } }]\n',
    );
    assert.deepEqual(passedHeaders(loadConfig({ file: 'pw.yaml', text })), ['x-scope-orgid', 'x-shard']);
  });

  it('cannot stand beside tenants that are enforced, wherever they are', () => {
    const problem =
      'stands beside tenancy.enforce: a tenant could choose by the header what it sees; leave one of them out';
    const enforced = 'tenancy: { enforce: true }\n';
    assert.deepEqual(problemsOf(passing(enforced)), [`pw.yaml:3: endpoints[0].pass_headers: ${problem}`]);
    for (const place of [
      'files: [{ path: a.yml, endpoint: { pass_headers: [a] } }]',
      "http: [{ url: 'http://a/sd', endpoint: { pass_headers: [a] } }]",
      'kubernetes: [{ label_selector: app=a, scheme: http, endpoint: { pass_headers: [a] } }]',
    ]) {
      const [kind] = place.split(':');
      assert.deepEqual(problemsOf(`discovery:\n  ${place}\n${enforced}`), [
        `pw.yaml:2: discovery.${kind}[0].endpoint.pass_headers: ${problem}`,
      ]);
    }
    assert.deepEqual(problemsOf(`${enforced}endpoints: [{ address: 'http://a', pass_headers: [] }]\n`), []);
  });

  it('are none of credentials or of a connection, and a few at most', () => {
    const names = (list: readonly string[]): string =>
      `endpoints: [{ address: 'http://a', pass_headers: ${JSON.stringify(list)} }]\n`;
    assert.deepEqual(problemsOf(names(['Authorization', 'Cookie', 'Connection', 'a b'])), [
      'pw.yaml:1: endpoints[0].pass_headers: Authorization is for the gateway itself, and is never passed on; leave it out',
      'pw.yaml:1: endpoints[0].pass_headers: Cookie is for the gateway itself, and is never passed on; leave it out',
      'pw.yaml:1: endpoints[0].pass_headers: "Connection" belongs to the connection, which sets it itself; leave it out',
      'pw.yaml:1: endpoints[0].pass_headers: "a b" is no name of a header of HTTP',
    ]);
    assert.deepEqual(problemsOf(names(Array.from({ length: 11 }, (_, i) => `x-${i}`))), [
      'pw.yaml:1: endpoints[0].pass_headers: has 11 names; the most that are passed on are 10',
    ]);
  });

  it('are for servers of HTTP, for which nothing stands in', () => {
    assert.deepEqual(problemsOf("endpoints: [{ address: 'grpc://a', pass_headers: [x] }]\n"), [
      'pw.yaml:1: endpoints[0].pass_headers: has no effect on grpc://a, which is asked over gRPC; leave it out, or write http:// in front of it',
    ]);
    assert.deepEqual(problemsOf(passing('  replication: redundant\n')), [
      'pw.yaml:4: endpoints[0].replication: must be disjoint, or be left out, beside pass_headers: what a server has for each caller is not known, so nothing can stand in for it',
    ]);
  });
});
