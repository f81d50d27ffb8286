import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointList } from '../../../src/cluster/discovery/endpoint-list.ts';

test('the form of file discovery, as YAML and as JSON', () => {
  assert.deepEqual(parseEndpointList('- targets: [http://a:9090, "b:10901"]\n- targets: [dns+c:1]\n'), [
    { address: 'http://a:9090' },
    { address: 'b:10901' },
    { address: 'dns+c:1' },
  ]);
  assert.deepEqual(parseEndpointList('[{"targets":["a:1"],"labels":{"x":"y"}}]'), [
    { address: 'a:1', labels: { x: 'y' } },
  ]);
});

test('the form with endpoints', () => {
  const text = 'endpoints:\n- address: a:1\n  strict: true\n- address: dnssrv+_grpc._tcp.b\n';
  assert.deepEqual(parseEndpointList(text), [
    { address: 'a:1', isStrict: true },
    { address: 'dnssrv+_grpc._tcp.b' },
  ]);
});

test('labels that Prometheus has for scraping alone are left out', () => {
  const labels =
    '{ __meta_a: "1", __scheme__: http, __param_x: "1", __scrape_interval__: 5s, __replica__: a, dc: eu }';
  assert.deepEqual(parseEndpointList(`- { targets: [a:1], labels: ${labels} }`), [
    { address: 'a:1', labels: { __replica__: 'a', dc: 'eu' } },
  ]);
  assert.deepEqual(parseEndpointList('- { targets: [a:1], labels: { __meta_a: "1" } }'), [
    { address: 'a:1' },
  ]);
});

test('what is wrong is said', () => {
  for (const [text, problem] of [
    ['', /must hold a list of targets, or endpoints/],
    ['- address: a', /each item of the list must have targets/],
    ['endpoints: [{}]', /each of the endpoints must have an address/],
    ['endpoints: [{ address: a, client_config: {} }]', /client_config is not supported in this file/],
    ['endpoints: []\ndefault_client_config: {}', /default_client_config is not supported/],
    ['- { targets: [a:1], labels: { x: 1 } }', /labels must be a mapping of names to texts/],
    ['- { targets: [a:1], labels: { __name__: x } }', /no server has a label "__name__" of its own/],
    [
      `- { targets: [a:1], labels: { ${Array.from({ length: 101 }, (_, i) => `l${i}: x`).join(', ')} } }`,
      /an item has 101 labels; a server may have 100 at most/,
    ],
    ['endpoints: [{ address: a, strict: 1 }]', /strict must be true or false/],
    ['- targets: [dns+a]', /dns\+a needs a port/],
    ['endpoints:\n  - {', /^QueryError: it is no YAML or JSON: line 2 cannot be read$/],
    ['a: 1\nendpoints: []\n"endpoints": []', /^QueryError: it is no YAML or JSON: line 3 cannot be read$/],
    [
      '- targets: [a:1]\n  labels: { a: b, a: c }\n',
      /^QueryError: it is no YAML or JSON: line 2 cannot be read$/,
    ],
    ['a: *b', /^QueryError: it is no YAML or JSON: its aliases \(\*name\) cannot be followed$/],
  ] as const)
    assert.throws(() => parseEndpointList(text), problem);
});

test('what would keep the process busy for long is refused at once', () => {
  const large = '- targets: [a:1]\n'.repeat(16_000);
  for (const [text, problem] of [
    ['['.repeat(100_000), /it nests more than 32 levels deep, which no list does/],
    ['- {a: '.repeat(1000), /it nests more than 32 levels deep/],
    ['? '.repeat(1000), /it nests more than 32 levels deep/],
    [`${'- '.repeat(1000)}a`, /it nests more than 32 levels deep/],
    [
      `[${'"a:1",'.repeat(50_000)}]`,
      /it is no JSON: .*; as YAML it may have 256KiB, and has 300002 characters/,
    ],
    [large, /as YAML it may have 256KiB, and has 272000 characters; write it as JSON/],
  ] as const)
    assert.throws(() => parseEndpointList(text), problem);
});

test('a list as JSON may be larger than one as YAML', () => {
  const group = { targets: Array.from({ length: 20_000 }, (_, i) => `host-${i}.example:9090`) };
  const text = JSON.stringify([group]);
  for (const each of [text, `\uFEFF${text}`]) assert.equal(parseEndpointList(each).length, 20_000);
});
