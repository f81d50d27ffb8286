import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharedResults } from '../../src/app/shared-cache.ts';
import { loadConfig } from '../../src/config/load.ts';
import { MapCache } from '../support/map-cache.ts';

const ENDPOINT = '{ address: "http://a:1", headers: { X-Scope-OrgID: eu } }';

function fingerprintOf(text: string, version = '1'): string {
  const config = loadConfig({ file: 'pw.yaml', text });
  return sharedResults(new MapCache(), version, config, {}).fingerprint;
}

describe('gateways see the results of each other', () => {
  const own = fingerprintOf(`endpoints: [${ENDPOINT}]\n`);

  test('where they differ in what does not decide about results', () => {
    const text = `endpoints: [${ENDPOINT}]\nhttp: { address: "0.0.0.0:1" }\nquery: { timeout: 1s }\n`;
    assert.equal(fingerprintOf(text), own);
  });

  test('and not where another version, setting, server or secret may come to other results', () => {
    const others = [
      fingerprintOf(`endpoints: [${ENDPOINT}]\n`, '2'),
      fingerprintOf(`endpoints: [${ENDPOINT.replace('eu', 'us')}]\n`),
      fingerprintOf(`endpoints: [${ENDPOINT.replace('a:1', 'b:1')}]\n`),
      fingerprintOf(`endpoints: [${ENDPOINT}]\nenable_features: [promql-experimental-functions]\n`),
      fingerprintOf(`endpoints: [${ENDPOINT}]\nquery: { default_evaluation_interval: 30s }\n`),
      fingerprintOf(`endpoints: [${ENDPOINT}]\nquery: { results_cache_min_fresh: 1m }\n`),
      fingerprintOf(`endpoints: [${ENDPOINT}]\nquery: { replication: disjoint }\n`),
    ];
    assert.equal(new Set([own, ...others]).size, others.length + 1);
  });

  test('and nothing of the configuration can be read from that', () => {
    assert.match(own, /^[\w+/]{43}=$/);
  });
});
