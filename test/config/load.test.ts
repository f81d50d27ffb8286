import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { problemsOf } from './support.ts';

test('an empty configuration gets every default', () => {
  const config = loadConfig(undefined);
  assert.deepEqual(config.http.address, { host: '0.0.0.0', port: 10_902 });
  assert.deepEqual(config.query.replica_labels, ['__replica__']);
  assert.equal(config.query.deduplication, 'gap-aware');
  assert.equal(config.query.timeout, 120_000);
  assert.equal(config.query.lookback_delta, 300_000);
});

test('durations are read in Prometheus notation', () => {
  const config = loadConfig({ file: 'pw.yaml', text: 'query: { timeout: 1h30m }' });
  assert.equal(config.query.timeout, 5_400_000);
});

test('sizes have units or none, and 0 is no limit', () => {
  const { query } = loadConfig({
    file: 'pw.yaml',
    text: 'query: { max_memory: 2GiB, max_memory_per_query: 0, max_series: 0 }',
  });
  assert.deepEqual([query.max_memory, query.max_memory_per_query, query.max_series], [2 * 1024 ** 3, 0, 0]);
  assert.equal(loadConfig(undefined).query.max_memory, undefined);
  assert.deepEqual(problemsOf('query:\n  max_memory: much\n  max_memory_per_query: -1\n'), [
    'pw.yaml:2: query.max_memory: must be a size such as 512MiB or 2GiB, or 0 for no limit, not "much"',
    'pw.yaml:3: query.max_memory_per_query: must be a size such as 512MiB or 2GiB, or 0 for no limit',
  ]);
});

test('an unknown key names file, line, key and what is allowed', () => {
  const [problem] = problemsOf('http:\n  address: :1\nquery:\n  timout: 5m\n');
  assert.match(
    problem!,
    /^pw\.yaml:4: query\.timout: no such setting; did you mean timeout\? allowed here: replica_labels, .*timeout/,
  );
});

test('a wrong value names file, line, key and what is allowed', () => {
  assert.deepEqual(problemsOf('log:\n  level: loud\n'), [
    'pw.yaml:2: log.level: must be one of debug, info, warn, error',
  ]);
  assert.deepEqual(problemsOf('query: { deduplication: best }\n'), [
    'pw.yaml:1: query.deduplication: must be one of gap-aware, chain, penalty',
  ]);
  assert.deepEqual(problemsOf('query:\n  timeout: 5 minutes\n'), [
    'pw.yaml:2: query.timeout: not a valid duration string: "5 minutes"; write for example 30s, 5m or 1h30m',
  ]);
});

test('a number where a label value belongs asks for quotes', () => {
  const [problem] = problemsOf('endpoints:\n  - address: http://a:1\n    external_labels: { shard: 0 }\n');
  assert.equal(problem, 'pw.yaml:3: endpoints[0].external_labels.shard: must be a string (quote numbers)');
});

test('a missing required key is reported at its parent', () => {
  assert.deepEqual(problemsOf('endpoints:\n  - replication: auto\n'), [
    'pw.yaml:2: endpoints[0].address: is required; write an address such as http://prometheus-a:9090',
  ]);
});

test('several problems are reported together', () => {
  assert.equal(problemsOf('log: { level: x }\nnope: 1\n').length, 2);
});

test('problems come in the order of the file, those of flags last', () => {
  const text =
    'log: { level: x }\nquery:\n  nope: 1\n  timeout:\n    5\nendpoints:\n  - {}\nhttp: { address: x }\n';
  const flag = { path: ['refresh_interval'], value: 'soon', source: '--refresh-interval' };
  assert.throws(
    () => loadConfig({ file: 'pw.yaml', text }, [flag]),
    ({ message }: Error) => {
      const places = message.split('\n').map((line) => line.split(': ').slice(0, 2).join(' '));
      assert.deepEqual(places.slice(0, 5), [
        'pw.yaml:1 log.level',
        'pw.yaml:3 query.nope',
        'pw.yaml:4 query.timeout',
        'pw.yaml:7 endpoints[0].address',
        'pw.yaml:8 http.address',
      ]);
      assert.match(message.split('\n')[5]!, /^--refresh-interval: not a valid duration/);
      return true;
    },
  );
});

test('an endpoint has a bounded number of labels', () => {
  const labels = (count: number): string => Array.from({ length: count }, (_, i) => `l${i}: x`).join(', ');
  const problems = (count: number): readonly string[] =>
    problemsOf(`endpoints: [{ address: "http://a:1", external_labels: { ${labels(count)} } }]\n`);
  assert.deepEqual(problems(100), []);
  assert.deepEqual(problems(101), [
    'pw.yaml:1: endpoints[0].external_labels: has 101 labels; a server may have 100 at most',
  ]);
});

test('a gateway has a bounded number of endpoints', () => {
  const problems = (count: number): readonly string[] => {
    const addresses = Array.from({ length: count }, (_, i) => `{ address: "http://a:${i + 1}" }`);
    return problemsOf(`endpoints: [${addresses.join(', ')}]\n`);
  };
  assert.deepEqual(problems(1000), []);
  assert.deepEqual(problems(1001), [
    'pw.yaml:1: endpoints: has 1001 endpoints; a gateway asks 1000 at most, so put several gateways in front of parts of them, and one in front of those',
  ]);
});

test('an override replaces the value of the file, and its problems name the flag', () => {
  const timeout = { path: ['query', 'timeout'], source: '--query.timeout' };
  const file = { file: 'pw.yaml', text: 'query: { timeout: 1m, max_samples: 7 }' };
  const config = loadConfig(file, [{ ...timeout, value: '5s' }]);
  assert.deepEqual([config.query.timeout, config.query.max_samples], [5000, 7]);
  assert.throws(
    () => loadConfig(file, [{ ...timeout, value: 'x' }]),
    /^QueryError: --query\.timeout: not a valid/,
  );
});

test('an address that cannot be one is named without its secrets', () => {
  const problemOf = (address: string): string =>
    problemsOf(`endpoints: [{ address: "${address}" }]\n`).join();
  assert.match(problemOf('http://a:99999'), /endpoints\[0\]\.address: http:\/\/a:99999 is no URL/);
  assert.match(problemOf('http://'), /is no URL/);
  assert.match(problemOf('ftp://a'), /has the scheme ftp, which cannot be read/);
  assert.match(problemOf('dns+http://me:secret@a:1'), /dns\+http:\/\/…@a:1 has credentials in it/);
  assert.match(problemOf('me:secret@a:1'), /address: …@a:1 has credentials in it/);
  assert.doesNotMatch(problemOf('me:secret@a:1'), /secret/);
  for (const address of [
    'http://a:1/?token=secret',
    'a:1?secret',
    'dns+http://a:1/b#secret',
    'http://a:1/b?c#secret',
  ]) {
    assert.match(problemOf(address), /[?#]… has a query or a fragment in it/, address);
    assert.doesNotMatch(problemOf(address), /secret/, address);
  }
  for (const address of [
    'http://me:my/secret@a:1',
    'http://me:8080/secret@a:1',
    'http://me:my?secret@a:1',
    'http://me:my#secret@a:1',
    'http://me:my@secret@a:1',
    'dns+http://me:my/secret@a:1',
    'me:my/secret@a:1',
    'http://a:1/?token=my@secret',
  ]) {
    assert.match(problemOf(address), /… ?(?:@a:1 )?has credentials in it/, address);
    assert.doesNotMatch(problemOf(address), /secret|my/, address);
  }
  for (const fine of [
    'a:1',
    'grpcs://a:1',
    'https://[::1]:1/prefix',
    'dnssrv+_grpc._tcp.a',
    'dns+http://a:1',
  ])
    assert.equal(problemOf(fine), '', fine);
});

test('settings of an endpoint that contradict each other are named', () => {
  const problemOf = (settings: string): string =>
    problemsOf(`endpoints: [{ address: "http://a:1", ${settings} }]\n`).join();
  assert.match(problemOf('basic_auth: { username: x }'), /basic_auth: needs password or password_file/);
  assert.match(
    problemOf('basic_auth: { username: x, password: y, password_file: z }'),
    /has password and password_file/,
  );
  assert.match(
    problemOf('basic_auth: { username: x, password: y }, bearer_token: z'),
    /basic_auth: stands beside a bearer token/,
  );
  assert.match(
    problemOf('bearer_token: a, bearer_token_file: b'),
    /bearer_token: stands beside bearer_token_file/,
  );
  assert.match(problemOf('bearer_token: a, headers: { AUTHORIZATION: b }'), /headers\.AUTHORIZATION: stands/);
  assert.match(problemOf('external_labels: { __name__: a }'), /external_labels\.__name__: no server has/);
  assert.equal(problemOf('basic_auth: { username: x, password: "" }, headers: { authorise: b }'), '');
});

describe('a header that cannot be sent', () => {
  const problemOf = (address: string, name: string, value: string): string =>
    problemsOf(
      `endpoints: [{ address: ${JSON.stringify(address)}, headers: { ${JSON.stringify(name)}: ${JSON.stringify(value)} } }]\n`,
    ).join();
  const HTTP = ['http://a:1', 'https://a:1', 'dns+http://a:1'];
  const GRPC = ['a:1', 'grpc://a:1', 'grpcs://a:1', 'dns+a:1', 'dnssrv+_grpc._tcp.a'];

  for (const address of [...HTTP, ...GRPC]) {
    it(`to ${address} is named with the endpoint`, () => {
      for (const [name, value] of [
        ['', 'x'],
        ['a b', 'x'],
        ['é', 'x'],
        [':path', 'x'],
        ['x', 'a\r\nb: c'],
        ['x', 'a\nb'],
        ['x', 'a\0b'],
        ['x', '€'],
        ['Connection', 'close'],
        ['content-length', '1'],
        ['Transfer-Encoding', 'chunked'],
        ['expect', '100-continue'],
        ['upgrade', 'h2c'],
        ['keep-alive', 'x'],
      ] as const) {
        const problem = problemOf(address, name, value);
        assert.ok(
          problem.includes(`headers.${name}: of ${address} `),
          `${JSON.stringify([name, value])}: ${problem}`,
        );
      }
    });

    it(`to ${address} is none that is usual`, () => {
      for (const [name, value] of [
        ['THANOS-TENANT', 'a'],
        ['x-scope-orgid', 'a|b'],
        ['authorization', 'Bearer x'],
        ['x_y.z', ''],
        ['Host', 'a.example'],
      ] as const)
        assert.equal(problemOf(address, name, value), '');
    });
  }

  it('is more over gRPC than over HTTP', () => {
    for (const [name, value] of [
      ['x!y', 'x'],
      ['x', 'é'],
      ['x', 'a\tb'],
      ['x-bin', 'x'],
    ] as const) {
      for (const address of HTTP) assert.equal(problemOf(address, name, value), '');
      for (const address of GRPC) assert.notEqual(problemOf(address, name, value), '');
    }
    assert.match(problemOf('a:1', 'grpc-timeout', '1S'), /belongs to gRPC/);
  });

  it('may be a token', () => {
    const [problem] = problemsOf('endpoints: [{ address: a:1, bearer_token: "a\\nb" }]\n');
    assert.match(problem!, /bearer_token: of a:1 must be one line of printable ASCII/);
  });

  it('may be one that is there twice', () => {
    const [problem] = problemsOf('endpoints: [{ address: a:1, headers: { A: x, a: y } }]\n');
    assert.match(problem!, /headers\.a: is there twice/);
  });
});

test('an endpoint that is listed twice is named', () => {
  const text = 'endpoints:\n  - address: http://a:1\n  - address: http://a:1\n';
  assert.deepEqual(problemsOf(text), [
    'pw.yaml:3: endpoints[1].address: http://a:1 is listed twice; each server counts once',
  ]);
});

test('endpoints of one address that ask for different things are several', () => {
  const problems = (...endpoints: readonly string[]): readonly string[] =>
    problemsOf(`endpoints:\n${endpoints.map((more) => `  - { address: "http://a:1", ${more} }\n`).join('')}`);
  assert.deepEqual(problems('headers: { X-Scope-OrgID: eu }', 'headers: { X-Scope-OrgID: us }'), []);
  assert.deepEqual(problems('external_labels: { a: b }', 'external_labels: { a: c }', 'timeout: 1s'), []);
  assert.equal(problems('headers: { A: x, b: y }', 'headers: { B: y, a: x }').length, 1);
  assert.equal(problems('timeout: 1s', 'timeout: 2s').length, 1);
});

test('no interval and no limit on time is zero', () => {
  assert.match(problemsOf('refresh_interval: 0s\n')[0]!, /refresh_interval: must be more than 0/);
  assert.deepEqual(problemsOf('http: { grace_period: 0s }\n'), []);
});

test('a key that another one needs is required, not of a wrong type', () => {
  assert.match(problemsOf('grpc: { tls: { cert_file: x } }\n')[0]!, /grpc\.tls\.key_file: is required$/);
});

test('files are taken from the folder of the configuration that names them', () => {
  const text = `
endpoints:
  - address: http://a:1
    basic_auth: { username: me, password_file: pw }
    tls: { ca_file: ../ca.crt, cert_file: c.crt, key_file: c.key }
    headers: { password_file: x }
  - address: http://b:1
    bearer_token_file: /run/token
grpc: { tls: { cert_file: s.crt, key_file: s.key, client_ca_file: s.ca } }
grpc_client: { tls: { ca_file: g.ca } }
discovery:
  files:
    - sd/*.yml
    - { path: b.yml, endpoint: { bearer_token_file: token } }
  endpoints_file: all.yml
  http:
    - { url: "http://sd", tls: { ca_file: sd.crt }, endpoint: { basic_auth: { username: me, password_file: pw } } }
`;
  const flag = { path: ['grpc', 'tls', 'cert_file'], value: 'flag.crt', source: '--grpc-server-tls-cert' };
  const config = loadConfig({ file: 'etc/pw/pw.yaml', text }, [flag]);
  const [a, b] = config.endpoints;
  assert.equal(a!.basic_auth!.password_file, 'etc/pw/pw');
  assert.deepEqual(
    [a!.tls!.ca_file, a!.tls!.cert_file, a!.tls!.key_file],
    ['etc/ca.crt', 'etc/pw/c.crt', 'etc/pw/c.key'],
  );
  assert.deepEqual(a!.headers, { password_file: 'x' });
  assert.equal(b!.bearer_token_file, '/run/token');
  assert.deepEqual(config.grpc.tls, {
    cert_file: 'flag.crt',
    key_file: 'etc/pw/s.key',
    client_ca_file: 'etc/pw/s.ca',
  });
  assert.equal(config.grpc_client.tls!.ca_file, 'etc/pw/g.ca');
  const { files, http } = config.discovery;
  assert.deepEqual(
    files.map(({ path, endpoint }) => [path, endpoint.bearer_token_file]),
    [
      ['etc/pw/sd/*.yml', undefined],
      ['etc/pw/b.yml', 'etc/pw/token'],
    ],
  );
  assert.deepEqual(
    http.map(({ tls, endpoint }) => [tls?.ca_file, endpoint.basic_auth?.password_file]),
    [['etc/pw/sd.crt', 'etc/pw/pw']],
  );
  assert.equal(config.discovery.endpoints_file, 'etc/pw/all.yml');
});

test('a user name with a colon is refused', () => {
  assert.deepEqual(
    problemsOf('endpoints:\n  - address: http://a:1\n    basic_auth: { username: "m:e", password: x }\n'),
    [
      'pw.yaml:3: endpoints[0].basic_auth: has a username with a colon, which no server can tell from the password',
    ],
  );
});
