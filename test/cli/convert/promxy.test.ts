import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { convert } from '../../../src/cli/commands/convert.ts';
import { convertPromxy } from '../../../src/cli/convert/promxy.ts';

interface Made {
  readonly query: {
    readonly replica_labels: readonly string[];
    readonly partial_response: boolean;
    readonly timeout?: string;
  };
  readonly endpoints: readonly {
    readonly address: string;
    readonly external_labels: Readonly<Record<string, string>>;
  }[];
  readonly discovery?: unknown;
}

/** What is made of groups, and the keys of promxy that a comment asks to look at, or says not to need. */
function converted(
  groups: string,
  rest = '',
): { config: Made; check: string[]; fine: string[]; text: string } {
  const { text, toLookAt } = convertPromxy({
    file: 'promxy.yml',
    text: `promxy:\n  server_groups:\n${groups}\n${rest}`,
  });
  const keys = (pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, key]) => key!);
  const check = keys(/# CHECK (?:line \d+: )?(\S+)/g);
  assert.equal(check.length, toLookAt);
  return { config: parse(text) as Made, check, fine: keys(/# (?:line \d+: )(\S+)/g), text };
}

test('hosts of a group are replicas of one group of series', () => {
  const { config, check } = converted(
    '    - static_configs: [{ targets: [a:9090, b:9090] }]\n      labels: { sg: eu }',
  );
  assert.deepEqual(config, {
    query: { replica_labels: ['__replica__'], partial_response: false },
    endpoints: ['a', 'b'].map((host) => ({
      address: `http://${host}:9090`,
      external_labels: { sg: 'eu', __replica__: `${host}:9090` },
      replication: 'redundant',
    })),
  });
  assert.deepEqual(check, []);
});

test('groups without labels are told apart by one that is made, which has to be looked at', () => {
  const groups =
    '    - static_configs: [{ targets: [a:9090] }]\n    - name: west\n      static_configs: [{ targets: [b:9090] }]';
  const { config, check } = converted(groups);
  assert.deepEqual(
    config.endpoints.map((endpoint) => endpoint.external_labels),
    [{ server_group: '0' }, { server_group: 'west' }],
  );
  assert.deepEqual(check, [
    'promxy.server_groups[0].static_configs',
    'promxy.server_groups[1].static_configs',
  ]);
});

test('tenants of one store, with headers, path and scheme', () => {
  const tenant = (name: string, hosts: string): string =>
    `    - { http_headers: { X-Scope-OrgID: ${name} }, path_prefix: /prometheus, scheme: https, static_configs: [{ targets: [${hosts}] }], labels: { dc: ${name} } }`;
  const { config, check } = converted(
    `${tenant('dc1', 'store-1:8080')}\n${tenant('both', "store-1:8080, 'store-2:8080'")}`,
  );
  assert.deepEqual(config.endpoints[0], {
    address: 'https://store-1:8080/prometheus',
    external_labels: { dc: 'dc1' },
    headers: { 'X-Scope-OrgID': 'dc1' },
  });
  assert.deepEqual(
    config.endpoints.slice(1).map((endpoint) => [endpoint.address, endpoint.external_labels['__replica__']]),
    [
      ['https://store-1:8080/prometheus', 'store-1:8080'],
      ['https://store-2:8080/prometheus', 'store-2:8080'],
    ],
  );
  assert.deepEqual(check, []);
});

test('times, timeout, parameters, credentials and certificates are those of each endpoint', () => {
  const { config, check, fine } =
    converted(`    - static_configs: [{ targets: [a:9090], labels: { zone: x } }]
      relative_time_range: { start: -3h, end: -1h, truncate: false }
      timeout: 5s
      query_params: { nocache: 1 }
      http_client:
        dial_timeout: 1s
        basic_auth: { username: me, password_file: /etc/password }
        tls_config: { ca_file: /etc/ca.pem, server_name: prom, insecure_skip_verify: true }`);
  assert.deepEqual(config.endpoints, [
    {
      address: 'http://a:9090',
      external_labels: { zone: 'x' },
      min_time: '-3h',
      max_time: '-1h',
      timeout: '5s',
      parameters: { nocache: '1' },
      basic_auth: { username: 'me', password_file: '/etc/password' },
      tls: { ca_file: '/etc/ca.pem', server_name: 'prom', insecure_skip_verify: true },
    },
  ]);
  assert.deepEqual(check, []);
  assert.deepEqual(fine, [
    'promxy.server_groups[0].relative_time_range.truncate',
    'promxy.server_groups[0].http_client.dial_timeout',
  ]);
});

test('moments and tokens', () => {
  const { config } = converted(`    - static_configs: [{ targets: [a:9090] }]
      absolute_time_range: { start: '2009-10-10T23:00:00Z', end: 2009-10-11T23:00:00Z, truncate: true }
      timeout: 0s
      http_client: { authorization: { credentials_file: /etc/token } }`);
  assert.deepEqual(config.endpoints, [
    {
      address: 'http://a:9090',
      min_time: '2009-10-10T23:00:00Z',
      max_time: '2009-10-11T23:00:00Z',
      bearer_token_file: '/etc/token',
    },
  ]);
});

test('servers that are found: names, lists and Kubernetes', () => {
  const { config, check } = converted(`    - scheme: https
      path_prefix: api
      labels: { sg: a }
      dns_sd_configs:
        - { names: [_prom._tcp.example] }
        - { names: [prom.example], type: A, port: 9090 }
      http_sd_configs: [{ url: 'http://lists/servers', refresh_interval: 10s, basic_auth: { username: u, password: p } }]
      kubernetes_sd_configs: [{ role: endpoints, namespaces: { names: [monitoring] }, selectors: [{ role: endpoints, label: 'app=prometheus' }] }]`);
  const endpoint = { external_labels: { sg: 'a' }, replication: 'redundant' };
  assert.deepEqual(config.endpoints, [
    { address: 'dnssrv+https://_prom._tcp.example/api', ...endpoint },
    { address: 'dns+https://prom.example:9090/api', ...endpoint },
  ]);
  assert.deepEqual(config.discovery, {
    http: [
      {
        url: 'http://lists/servers',
        refresh_interval: '10s',
        basic_auth: { username: 'u', password: 'p' },
        scheme: 'https',
        path_prefix: '/api',
        labels_as_external: true,
        endpoint,
      },
    ],
    kubernetes: [
      {
        namespaces: ['monitoring'],
        label_selector: 'app=prometheus',
        scheme: 'https',
        path_prefix: '/api',
        endpoint,
      },
    ],
  });
  assert.deepEqual(check, ['promxy.server_groups[0].kubernetes_sd_configs[0].selectors']);
});

for (const key of [
  'consul_sd_configs',
  'ec2_sd_configs',
  'file_sd_configs',
  'relabel_configs',
  'inject_matchers',
  'prefer_max',
])
  test(`${key} has to be looked at`, () => {
    const { check } = converted(
      `    - static_configs: [{ targets: [a:9090] }]\n      ${key}: [{ files: [x.yml] }]`,
    );
    assert.deepEqual(check, [`promxy.server_groups[0].${key}`]);
  });

test('what the gateway does by itself is told, and asks for nothing', () => {
  const keys = [
    'anti_affinity',
    'anti_affinity_dynamic',
    'remote_read',
    'native_histogram',
    'label_filter',
    'max_idle_conns',
  ];
  const { check, fine } = converted(
    `    - static_configs: [{ targets: [a:9090] }]\n${keys.map((key) => `      ${key}: 1`).join('\n')}`,
  );
  assert.deepEqual(
    [check, fine.toSorted()],
    [[], keys.map((key) => `promxy.server_groups[0].${key}`).toSorted()],
  );
});

test('a label that is dropped tells replicas apart, and other changes of labels are told', () => {
  const { config, check } = converted(`    - static_configs: [{ targets: [a:9090] }]
      metrics_relabel_configs:
        - { action: labeldrop, source_label: replica }
        - { action: replace, source_label: job, target_label: scrape_job }`);
  assert.deepEqual(config.query.replica_labels, ['__replica__', 'replica']);
  assert.deepEqual(
    check,
    [0, 1].map((i) => `promxy.server_groups[0].metrics_relabel_configs[${i}]`),
  );
});

test('groups that may fail let answers be partial, and a mixture is told', () => {
  const group = (host: string, more: string): string =>
    `    - { static_configs: [{ targets: ['${host}:1'] }], labels: { sg: ${host} }${more} }\n`;
  assert.equal(converted(group('a', '') + group('b', '')).config.query.partial_response, false);
  const both = converted(group('a', ', ignore_error: true') + group('b', ', downgrade_error: true'));
  assert.deepEqual([both.config.query.partial_response, both.check], [true, []]);
  const mixed = converted(group('a', ', ignore_error: true') + group('b', ''));
  assert.deepEqual([mixed.config.query.partial_response, mixed.check], [true, ['promxy.server_groups']]);
});

test('what belongs to Prometheus is told, and a key that nobody knows as well', () => {
  const rest =
    "rule_files: ['*.rule']\nalerting: { alertmanagers: [] }\nremote_write: [{ url: 'http://w' }]\nglobal: { evaluation_interval: 5s, external_labels: { source: p } }\nnew_key: 1\n";
  const { check, fine } = converted(
    '    - { static_configs: [{ targets: [a:9090] }], surprise: { deep: 1 } }',
    rest,
  );
  assert.deepEqual(check.toSorted(), [
    'alerting',
    'global.external_labels',
    'new_key',
    'promxy.server_groups[0].surprise.deep',
    'remote_write',
    'rule_files',
  ]);
  assert.deepEqual(fine, ['global.evaluation_interval']);
});

test('comments say the line', () => {
  const { text } = converted('    - static_configs: [{ targets: [a:9090] }]\n      prefer_max: true');
  assert.match(text, /# CHECK line 4: promxy\.server_groups\[0\]\.prefer_max has no counterpart/);
});

test('a line break in a name ends no comment', () => {
  const { config } = converted(
    '    - { name: "a\\nquery: { timeout: 1s }", static_configs: [{ targets: [a:9090] }] }',
  );
  assert.equal(config.query.timeout, undefined);
});

for (const [what, text, message] of [
  ['is no YAML', 'promxy: [', /^promxy\.yml:1: /],
  ['is another configuration', 'global: {}', /is no configuration of promxy: it has no key promxy/],
  [
    'has what nothing valid can be made of',
    'promxy: { server_groups: [{ static_configs: [{ targets: ["a b"] }] }] }',
    /^what was made of promxy\.yml:\d+: endpoints\[0\]\.address: /,
  ],
] as const)
  test(`a file that ${what} is refused`, () => {
    assert.throws(() => convertPromxy({ file: 'promxy.yml', text }), { message });
  });

test('the command prints the configuration, and says on standard error how much is to be looked at', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'promxy.yml');
  const run = async (text: string): Promise<unknown[]> => {
    writeFileSync(file, text);
    const said = { out: '', error: '' };
    const code = await convert.run([file], {
      out: (part) => void (said.out += part),
      error: (part) => void (said.error += part),
      stop: new AbortController().signal,
    });
    return [code, (parse(said.out) as Made).endpoints[0]!.address, said.error];
  };
  const text = 'promxy: { server_groups: [{ static_configs: [{ targets: [a:9090] }] }] }\n';
  assert.deepEqual(await run(text), [
    0,
    'http://a:9090',
    `Everything in ${file} has a counterpart, or needs none.\n`,
  ]);
  assert.deepEqual(await run(`${text}alerting: {}\n`), [
    0,
    'http://a:9090',
    'Look at one comment that begins with CHECK: answers may differ there.\n',
  ]);
});

test('an empty list loses nothing, so nothing is said of it', () => {
  const { check } = converted(
    '    - { static_configs: [{ targets: [a:9090] }], http_sd_configs: [], surprise: {}, other: null }',
  );
  assert.deepEqual(check, []);
});
