import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { allowedKeys, keyText } from '../../src/config/describe-issue.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { formatDuration, parseDuration } from '../../src/model/duration.ts';

const text = readFileSync('docs/configuration.md', 'utf8');

/** The lines that tell keys: the keys, and the rest of the line and of those that it is continued on. */
const told = [
  ...text.matchAll(
    /^- (`(?:[a-z_]+(?:\[\])?\.)*[a-z_]+`(?:, `[a-z_.[\]]+`)*)((?: · [^\n]*(?:\n {2}`[^\n]*)*)?)$/gm,
  ),
].map(([, keys, rest]) => ({ keys: [...keys!.matchAll(/`([^`]+)`/g)].map(([, key]) => key!), rest: rest! }));

/** Keys that have the same keys below them as others, and are told once. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/^discovery\.(files|http|kubernetes)\[\]\.endpoint\./, 'endpoints[].'],
  [/^discovery\.(http|kubernetes)\[\]\.(?=(basic_auth|tls)\.)/, 'endpoints[].'],
  [/^(grpc_client|shared_cache\.(redis|memcached))\.tls\./, 'endpoints[].tls.'],
  [/^limits\.(tenants|clients)\[\]\./, 'limits.default.'],
];

/** Every key of the schema that holds a value, `[]` for each item of a list. */
function keysBelow(path: readonly PropertyKey[]): readonly string[] {
  const keys = allowedKeys(configSchema, path);
  if (keys.length > 0) return keys.flatMap((key) => keysBelow([...path, key]));
  if (path.at(-1) !== 0 && allowedKeys(configSchema, [...path, 0]).length > 0) return keysBelow([...path, 0]);
  return [keyText(path).replaceAll('[0]', '[]')];
}

const known = new Set(
  keysBelow([]).map((key) => ALIKE.reduce((name, [alike, by]) => name.replace(alike, by), key)),
);

test('every key of the schema is told once, and no other', () => {
  assert.ok(known.size > 70, `saw only ${known.size} keys`);
  const keys = told.flatMap((each) => each.keys);
  assert.deepEqual(keys, [...new Set(keys)]);
  assert.deepEqual(
    [...known].filter((key) => !keys.includes(key)),
    [],
    'keys that are not told',
  );
  // The keys below these are told at their likes.
  const groups =
    /^(discovery\.\w+\[\]\.(endpoint|basic_auth|tls)|(grpc_client|shared_cache\.(redis|memcached))\.tls|limits\.(tenants|clients))$/;
  assert.deepEqual(
    keys.filter((key) => !known.has(key) && !groups.test(key)),
    [],
    'keys that are none',
  );
});

test('every flag that stands for a key is told with it', () => {
  const flags = SERVE_FLAGS.filter(({ setting }) => setting !== undefined);
  assert.ok(flags.length > 40, `saw only ${flags.length} flags`);
  const lines = new Map(told.flatMap(({ keys, rest }) => keys.map((key) => [key, rest] as const)));
  const missing = flags.filter(({ name, setting, each = {} }) => {
    const key = setting!.join('.');
    const items = ['address', 'path', ...Object.keys(each)].map((item) => `${key}[].${item}`);
    const places = [key, ...items, key.replace(/\.\w+$/, '')];
    return !places.some((place) => lines.get(place)?.includes(`\`--${name}\``));
  });
  assert.deepEqual(
    missing.map(({ name, setting }) => `--${name} of ${setting!.join('.')}`),
    [],
  );
});

test('the defaults that are told are those of an empty file', () => {
  const config: unknown = loadConfig(undefined);
  let checked = 0;
  for (const { keys, rest } of told) {
    const value = rest.replace(/^.* · /s, '').replace(/^`(.*)`$/, '$1');
    for (const key of keys) {
      if (key.includes('[]') || !rest.startsWith(' · ')) continue;
      const is = key
        .split('.')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], config);
      if (typeof is === 'boolean' || (typeof is === 'string' && is !== ''))
        assert.equal(value, String(is), key);
      else if (typeof is === 'number' && /^\d+[a-z]/.test(value))
        assert.equal(formatDuration(parseDuration(value)), formatDuration(is), key);
      else if (typeof is === 'number' && /^\d+$/.test(value)) assert.equal(Number(value), is, key);
      else continue;
      checked++;
    }
  }
  assert.ok(checked > 25, `checked only ${checked} defaults`);
});
