import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointList } from '../../../src/cluster/discovery/endpoint-list.ts';

test('the form of file discovery, as YAML and as JSON', () => {
  assert.deepEqual(parseEndpointList('- targets: [http://a:9090, "b:10901"]\n- targets: [dns+c:1]\n'), [
    'http://a:9090',
    'b:10901',
    'dns+c:1',
  ]);
  assert.deepEqual(parseEndpointList('[{"targets":["a:1"],"labels":{"x":"y"}}]'), ['a:1']);
});

test('the form with endpoints', () => {
  const text = 'endpoints:\n- address: a:1\n  strict: true\n- address: dnssrv+_grpc._tcp.b\n';
  assert.deepEqual(parseEndpointList(text), ['a:1', 'dnssrv+_grpc._tcp.b']);
});

test('what is wrong is said', () => {
  for (const [text, problem] of [
    ['', /must hold a list of targets, or endpoints/],
    ['- address: a', /each item of the list must have targets/],
    ['endpoints: [{}]', /each of the endpoints must have an address/],
    ['endpoints: [{ address: a, client_config: {} }]', /client_config is not supported in this file/],
    ['endpoints: []\ndefault_client_config: {}', /default_client_config is not supported/],
    ['- targets: [dns+a]', /dns\+a needs a port/],
    ['endpoints:\n  - {', /^QueryError: it is no YAML or JSON: line 2 cannot be read$/],
    ['a: *b', /^QueryError: it is no YAML or JSON: its aliases \(\*name\) cannot be followed$/],
  ] as const)
    assert.throws(() => parseEndpointList(text), problem);
});
