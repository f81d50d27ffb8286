import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { parseFlags, type ParsedFlags } from '../../src/cli/parse-flags.ts';
import { readAgain, readingFromFlags } from '../../src/cli/read-config.ts';
import { LONG_YAML } from '../../src/model/own-thread.ts';
import { turnsUntil } from '../support/turns-until.ts';

/** One of each kind of value. */
const SETTINGS = `
query: { timeout: 5s, replica_labels: [replica], results_cache_size: 1MiB }
http: { address: "127.0.0.1:0", cors_origin: "https://.*" }
tenancy: { enforce: true, tenants: { a: '{team="x"}' }, admins: [ops] }
limits: { default: { max_series: 10 }, tenants: { a: { max_samples: 5 } } }
blocked_queries: [{ pattern: "up.*", reason: no }]
discovery: { files: [/etc/sd/*.yml], file_interval: 1m }
endpoints:
  - address: http://first:9090
    external_labels: { replica: a }
    min_time: -2w
    basic_auth: { username: u, password: secret }
    tls: { insecure_skip_verify: true }
`;
const MANY = Array.from({ length: 200 }, (_, i) => `  - address: http://host-${i}.example:9090\n`).join('');

function configured(t: TestContext, text: string): ParsedFlags {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'p.yml');
  writeFileSync(file, text);
  return parseFlags([`--config=${file}`, '--query.max-samples=7'], SERVE_FLAGS, true);
}

const NOTHING = { config: { ok: false, failure: '' }, shown: {}, files: new Map() } as const;

test('a long configuration is read by another thread, and is the same', async (t) => {
  assert.ok(MANY.length > LONG_YAML);
  const flags = configured(t, SETTINGS + MANY);
  const { value, turns } = await turnsUntil(readAgain(SERVE_FLAGS, flags, NOTHING));
  const here = readingFromFlags(SERVE_FLAGS, flags);
  assert.ok(here.config.ok, JSON.stringify(here.config));
  assert.equal(here.config.value.endpoints.length, 201);
  assert.deepEqual(value, here);
  assert.ok(turns > 10, `${turns} turns of the loop`);
});

test('what is wrong with it is said with its line', async (t) => {
  const flags = configured(t, `${SETTINGS}${MANY}  - address: http://first:9090\n    timeot: 1s\n`);
  const { config, files } = await readAgain(SERVE_FLAGS, flags, NOTHING);
  assert.match(
    config.ok ? '' : config.failure,
    /p\.yml:\d{3}: endpoints\[201\]\.timeot: no such setting; did you mean timeout/,
  );
  assert.equal(files.size, 1);
  assert.deepEqual(config, readingFromFlags(SERVE_FLAGS, flags).config);
});

test('a short one is read here, in one turn', async (t) => {
  const { value, turns } = await turnsUntil(readAgain(SERVE_FLAGS, configured(t, SETTINGS), NOTHING));
  assert.ok(value.config.ok);
  assert.equal(turns, 0);
});

test('what cannot be looked at is said as at a start', async (t) => {
  const flags = configured(t, SETTINGS);
  const file = String(flags.values.get('config'));
  rmSync(file);
  symlinkSync(file, file);
  const reading = await readAgain(SERVE_FLAGS, flags, NOTHING);
  assert.match(reading.config.ok ? '' : reading.config.failure, /links lead in a circle/);
});
