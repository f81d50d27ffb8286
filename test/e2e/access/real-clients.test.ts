import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { request } from 'undici';
import { startGateway } from '../../../src/app/start-gateway.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { folderOf, PAIR, USERS } from '../../app/access/support.ts';
import { CERTIFICATES } from '../../support/certificates.ts';
import { columnsSeries } from '../../select/support.ts';
import { startMemoryPrometheus } from '../../support/memory-prometheus.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { startPrometheus } from '../../support/prometheus-server.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);

/** A gateway over one server with the series `m`, which wants a certificate and a password. */
async function guarded(t: TestContext) {
  const now = Date.now();
  const times = Array.from({ length: 40 }, (_, i) => now + (i - 20) * 15_000);
  const series = ['up', 'm'].map((__name__) =>
    columnsSeries(
      { __name__, job: 'j', instance: 'i' },
      times.map((time) => [time, 1]),
    ),
  );
  const backend = await startMemoryPrometheus({ shard: '0', __replica__: 'a' }, series);
  t.after(() => backend.close());
  const { folder, write } = folderOf(t);
  write('client.crt', CERTIFICATES.client.cert);
  write('client.key', CERTIFICATES.client.key);
  const web = write(
    'web.yml',
    `tls_server_config: { ${PAIR}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt }\nbasic_auth_users: ${JSON.stringify(USERS)}\n`,
  );
  const text = JSON.stringify({
    http: { address: '127.0.0.1:0', config_file: web },
    grpc: { address: '127.0.0.1:0' },
    endpoints: [{ address: backend.url }],
  });
  const gateway = await startGateway(
    loadConfig({ file: 'p.yml', text }),
    'test',
    createLogger({ level: 'error', format: 'logfmt' }),
  );
  t.after(() => gateway.close(0));
  const at = (name: string): string => join(folder, name);
  const tls = `tls_config: { ca_file: ${at('ca.crt')}, cert_file: ${at('client.crt')}, key_file: ${at('client.key')}, server_name: store.example }`;
  return { gateway, at, access: `basic_auth: { username: dave, password: dave123 }\n${tls}` };
}

describe('a gateway that wants certificates and passwords', () => {
  before(async () => {
    await run('curl', ['--version']);
    await run('promtool', ['--version']);
  });

  it('answers curl with both, and not with one of them', async (t) => {
    const { gateway, at } = await guarded(t);
    const { host, port } = new URL(gateway.url);
    const curl = async (...more: readonly string[]): Promise<string> => {
      const { stdout } = await run('curl', [
        '-sS',
        '--cacert',
        at('ca.crt'),
        '--connect-to',
        `store.example:${port}:${host}`,
        '-w',
        '%{http_code}',
        ...more,
        `https://store.example:${port}/api/v1/query?query=m`,
      ]);
      return stdout;
    };
    const certificate = ['--cert', at('client.crt'), '--key', at('client.key')];
    assert.match(await curl(...certificate, '-u', 'dave:dave123'), /"success".*200$/);
    assert.match(await curl(...certificate, '-u', 'dave:wrong'), /401$/);
    assert.match(await curl(...certificate), /401$/);
    await assert.rejects(curl('-u', 'dave:dave123'), /certificate required|alert|reset/);
  });

  it('answers promtool, which knows users alone', async (t) => {
    const { write } = folderOf(t);
    const web = write('web.yml', `basic_auth_users: ${JSON.stringify(USERS)}\n`);
    await run('promtool', ['check', 'web-config', web]);
    const gateway = await startTestGateway([], { 'http.config_file': web });
    t.after(() => gateway.close(0));
    const query = (user: string) =>
      run('promtool', ['query', 'instant', gateway.url.replace('://', `://${user}@`), 'vector(7)']);
    assert.match((await query('dave:dave123')).stdout, /^\{\} => 7 @/);
    await assert.rejects(query('dave:wrong'), /Unauthorized|401/);
  });

  it('is federated and read by a Prometheus', async (t) => {
    const { gateway, access } = await guarded(t);
    const { host } = new URL(gateway.url);
    const indented = (spaces: number): string => access.replaceAll('\n', `\n${' '.repeat(spaces)}`);
    const prometheus = await startPrometheus({
      config: `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: federation
    scheme: https
    metrics_path: /federate
    honor_labels: true
    params: { 'match[]': [m] }
    ${indented(4)}
    static_configs: [{ targets: ['${host}'] }]
remote_read:
  - url: ${gateway.url}/api/v1/read
    ${indented(4)}
`,
    });
    t.after(() => prometheus.stop());
    const countOf = async (query: string): Promise<string> => {
      const { body } = await request(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
      return body.text();
    };
    await until('the federation is up', 30_000, async () =>
      /"value":\[[\d.]+,"1"\]/.test(await countOf('up{job="federation"}')),
    );
    // The range is older than the server itself, so this came by remote read.
    await until('it is read', 30_000, async () =>
      /"value":\[[\d.]+,"[89]"\]/.test(await countOf('count_over_time(m{shard="0"}[2m] offset 1m)')),
    );
  });
});
