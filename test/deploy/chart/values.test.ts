import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { CHART, VALUE_SETS, valuesFile } from './render.ts';

type Values = Readonly<Record<string, unknown>>;

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

const defaults = parse(readFileSync(`${CHART}/values.yaml`, 'utf8')) as Values;
const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as Schema;
const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(schema);
const templates = globSync(`${CHART}/templates/*`).map((file) => readFileSync(file, 'utf8'));

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As helm lays values over the defaults: maps are merged, all else is replaced. */
function merged(below: Values, above: Values): Values {
  const both = Object.entries(above).map(([key, value]) => {
    const former = below[key];
    return [key, isMap(former) && isMap(value) ? merged(former, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(both) };
}

/** Paths of all keys that the schema names, but for `global`, which helm has. */
function keysOf({ properties = {} }: Schema, path = ''): readonly string[] {
  return Object.entries(properties).flatMap(([key, below]) =>
    path === '' && key === 'global' ? [] : [`${path}${key}`, ...keysOf(below, `${path}${key}.`)],
  );
}

/** A value by its path; `missing` where there is none. */
function valueAt(values: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isMap(at) && Object.hasOwn(at, key) ? at[key] : 'missing'), values);
}

test('the defaults are allowed, and each set of values that the tests render', () => {
  for (const values of [
    {},
    ...VALUE_SETS.map((set) => parse(readFileSync(valuesFile(set), 'utf8')) as Values),
  ]) {
    validate(merged(defaults, values));
    assert.deepEqual(validate.errors, null);
  }
});

test('each key of the defaults is in the schema, and each key of the schema has a default', () => {
  const keys = keysOf(schema);
  assert.ok(keys.length > 60, `saw only ${keys.length} keys`);
  // Pods and lists have more that may be said than is said.
  const silent = /^(resources\.claims|probes\.\w+\.\w+|route\.timeouts\.\w+)$/;
  assert.deepEqual(
    keys.filter((key) => valueAt(defaults, key) === 'missing' && !silent.test(key)),
    [],
  );
  assert.deepEqual(
    Object.keys(defaults).filter((key) => !keys.includes(key)),
    [],
  );
});

test('templates use values that there are, and each value is used', () => {
  const used = templates.flatMap((text) => text.match(/(?<=\.Values\.)[A-Za-z]+(?:\.[A-Za-z]+)*/g) ?? []);
  assert.ok(used.length > 60, `saw only ${used.length} uses`);
  assert.deepEqual(
    used.filter((path) => valueAt(defaults, path) === 'missing'),
    [],
  );
  const leaves = keysOf(schema).filter((key) => !keysOf(schema).some((other) => other.startsWith(`${key}.`)));
  assert.deepEqual(
    leaves.filter((leaf) => !used.some((path) => leaf === path || leaf.startsWith(`${path}.`))),
    [],
  );
});

for (const [what, values] of [
  ['a key that is misspelt', { replica: 3 }],
  ['a key of a group that is misspelt', { autoscaling: { max: 3 } }],
  ['a number as a text', { replicas: '3' }],
  ['an unknown kind of anti-affinity', { antiAffinity: 'hard' }],
  ['a port that another listener has', { service: { adminPort: 10902 } }],
  ['an ingress for no host', { ingress: { enabled: true } }],
  ['a route from no gateway', { route: { enabled: true } }],
  ['an argument that is no flag', { extraArgs: ['serve'] }],
  ['a digest that is none', { image: { digest: 'latest' } }],
] as const)
  test(`${what} is refused`, () => {
    assert.equal(validate(merged(defaults, values)), false);
  });
