import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import * as grpc from '@grpc/grpc-js';
import { folderOf, get } from '../../app/access/support.ts';
import { callUnary } from '../../grpc/support.ts';
import { startFakePrometheus } from '../../support/fake-prometheus.ts';
import { runProgram } from '../../support/program.ts';
import { startServe } from '../../support/serve-process.ts';
import { until } from '../../support/until.ts';

/** Each stands in another place. None is a part of another. */
const SECRETS = {
  hash: '$2y$04$S3cretHashS3cretHashS3u1wqSZLvZ1m0qvQw1y9wq8O6tqXbCxx',
  token: 'S3cretToken-of-a-client',
  backendToken: 'S3cretToken-of-a-backend',
  password: 'S3cretPassword-of-a-backend',
  header: 'S3cretHeader-of-a-backend',
  grpcToken: 'S3cretToken-of-a-store',
  grpcHeader: 'S3cretHeader-of-a-store',
  tracing: 'S3cretHeader-of-tracing',
  sent: 'S3cret-that-a-caller-sent',
};
const NO_SECRET = new RegExp(
  Object.values(SECRETS)
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, 20)])
    .map((secret) => secret.replaceAll(/\W/g, String.raw`\$&`))
    .join('|'),
);

const PATHS = [
  '/',
  '/metrics',
  '/nope',
  '/%zz',
  '/-/ready',
  '/-/reload',
  '/federate?match[]=up',
  '/federate?match[]={',
  '/api/v1/query?query=up',
  '/api/v1/query?query=up{',
  '/api/v1/query_range?query=up&start=0&end=60&step=15',
  '/api/v1/explain?query=up',
  '/api/v1/series?match[]=up',
  '/api/v1/labels',
  '/api/v1/rules',
  '/api/v1/targets',
  '/api/v1/metadata',
  '/api/v1/stores',
  '/api/v1/status/config',
  '/api/v1/status/flags',
  '/api/v1/status/runtimeinfo',
  '/api/v1/status/coverage',
  '/api/v1/status/active_queries',
  '/api/v1/status/top_queries',
  '/api/v1/openapi.yaml',
];

test('no answer, metric, page or line of the log has a secret, whatever goes wrong', async (t) => {
  const { write } = folderOf(t);
  const failing = await startFakePrometheus({
    read: (_, response) => void response.writeHead(500).end('no'),
  });
  t.after(() => failing.close());
  const tokens = write('tokens.yml', `ann: ${SECRETS.token}`);
  const web = write('web.yml', `basic_auth_users: { dave: "${SECRETS.hash}" }`);
  const backendToken = write('backend-token', SECRETS.backendToken);
  const grpcToken = write('grpc-token', SECRETS.grpcToken);
  const config = write(
    'p.yml',
    JSON.stringify({
      access: { tokens_file: tokens },
      http: { config_file: web, enable_lifecycle: true },
      log: { level: 'debug' },
      query: { endpoint_timeout: '1s' },
      refresh_interval: '500ms',
      tracing: {
        config: `type: OTLP\nconfig: { client_type: http, insecure: true, endpoint: "127.0.0.1:1", headers: { x-key: ${SECRETS.tracing} } }`,
      },
      endpoints: [
        { address: failing.url, bearer_token_file: backendToken, headers: { 'X-Key': SECRETS.header } },
        { address: 'http://127.0.0.1:1', basic_auth: { username: 'u', password: SECRETS.password } },
        {
          address: 'grpc://127.0.0.1:1',
          bearer_token_file: grpcToken,
          headers: { 'x-key': SECRETS.grpcHeader },
        },
      ],
    }),
  );
  const gateway = await startServe([`--config=${config}`, '--log.level=debug']);
  t.after(() => gateway.stop('SIGKILL'));
  const seen: string[] = [];
  const credentialsOf = [
    { authorization: `Bearer ${SECRETS.token}` },
    { authorization: `Bearer ${SECRETS.sent}` },
    { authorization: `Basic ${Buffer.from(`dave:${SECRETS.sent}`).toString('base64')}` },
    { authorization: SECRETS.sent },
  ];
  const askAll = async (): Promise<void> => {
    for (const headers of credentialsOf)
      for (const path of PATHS) {
        const answer = await get(gateway, path, { headers });
        seen.push(path, JSON.stringify(answer.headers), answer.text);
      }
    for (const { authorization } of credentialsOf) {
      const showing: grpc.Interceptor = (options, next) =>
        new grpc.InterceptingCall(next(options), {
          start: (metadata, listener, start) => {
            metadata.set('authorization', authorization);
            start(metadata, listener);
          },
        });
      const client = new Client(gateway.grpcAddress, credentials.createInsecure(), {
        interceptors: [showing],
      });
      const { details, messages } = await callUnary(client, '/thanos.info.Info/Info');
      seen.push(details, Buffer.concat(messages).toString());
      client.close();
    }
  };
  await askAll();
  assert.ok(seen.join('').includes('promweave_build_info'), 'the token of a client is good for metrics');
  // Secrets that cannot be sent, and files that cannot be used.
  writeFileSync(backendToken, `${SECRETS.backendToken}\r\nx`);
  writeFileSync(grpcToken, `${SECRETS.grpcToken}-é`);
  writeFileSync(tokens, `ann: "${SECRETS.token}\\r\\n"\nbob: ${SECRETS.token}-é`);
  writeFileSync(
    web,
    `basic_auth_users: { dave: "${SECRETS.hash.slice(0, 40)}", eve: [${SECRETS.hash.slice(0, 20)}] }`,
  );
  await until('both files are found to be wrong', 20_000, async () => {
    const { text } = await get(gateway, '/metrics', { headers: credentialsOf[0]! });
    return (text.match(/^promweave_access_last_reload_successful\{.*\} 0$/gm) ?? []).length === 2;
  });
  await askAll();
  writeFileSync(config, `endpoints: [{ address: "http://a:1", bearer_token: "${SECRETS.backendToken}\\n" }]`);
  await until('the configuration is found to be wrong', 20_000, async () =>
    gateway.output().includes('the former one stays in force'),
  );
  await askAll();
  await gateway.stop('SIGTERM');
  const log = gateway.output();
  assert.ok(log.length > 1000 && /one line of printable ASCII/.test(seen.join('\n') + log));
  for (const text of [...seen, ...log.split('\n')]) assert.doesNotMatch(text, NO_SECRET);
});

test('check-config says what is wrong with secrets, and quotes none', async (t) => {
  const { write } = folderOf(t);
  const file = write('token', `${SECRETS.grpcToken}\r\nx`);
  const rows: readonly (readonly [object, RegExp])[] = [
    [
      { endpoints: [{ address: 'grpc://a:1', bearer_token: `${SECRETS.grpcToken}-é` }] },
      /one line of printable ASCII/,
    ],
    [{ endpoints: [{ address: 'http://a:1', bearer_token_file: file }] }, /one line of printable ASCII/],
    [
      { endpoints: [{ address: 'http://a:1', headers: { 'X-Key': `${SECRETS.header}\r\nA: b` } }] },
      /one line of printable/,
    ],
    [
      { endpoints: [{ address: 'grpc://a:1', headers: { 'x-key': `${SECRETS.header}-é` } }] },
      /one line of printable ASCII/,
    ],
    [{ access: { tokens_file: write('t.yml', `ann: "${SECRETS.token}\\n"`) } }, /must have 16 to 512/],
    [
      { http: { config_file: write('w.yml', `basic_auth_users: { a: "${SECRETS.hash.slice(1)}" }`) } },
      /is no bcrypt hash/,
    ],
  ];
  for (const [config, problem] of rows) {
    const { code, output } = await runProgram(t, 'src/main.ts', [
      'check-config',
      write('p.yml', JSON.stringify(config)),
    ]);
    assert.equal(code, 1, output);
    assert.match(output, problem);
    assert.doesNotMatch(output, NO_SECRET);
  }
});
