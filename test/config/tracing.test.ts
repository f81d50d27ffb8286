import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTracingConfig } from '../../src/config/tracing.ts';

test('a configuration of Thanos is taken as it is', () => {
  const read = readTracingConfig(
    't.yml',
    `type: OTLP
config:
  client_type: "http"
  service_name: "thanos-query"
  reconnection_period: 0s
  compression: "gzip"
  insecure: true
  endpoint: "collector:4318"
  url_path: ""
  timeout: 0s
  retry_config:
    retry_enabled: false
    retry_initial_interval: 0s
  headers: { x-tenant: a }
  tls_config:
    ca_file: ""
    insecure_skip_verify: false
  sampler_type: "parentBasedTraceIDRatioBased"
  sampler_param: "0.1"
`,
  );
  assert.deepEqual(
    [read.endpoint, read.url_path, read.timeout, read.service_name, read.compression, read.headers],
    ['collector:4318', '/v1/traces', 10_000, 'thanos-query', 'gzip', { 'x-tenant': 'a' }],
  );
  assert.deepEqual([read.sampler_type, read.sampler_param], ['parentbasedtraceidratiobased', 0.1]);
});

test('all but the protocol may be left out', () => {
  const read = readTracingConfig('t.yml', 'type: otlp\nconfig: { client_type: HTTP }');
  assert.deepEqual(
    [read.endpoint, read.service_name, read.sampler_type, read.sampler_param],
    ['localhost:4318', 'promweave', 'parentbasedalwayssample', 1],
  );
});

for (const [what, text, message] of [
  ['another type', 'type: JAEGER\nconfig: { client_type: http }', /^t, line 1: type: must be OTLP/],
  ['gRPC', 'type: OTLP\nconfig: { client_type: grpc }', /^t, line 2: config\.client_type: must be http: /],
  ['no type', '', /^t: type: must be OTLP/m],
  ['no protocol', 'type: OTLP\nconfig: {}', /^t, line 2: config\.client_type: must be http: /],
  ['a list', '[1]', /^t: it must be a mapping/],
  [
    'a mistyped key',
    'type: OTLP\nconfig: { client_type: http, endpont: a:1 }',
    /config\.endpont: no such setting; did you mean endpoint\? allowed here: client_type, /,
  ],
  [
    'another compression',
    'type: OTLP\nconfig: { client_type: http, compression: zip }',
    /config\.compression: must be one of none, gzip$/,
  ],
  [
    'a key that is none',
    'type: OTLP\nconfig: { client_type: http, x: 1 }',
    /^t, line 2: config\.x: no such setting; allowed here: /,
  ],
  [
    'an address with a scheme',
    'type: OTLP\nconfig: { client_type: http, endpoint: "http://u:hunter2@a" }',
    /config\.endpoint: must be host:port/,
  ],
  [
    'a ratio beyond 1',
    'type: OTLP\nconfig: { client_type: http, sampler_param: 2 }',
    /^t, line 2: config\.sampler_param: /,
  ],
  ['no YAML', 'type: [', /^t: /],
] as const)
  test(`${what} is refused with the key, and nothing of the values is told`, () => {
    assert.throws(
      () => readTracingConfig('t', text),
      (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
  });
