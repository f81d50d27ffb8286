import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { parseFlags } from '../../src/cli/parse-flags.ts';
import { configFromFlags } from '../../src/cli/read-config.ts';

const parse = (...args: string[]): ReturnType<typeof parseFlags> => parseFlags(args, SERVE_FLAGS, true);

test('values are read behind an equals sign and from the next argument', () => {
  const { values } = parse('--query.timeout=5s', '--log.level', 'debug');
  assert.deepEqual([values.get('query.timeout'), values.get('log.level')], ['5s', 'debug']);
});

test('a switch is on by its name, off with no- and set by true or false', () => {
  const of = (arg: string): unknown => parse(arg).values.get('query.partial-response');
  assert.deepEqual(
    ['--query.partial-response', '--no-query.partial-response', '--query.partial-response=false'].map(of),
    [true, false, false],
  );
});

test('repeated flags collect, also behind commas', () => {
  const { values } = parse('--query.replica-label=a', '--query.replica-label=b,c');
  assert.deepEqual(values.get('query.replica-label'), ['a', 'b', 'c']);
});

test('an unknown flag names the nearest one', () => {
  assert.throws(
    () => parse('--query.timout=5s'),
    /unknown flag --query\.timout; did you mean --query\.timeout\?/,
  );
});

test('a flag without its value says how to write it', () => {
  assert.throws(() => parse('--config'), /--config needs a value: --config=VALUE/);
});

test('a Thanos Query command line gives a configuration, and unsupported flags are named with a reason', () => {
  const parsed = parse(
    '--http-address=0.0.0.0:19192',
    '--grpc-address=0.0.0.0:19193',
    '--query.replica-label=replica',
    '--deduplication.func=penalty',
    '--query.auto-downsampling',
    '--store.sd-dns-interval=10s',
    '--store.sd-files=/etc/sd/*.yml',
    '--endpoint.sd-config-file=/etc/endpoints.yml',
    '--store.unhealthy-timeout=1m',
    '--endpoint=http://prom-a:9090',
    '--endpoint=http://prom-b:9090',
    '--endpoint-group=dns+prom-c:10901',
    '--endpoint-strict=http://prom-d:9090',
    '--store=dnssrv+_grpc._tcp.store',
    '--store-strict=store-b:10901',
  );
  const config = configFromFlags(SERVE_FLAGS, parsed);
  assert.deepEqual(config.http.address, { host: '0.0.0.0', port: 19_192 });
  assert.deepEqual(config.query.replica_labels, ['replica']);
  assert.equal(config.query.deduplication, 'penalty');
  assert.deepEqual(
    config.endpoints.map(({ address, strict }) => [address, strict]),
    [
      ['http://prom-a:9090', false],
      ['http://prom-b:9090', false],
      ['http://prom-d:9090', true],
      ['dns+prom-c:10901', false],
      ['dnssrv+_grpc._tcp.store', false],
      ['store-b:10901', true],
    ],
  );
  assert.deepEqual(config.discovery, {
    files: [{ path: '/etc/sd/*.yml', labels_as_external: false, endpoint: { headers: {}, strict: false } }],
    endpoints_file: '/etc/endpoints.yml',
    http: [],
    kubernetes: [],
    file_interval: 300_000,
    dns_interval: 10_000,
  });
  assert.equal(config.query.auto_downsampling, true);
  assert.equal(parsed.notes.length, 1);
  assert.match(parsed.notes[0]!, /^--store\.unhealthy-timeout is accepted, but has no meaning here/);
});

test('a wrong value names the flag', () => {
  const parsed = parse('--query.timeout=soon');
  assert.throws(
    () => configFromFlags(SERVE_FLAGS, parsed),
    /--query\.timeout: not a valid duration string: "soon"/,
  );
});

test('a flag in the place of a value is no value', () => {
  assert.throws(
    () => parse('--query.replica-label', '--query.timeout=5s'),
    /--query\.replica-label needs a value/,
  );
});
