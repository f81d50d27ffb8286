import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { claimsOf } from '../../src/gateway/observing/claims.ts';
import { loadConfig } from '../../src/config/load.ts';

const text = readFileSync('docs/grafana.md', 'utf8');

interface Provisioned {
  readonly datasources: readonly {
    readonly type: string;
    readonly jsonData: Readonly<Record<string, unknown>>;
  }[];
}

const [, block] = /```yaml\n(.*?)```/s.exec(text)!;
const [told] = (parse(block!) as Provisioned).datasources;

test('the data source that is told is the one that is deployed, with a time of its own', () => {
  const file = 'deploy/grafana/provisioning/datasources/promweave.yml';
  const [deployed] = (parse(readFileSync(file, 'utf8')) as Provisioned).datasources;
  const { timeout, ...rest } = told!.jsonData;
  assert.deepEqual([told!.type, rest], [deployed!.type, deployed!.jsonData]);
  assert.ok(1000 * Number(timeout) > loadConfig(undefined).query.endpoint_timeout);
});

test('Grafana waits longer by itself than the gateway does for an endpoint', () => {
  const [, usual] = /Without it that is (\d+) s/.exec(text)!;
  assert.ok(1000 * Number(usual) > loadConfig(undefined).query.endpoint_timeout);
});

test('the headers that Grafana is told to send are those that are looked at', () => {
  const headers = [...text.matchAll(/`(X-[A-Za-z-]+)`/g)].map(([, name]) => name!.toLowerCase());
  assert.equal(headers.length, 3);
  for (const name of headers)
    assert.equal(
      Object.keys(claimsOf({ header: (each) => (each === name ? 'x' : undefined) })).length,
      1,
      name,
    );
});
