import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { startProblems } from '../../src/app/config-problems.ts';
import { checkedHere, unseenFiles } from '../../src/app/pod-files.ts';
import type { Config } from '../../src/config/config.ts';
import { SERVICE_ACCOUNT } from '../../src/config/discovery-schema.ts';
import { loadConfig } from '../../src/config/load.ts';

/** Tests may run in a pod, which has them. */
const skip = existsSync(SERVICE_ACCOUNT);
const TOKEN = `${SERVICE_ACCOUNT}/token`;
const AUTHORITY = `${SERVICE_ACCOUNT}/ca.crt`;
const IN_POD = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

function configOf(text: string): Config {
  return loadConfig({ file: '/etc/promweave.yml', text });
}

function pathsOf(config: Config): readonly string[] {
  return startProblems(config).map(({ path }) => path.join('.'));
}

test(
  'files of a service account that are not here are left out, and what stands beside them is checked',
  { skip },
  () => {
    const config = configOf(`
    endpoints:
      - { address: 'https://a:9090', bearer_token_file: ${TOKEN}, tls: { ca_file: ${AUTHORITY}, cert_file: /none/crt, key_file: /none/key } }
      - { address: 'http://b:9090', bearer_token_file: /none/token }
    discovery:
      kubernetes: [{ label_selector: a=b }]
  `);
    const { config: here, unseen } = checkedHere(config, {});
    assert.deepEqual(unseen, [TOKEN, AUTHORITY]);
    assert.deepEqual(pathsOf(here), ['endpoints.0.tls', 'endpoints.1.bearer_token_file']);
    assert.match(startProblems(here)[0]!.message, /\/none\/crt/);
    assert.equal(config.endpoints[0]!.bearer_token_file, TOKEN, 'the configuration itself stays');
  },
);

test('in a pod they are missing like any other file', { skip }, () => {
  const config = configOf('discovery: { kubernetes: [{ label_selector: a=b }] }');
  const { config: here, unseen } = checkedHere(config, IN_POD);
  assert.deepEqual(unseen, []);
  assert.deepEqual(pathsOf(here), ['discovery.kubernetes.0.bearer_token_file', 'discovery.kubernetes.0.tls']);
});

test('a sentence says which they are, and why', () => {
  assert.equal(unseenFiles([]), undefined);
  const why = 'Kubernetes puts files of the service account into pods alone, and this is none';
  assert.equal(unseenFiles(['/a']), `/a was not checked: ${why}`);
  assert.equal(unseenFiles(['/a', '/b']), `/a and /b were not checked: ${why}`);
});
