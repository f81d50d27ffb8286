import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { convertPromxy } from '../../src/cli/convert/promxy.ts';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';

/** The rows of the table below a heading, as the code spans of each column. */
function rowsOf(heading: string): readonly (readonly (readonly string[])[])[] {
  const section = readFileSync('docs/from-promxy.md', 'utf8')
    .split(/^## /m)
    .find((each) => each.startsWith(heading));
  const lines = section!.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, span]) => span!)),
  );
}

/** Values of the keys that a number would be no value for. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  dns_sd_configs: [{ names: ['_prom._tcp.example'] }],
  http_sd_configs: [{ url: 'http://lists.example/servers' }],
  kubernetes_sd_configs: [{ role: 'pod' }],
  labels: { sg: 'a' },
  scheme: 'http',
  metrics_relabel_configs: [{ action: 'labeldrop', source_label: 'replica' }],
  relative_time_range: { start: '-3h', truncate: true },
  absolute_time_range: { end: '2024-01-31T00:00:00Z' },
  query_params: { nocache: 1 },
  http_headers: { 'X-Scope-OrgID': 'a' },
  timeout: '5s',
  http_client: { basic_auth: { username: 'a', password: 'b' }, dial_timeout: '1s' },
};

test('each key that the page tells is known to the converter', () => {
  const keys = rowsOf('Keys of a server group').flatMap(([theirs]) => theirs!);
  assert.ok(keys.length > 25, `saw only ${keys.length} keys`);
  const group = Object.fromEntries(keys.map((key) => [key, SAMPLES[key] ?? 1]));
  const { text } = convertPromxy({
    file: 'promxy.yml',
    text: JSON.stringify({
      promxy: { server_groups: [{ ...group, static_configs: [{ targets: ['a:9090'] }] }] },
    }),
  });
  assert.doesNotMatch(text, /is not known/);
});

test('each flag that is named in the place of one of promxy is there', () => {
  const names = new Set(SERVE_FLAGS.map(({ name }) => `--${name}`));
  const here = rowsOf('Flags').flatMap(([, ours]) => ours!.filter((span) => span.startsWith('--')));
  assert.ok(here.length >= 8);
  assert.deepEqual(
    here.filter((flag) => !names.has(flag)),
    [],
  );
});
