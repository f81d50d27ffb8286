import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { claimsOf } from '../../src/gateway/observing/claims.ts';
import { loadConfig } from '../../src/config/load.ts';
import { memoryServer } from '../support/memory-server.ts';

const text = readFileSync('docs/grafana.md', 'utf8');

interface Provisioned {
  readonly datasources?: readonly {
    readonly uid?: string;
    readonly type: string;
    readonly url: string;
    readonly jsonData?: Readonly<Record<string, unknown>>;
    readonly correlations?: readonly Correlation[];
  }[];
  readonly groups?: readonly { readonly rules: readonly AlertRule[] }[];
}

interface Correlation {
  readonly targetUID: string;
  readonly config: { readonly field: string; readonly target: { readonly expr: string } };
}

interface AlertRule {
  readonly condition: string;
  readonly for: string;
  readonly execErrState: string;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: { readonly refId: string; readonly expr?: string; readonly expression?: string };
  }[];
}

const blocks = Array.from(text.matchAll(/```yaml\n(.*?)```/gs), ([, block]) => parse(block!) as Provisioned);
const sources = blocks.flatMap(({ datasources = [] }) => datasources);
const rules = blocks.flatMap(({ groups = [] }) => groups).flatMap((group) => group.rules);
const [told] = sources;
const server = memoryServer([]);

test('the data source that is told is the one that is deployed, with a time of its own', () => {
  const file = 'deploy/grafana/provisioning/datasources/promweave.yml';
  const [deployed] = (parse(readFileSync(file, 'utf8')) as Provisioned).datasources!;
  const { timeout, ...rest } = told!.jsonData!;
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

test('all data sources that are told are of the gateway, and of the same version', () => {
  assert.equal(sources.length, 5);
  for (const { type, url, jsonData = {} } of sources) {
    assert.deepEqual([type, url], [told!.type, told!.url]);
    for (const name of ['httpMethod', 'prometheusType', 'prometheusVersion', 'timeInterval'])
      assert.ok([undefined, told!.jsonData![name]].includes(jsonData[name]), name);
  }
});

test('each parameter that a data source sends is one that the gateway reads', async () => {
  const inYaml = sources.flatMap(({ jsonData }) => jsonData?.['customQueryParameters'] ?? []) as string[];
  const inProse = Array.from(text.matchAll(/`(?:customQueryParameters: )?(\w+=\w+)`/g), ([, each]) => each!);
  const sent = new Set([...inYaml, ...inProse]);
  assert.deepEqual([...sent].toSorted(), [
    'dedup=false',
    'max_source_resolution=1h',
    'max_source_resolution=auto',
    'partial_response=false',
  ]);
  for (const each of sent) {
    const well = await server.inject(`/api/v1/query?query=1&${each}`);
    assert.equal(well.statusCode, 200, `${each}: ${well.body}`);
    const wrong = await server.inject(`/api/v1/query?query=1&${each.replace(/=.*/, '=x')}`);
    assert.equal(wrong.statusCode, 400, `${each} is not read`);
  }
});

test('a correlation uses the fields of a series, written as a file wants them', () => {
  const [correlation, ...more] = sources.flatMap(({ correlations = [] }) => correlations);
  assert.equal(more.length, 0);
  const { field, target } = correlation!.config;
  assert.equal(target.expr, `{${field}="$\${${field}}"}`);
});

test('the alert rule asks the data source of whole answers, and fails where that cannot give one', async () => {
  const [rule, ...more] = rules;
  assert.equal(more.length, 0);
  const [query, condition] = rule!.data;
  const source = sources.find(({ uid }) => uid === query!.datasourceUid);
  assert.equal(source?.jsonData?.['customQueryParameters'], 'partial_response=false');
  assert.equal(rule!.execErrState, 'Error');
  assert.deepEqual([rule!.condition, condition!.model.expression], [condition!.refId, query!.refId]);
  for (const { refId, model } of rule!.data) assert.equal(model.refId, refId);
  const asked = new URLSearchParams({ query: query!.model.expr! }).toString();
  const answer = await server.inject(`/api/v1/query?${asked}`);
  assert.equal(answer.statusCode, 200, answer.body);
});
