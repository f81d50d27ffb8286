import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { problemsOf } from './support.ts';

test('what is wrong with a list of endpoints is said', () => {
  const lines = (...entries: readonly string[]): string =>
    `discovery:\n  files: [{ path: a.yml, labels: true }]\n  http:\n${entries.map((entry) => `    - ${entry}\n`).join('')}`;
  assert.deepEqual(
    problemsOf(
      lines(
        '{ url: "http://a/?x=y", scheme: ftp }',
        '{ url: "http://me:pw@a" }',
        '{ url: "a:1" }',
        '{ url: "http://a/?x=z", path_prefix: prom }',
        '{ url: "http://a/?x=v", headers: { Connection: close }, endpoint: { address: x } }',
      ),
    ).map((line) => line.replace(/; allowed here.*| has credentials.*/, '')),
    [
      'pw.yaml:2: discovery.files[0].labels: no such setting',
      'pw.yaml:4: discovery.http[0].scheme: must be one of http, https, grpc, grpcs',
      'pw.yaml:5: discovery.http[1].url: http://…@a',
      'pw.yaml:6: discovery.http[2].url: a:1 is no address of a list; write for example https://sd.example/targets',
      'pw.yaml:7: discovery.http[3].path_prefix: must be a path such as /prometheus',
      'pw.yaml:8: discovery.http[4].endpoint.address: no such setting',
      'pw.yaml:8: discovery.http[4].headers.Connection: of http://a/?… belongs to the connection, which sets it itself; leave it out',
    ],
  );
  assert.match(
    problemsOf(lines('{ url: "http://a" }'))[0]!,
    /labels: no such setting; allowed here: path, labels_as/,
  );
  assert.match(
    problemsOf('discovery: { http: [{ url: "http://a" }, { url: "http://a" }] }')[0]!,
    /discovery\.http\[1\]\.url: is there twice; keep one of them/,
  );
});

test('without an API server that of the cluster is asked, as its service account', () => {
  const read = (place: string) =>
    loadConfig({ file: 'a/pw.yaml', text: `discovery: { kubernetes: [${place}] }` }).discovery.kubernetes[0]!;
  const inside = read('{ label_selector: app=prom, port: 9090 }');
  assert.equal(inside.api_server, 'https://kubernetes.default.svc');
  assert.equal(inside.bearer_token_file, '/var/run/secrets/kubernetes.io/serviceaccount/token');
  assert.equal(inside.tls!.ca_file, '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt');
  assert.equal(inside.port, '9090');
  const outside = read(
    '{ label_selector: app=prom, api_server: "https://k:6443", bearer_token_file: token }',
  );
  assert.deepEqual([outside.bearer_token_file, outside.tls], ['a/token', undefined]);
});

test('what is wrong with a place in Kubernetes is said', () => {
  const text = `discovery:
  kubernetes:
    - { namespaces: [mon/x], port: 0 }
    - { label_selector: " ", api_server: "k:6443" }
`;
  assert.deepEqual(problemsOf(text), [
    'pw.yaml:3: discovery.kubernetes[0].namespaces[0]: must be the name of a namespace',
    'pw.yaml:3: discovery.kubernetes[0].label_selector: is required',
    'pw.yaml:3: discovery.kubernetes[0].port: must be the name of a port, or a number from 1 to 65535',
    'pw.yaml:4: discovery.kubernetes[1].api_server: k:6443 is no address of a server; write for example https://10.0.0.1:6443',
    'pw.yaml:4: discovery.kubernetes[1].label_selector: must not be empty; name a service with kubernetes.io/service-name=NAME',
  ]);
});

test('what needs HTTP is refused where the form of the addresses says gRPC', () => {
  const tenants = 'tenants: { header: X-Scope-OrgID, values: { a: "1" } }';
  const found = (kind: 'http' | 'kubernetes', place: string): readonly string[] =>
    problemsOf(`tenancy: { enforce: true }\ndiscovery:\n  ${kind}:\n    - { ${place} }\n`).map((line) =>
      line.replace(/^pw\.yaml:4: discovery\.(?:http|kubernetes)\[0\]\.endpoint\./, ''),
    );
  const said = (why: string, name = 'tenants'): string =>
    `has no effect over gRPC, ${why}; set scheme to http or https, or leave ${name} out`;
  for (const scheme of ['grpc', 'grpcs']) {
    const refused = [`tenants: ${said(`which scheme ${scheme} means`)}`];
    assert.deepEqual(found('http', `url: "http://a", scheme: ${scheme}, endpoint: { ${tenants} }`), refused);
    assert.deepEqual(
      found('kubernetes', `label_selector: a=b, scheme: ${scheme}, endpoint: { ${tenants} }`),
      refused,
    );
  }
  const without = (name: string): string =>
    `${name}: ${said('which is used where there is no scheme', name)}`;
  assert.deepEqual(
    found('kubernetes', `label_selector: a=b, endpoint: { kind: mimir, parameters: { a: "1" }, ${tenants} }`),
    ['kind', 'parameters', 'tenants'].map(without),
  );
  // What such lists name may have a scheme of its own.
  for (const taken of [
    `url: "http://a", endpoint: { ${tenants} }`,
    `url: "http://a", scheme: https, endpoint: { ${tenants} }`,
    'url: "http://a", scheme: grpc, endpoint: { kind: mimir, parameters: { a: "1" } }',
  ])
    assert.deepEqual(found('http', taken), []);
  assert.deepEqual(found('kubernetes', `label_selector: a=b, scheme: http, endpoint: { ${tenants} }`), []);
});

test('times are moments, or durations from now', () => {
  const text = `endpoints:
  - { address: "http://a", min_time: -15d }
  - { address: "http://b", min_time: 2024-01-31T01:00:00+01:00, max_time: -13d }
discovery: { files: [{ path: x, endpoint: { max_time: 2h } }] }
`;
  const { endpoints, discovery } = loadConfig({ file: 'pw.yaml', text });
  const day = 24 * 3_600_000;
  assert.deepEqual(
    endpoints.map(({ min_time: min, max_time: max }) => [min, max]),
    [
      [{ kind: 'from-now', ms: -15 * day }, undefined],
      [
        { kind: 'at', ms: Date.UTC(2024, 0, 31) },
        { kind: 'from-now', ms: -13 * day },
      ],
    ],
  );
  assert.deepEqual(discovery.files[0]!.endpoint.max_time, { kind: 'from-now', ms: day / 12 });
  const wrong = (times: string): readonly string[] =>
    problemsOf(`endpoints: [{ address: "http://a", ${times} }]`);
  assert.deepEqual(wrong('min_time: yesterday'), [
    'pw.yaml:1: endpoints[0].min_time: must be a time such as 2024-01-31T00:00:00Z, or a duration before now such as -15d, not "yesterday"',
  ]);
  assert.match(wrong('max_time: 2024-13-01T00:00:00Z')[0]!, /max_time: must be a time such as/);
  assert.deepEqual(wrong('min_time: -1d, max_time: -2d'), [
    'pw.yaml:1: endpoints[0].min_time: must be before max_time',
  ]);
});
