import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepForRestart } from '../../../src/app/reload/keep-for-restart.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/config.ts';

const configOf = (text: string): Config => loadConfig({ file: 'p.yml', text });

test('a configuration that changes nothing of the sockets is taken as it is', () => {
  const wanted = configOf('query: { timeout: 5s, replica_labels: [r] }\nhttp: { grace_period: 3s }\n');
  assert.deepEqual(keepForRestart(configOf(''), wanted), { config: wanted, needRestart: [] });
});

test('settings of the sockets keep the values of the start, and are named', () => {
  const started = configOf('');
  const wanted = configOf(`
http: { address: ':1', grace_period: 3s }
grpc: { tls: { cert_file: /a, key_file: /b } }
query: { threads: 7, timeout: 5s }
`);
  const { config, needRestart } = keepForRestart(started, wanted);
  assert.deepEqual(needRestart, ['http.address', 'grpc.tls', 'query.threads']);
  assert.deepEqual(
    [config.http.address, config.grpc.tls, config.query.threads],
    [started.http.address, undefined, undefined],
  );
  assert.deepEqual([config.http.grace_period, config.query.timeout], [3000, 5000]);
});
