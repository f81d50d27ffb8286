import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const RULES = 'deploy/mixin/rules.yml';
const ALERTS = 'deploy/mixin/alerts.yml';
const UNIT_TESTS = 'test/deploy/mixin/alerts.test.yml';

function rulesOf(path: string): readonly Rule[] {
  const { groups } = parse(readFileSync(path, 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

const recording = rulesOf(RULES);
const alerts = rulesOf(ALERTS);

describe('the rules of the mixin', () => {
  test('promtool accepts them', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', RULES, ALERTS]);
    assert.equal(stdout.match(/SUCCESS/g)?.length, 2, stdout);
  });

  test('each alert fires for what is ill alone, which promtool tries', async () => {
    await run('promtool', ['test', 'rules', UNIT_TESTS]);
    const { tests } = parse(readFileSync(UNIT_TESTS, 'utf8')) as {
      readonly tests: readonly { readonly alert_rule_test: readonly { readonly alertname: string }[] }[];
    };
    assert.deepEqual(
      new Set(tests.flatMap((each) => each.alert_rule_test.map(({ alertname }) => alertname))),
      new Set(alerts.map(({ alert }) => alert)),
    );
  });

  test('they ask for metrics that the gateway has', () => {
    const documented = new Set(readFileSync('docs/metrics.md', 'utf8').match(/promweave_[a-z_]+/g));
    const named = [...recording, ...alerts].flatMap(({ expr }) => expr.match(/\bpromweave_[a-z_]+/g) ?? []);
    assert.ok(named.length >= 20, `found only ${named.length} metrics`);
    const unknown = named.filter((name) => !documented.has(name.replace(/_(bucket|count|sum)$/, '')));
    assert.deepEqual(unknown, []);
  });

  test('alerts use recorded series that there are, and all of them', () => {
    const used = alerts.flatMap(({ expr }) => expr.match(/promweave:[\w:]+/g) ?? []);
    const fromRules = recording.flatMap(({ expr }) => expr.match(/promweave:[\w:]+/g) ?? []);
    assert.deepEqual(new Set([...used, ...fromRules]), new Set(recording.map(({ record }) => record)));
  });
});

test('each alert has a page, and each page an alert', () => {
  const told = alerts.map(({ alert, annotations }) => [annotations!['runbook']!, alert!] as const);
  assert.deepEqual(globSync('docs/runbooks/*.md').toSorted(), told.map(([page]) => page).toSorted());
  for (const [page, alert] of told) {
    const text = readFileSync(page, 'utf8');
    assert.ok(text.startsWith(`# ${alert}\n`), page);
    assert.deepEqual(
      [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
      ['Look at', 'Do'],
      page,
    );
  }
});

test('the table of the documentation has all alerts', () => {
  const rows = readFileSync('docs/monitoring.md', 'utf8').matchAll(/^\| `(\w+)`/gm);
  assert.deepEqual(
    [...rows].map(([, alert]) => alert),
    alerts.map(({ alert }) => alert),
  );
});

test('the dashboards have uids, titles and panels that differ, and queries for each panel', () => {
  const dashboards = globSync('deploy/grafana/dashboards/*.json').map(
    (path) =>
      JSON.parse(readFileSync(path, 'utf8')) as {
        readonly uid: string;
        readonly title: string;
        readonly panels: readonly {
          readonly id: number;
          readonly title: string;
          readonly targets: readonly unknown[];
        }[];
      },
  );
  assert.equal(
    dashboards.length,
    5,
    globSync('deploy/grafana/dashboards/*')
      .map((path) => basename(path))
      .join(),
  );
  for (const key of ['uid', 'title'] as const)
    assert.equal(new Set(dashboards.map((each) => each[key])).size, dashboards.length);
  for (const { title, panels } of dashboards) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, title);
    for (const panel of panels) assert.ok(panel.targets.length > 0, `${title}: ${panel.title}`);
  }
});
