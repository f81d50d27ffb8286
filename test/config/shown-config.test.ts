import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { allowedKeys, keyText } from '../../src/config/describe-issue.ts';
import { openConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { printConfig, shownConfig } from '../../src/config/shown-config.ts';
import { parseExternalLabels } from '../../src/backend/prometheus/external-labels.ts';

const MARK = 'xmarkx';

/** Forms of values that a key which takes texts of people may take. */
const FORMS: readonly unknown[] = [
  MARK,
  `/${MARK}`,
  `http://h/${MARK}`,
  `http://${MARK}`,
  { a: MARK },
  [MARK],
  `http://h/?${MARK}`,
];

type Path = readonly PropertyKey[];

/** Every key of the schema that holds a value. */
function keysBelow(path: Path): readonly Path[] {
  const keys = allowedKeys(configSchema, path);
  if (keys.length > 0) return keys.flatMap((key) => keysBelow([...path, key]));
  if (path.at(-1) !== 0 && allowedKeys(configSchema, [...path, 0]).length > 0) return keysBelow([...path, 0]);
  return [path];
}

/** Where lists of the schema are, or else objects whose keys people choose, stands a 0. */
function holding(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => (key === 0 ? [inner] : { [key]: inner }), value);
}

function isListed(path: Path): boolean {
  const { error } = configSchema.safeParse(holding(path, 1));
  return (error?.issues ?? []).every(
    (issue) => issue.path.length >= path.length || !keyText(path).startsWith(keyText(issue.path)),
  );
}

const CHOSEN = 'chosen';

/** A path on which the schema takes a value. */
function pathThrough(path: Path): Path {
  return isListed(path) ? path : path.map((key) => (key === 0 ? CHOSEN : key));
}

/** Whether the schema takes a value in a place, whatever else it lacks there. */
function takes(path: Path, value: unknown): boolean {
  const { error } = configSchema.safeParse(holding(path, value));
  return (error?.issues ?? []).every((issue) => !keyText(issue.path).startsWith(keyText(path)));
}

const keys = keysBelow([]).map(pathThrough);
const taken = keys.flatMap((path) =>
  FORMS.filter((form) => takes(path, form)).map((form) => ({ path, root: holding(path, form) })),
);
const nameOf = (path: Path): string => keyText(path).replaceAll('[0]', '[]').replaceAll(`.${CHOSEN}`, '[]');

/** Keys that hold texts of people and are shown: none of them is a secret. A new key must be put here or be hidden. */
const SHOWN = [
  'enable_features',
  'endpoints[].address',
  'endpoints[].pass_headers',
  'endpoints[].tenants.header',
  'access.jwt.audience',
  'access.jwt.issuer',
  'access.jwt.jwks_file',
  'access.jwt.tenant_claim',
  'access.jwt.user_claim',
  'access.tokens_file',
  'access.user_header',
  'blocked_queries[].headers',
  'blocked_queries[].pattern',
  'blocked_queries[].query',
  'blocked_queries[].reason',
  'blocked_queries[].tenants',
  'discovery.endpoints_file',
  'discovery.files[].endpoint.pass_headers',
  'discovery.files[].endpoint.tenants.header',
  'discovery.files[].path',
  'discovery.http[].endpoint.pass_headers',
  'discovery.http[].endpoint.tenants.header',
  'discovery.http[].path_prefix',
  'discovery.http[].url',
  'discovery.kubernetes[].api_server',
  'discovery.kubernetes[].endpoint.pass_headers',
  'discovery.kubernetes[].endpoint.tenants.header',
  'discovery.kubernetes[].label_selector',
  'discovery.kubernetes[].namespaces',
  'discovery.kubernetes[].path_prefix',
  'discovery.kubernetes[].port',
  'grpc.tls.client_ca_file',
  'http.allowed_hosts',
  'http.config_file',
  'http.cors_origin',
  'http.external_prefix',
  'http.external_url',
  'http.prefix_header',
  'http.route_prefix',
  'query.log_file',
  'query.replica_labels',
  'shared_cache.namespace',
  'shared_cache.redis.password_file',
  'shared_cache.redis.username',
  'tenancy.default_tenant',
  'tenancy.header',
  'tenancy.label',
  'tracing.config_file',
];

/** The same of what says how a server is asked or speaks TLS, wherever that stands. */
const SHOWN_OF_ACCESS =
  /\.(external_labels|basic_auth\.username|basic_auth\.password_file|bearer_token_file|tls\.(ca|cert|key)_file|tls\.server_name)$/;

test('of the keys that hold texts, those alone are shown that hold no secret', () => {
  assert.ok(keys.length > 100, `saw only ${keys.length} keys`);
  const shown = taken
    .filter(({ root }) => printConfig(shownConfig(root as Record<string, unknown>)).includes(MARK))
    .map(({ path }) => nameOf(path));
  const ofServers = new Set(shown.filter((name) => SHOWN_OF_ACCESS.test(name)));
  assert.ok(ofServers.size > 30, `saw only ${ofServers.size} keys of servers`);
  assert.deepEqual([...new Set(shown)].filter((name) => !ofServers.has(name)).toSorted(), SHOWN.toSorted());
});

test('each secret is replaced by a word that says so, in every place that may have one', () => {
  const hidden = new Set(
    taken
      .filter(({ root }) => !printConfig(shownConfig(root as Record<string, unknown>)).includes(MARK))
      .map(({ path }) => nameOf(path)),
  );
  const places = [
    'endpoints[]',
    'discovery.files[].endpoint',
    'discovery.http[]',
    'discovery.http[].endpoint',
    'discovery.kubernetes[]',
    'discovery.kubernetes[].endpoint',
  ];
  for (const place of places)
    for (const key of ['basic_auth.password', 'bearer_token', 'headers'])
      assert.ok(hidden.has(`${place}.${key}`), `${place}.${key}`);
  assert.ok(hidden.has('tracing.config'));
  assert.ok(hidden.has('shared_cache.redis.password'));
});

test('the rest is shown as the file says it, with flags over it', () => {
  const { shown } = openConfig(
    {
      file: '/etc/pw/p.yml',
      text: `
query: { timeout: 1m, replica_labels: [a] }
endpoints:
  - address: http://a:9090
    basic_auth: { username: me, password: s3cret }
    headers: &h { X-Key: s3cret }
  - address: http://b:9090
    headers: *h
    bearer_token_file: token
discovery: { http: [{ url: "https://sd.example/list?key=s3cret" }] }
`,
    },
    [{ path: ['query', 'timeout'], value: '5s', source: '--query.timeout' }],
  );
  assert.equal(
    printConfig(shown),
    `query:
  timeout: 5s
  replica_labels:
    - a
endpoints:
  - address: http://a:9090
    basic_auth:
      username: me
      password: <secret>
    headers:
      X-Key: <secret>
  - address: http://b:9090
    headers:
      X-Key: <secret>
    bearer_token_file: /etc/pw/token
discovery:
  http:
    - url: https://sd.example/list?…
`,
  );
});

test('of a tracing configuration headers, a query and what it does not know are hidden', () => {
  const config = `
type: OTLP
other: s3cret
config:
  client_type: http
  endpoint: tempo:4318
  url_path: /v1/traces?key=s3cret
  headers: { Authorization: s3cret, X-Number: 53 }
  retry_config: { token: s3cret }
`;
  const { tracing } = shownConfig({ tracing: { config } }) as { tracing: { config: string } };
  assert.deepEqual(parse(tracing.config), {
    type: 'OTLP',
    config: {
      client_type: 'http',
      endpoint: 'tempo:4318',
      url_path: '/v1/traces?…',
      headers: { Authorization: '<secret>', 'X-Number': '<secret>' },
      retry_config: '<secret>',
    },
  });
  assert.deepEqual(shownConfig({ tracing: { config: 'type: [s3cret' } }), {
    tracing: { config: '<secret>' },
  });
});

test('a gateway above finds no external labels in it', () => {
  const { shown } = openConfig({
    file: 'p.yml',
    text: 'endpoints: [{ address: "http://a:1", external_labels: { global: "x" } }]\n',
  });
  assert.deepEqual(parseExternalLabels(printConfig(shown)), parseExternalLabels(''));
});
