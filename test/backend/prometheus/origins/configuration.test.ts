import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { originsOfConfiguration } from '../../../../src/backend/prometheus/origins/configuration.ts';
import type { Pace } from '../../../../src/model/pacer.ts';

/** As Prometheus prints it: each setting on a line, lists as far in as their names. */
function configuration(rules: readonly string[], more = ''): string {
  return `global:
  scrape_interval: 15s
  scrape_timeout: 10s
${more}scrape_configs:
- job_name: api
  honor_labels: false
  honor_timestamps: true
${rules.length > 0 ? `  metric_relabel_configs:\n${rules.join('\n')}\n` : ''}  static_configs:
  - targets:
    - 127.0.0.1:9090
    labels:
      action: labelmap
`;
}

const rule = (settings: Readonly<Record<string, string>>): string =>
  Object.entries({ separator: ';', regex: '(.*)', replacement: '$1', ...settings })
    .map(([name, value], i) => `  ${i === 0 ? '- ' : '  '}${name}: ${value}`)
    .join('\n');

const NEVER_DUE: Pace = { due: () => false, breathe: () => Promise.resolve() };

async function isRenaming(...rules: readonly string[]): Promise<boolean> {
  return (await originsOfConfiguration(configuration(rules), NEVER_DUE)).isRenaming;
}

describe('a configuration whose scrapes leave job and instance alone', () => {
  it('renames nothing', async () => {
    assert.deepEqual(await originsOfConfiguration(configuration([]), NEVER_DUE), {
      open: undefined,
      isRenaming: false,
    });
  });

  it('may drop series, and write other labels', async () => {
    assert.equal(await isRenaming(rule({ action: 'drop' }), rule({ action: 'keep' })), false);
    assert.equal(await isRenaming(rule({ target_label: 'path', action: 'replace' })), false);
    assert.equal(await isRenaming(rule({ regex: 'pod|path_.*', action: 'labeldrop' })), false);
    // Prometheus has upper case as well.
    assert.equal(await isRenaming(rule({ target_label: 'path', action: 'Replace' })), false);
  });
});

describe('a configuration whose scrapes may write job or instance', () => {
  it('is one where labels of the target give way', async () => {
    const yaml = configuration([]).replace('honor_labels: false', 'honor_labels: true');
    assert.equal((await originsOfConfiguration(yaml, NEVER_DUE)).isRenaming, true);
  });

  for (const [what, settings] of Object.entries({
    'by name': { target_label: 'job', action: 'replace' },
    'by a name of parts': { target_label: '${1}', action: 'replace' },
    'without an action': { target_label: 'instance' },
    'in lower case': { target_label: 'instance', action: 'lowercase' },
    'by mapping': { regex: '__meta_(.+)', action: 'labelmap' },
    'by keeping others': { regex: 'path', action: 'labelkeep' },
    'by dropping them': { regex: 'a|inst.*', action: 'labeldrop' },
    'by a pattern in quotes': { regex: '"a"', action: 'labeldrop' },
    'by a pattern that is none': { regex: '(', action: 'labeldrop' },
    'by an action that is not known': { action: 'rotate' },
  }))
    it(`is one that does so ${what}`, async () => {
      assert.equal(await isRenaming(rule({ action: 'drop' }), rule(settings)), true);
    });

  it('is found behind a text of several lines, of which one is empty and others look like settings', async () => {
    const text = rule({ target_label: 'path', replacement: '|-\n      a\n\n      target_label: path' });
    assert.equal(await isRenaming(text, rule({ target_label: 'job' })), true);
    assert.equal(
      await isRenaming(rule({ target_label: 'job', replacement: '|-\n      target_label: path' })),
      true,
    );
  });

  it('is one with a pattern that is too long to be looked at', async () => {
    assert.equal(await isRenaming(rule({ regex: 'x'.repeat(20_000), action: 'labeldrop' })), true);
  });

  it('is found where a long pattern goes on in the next line', async () => {
    assert.equal(await isRenaming(rule({ regex: 'x\n      y|job', action: 'labeldrop' })), true);
  });
});

describe('a configuration by which any series may come', () => {
  for (const [what, more] of Object.entries({
    'reads from elsewhere': 'remote_read:\n- url: http://127.0.0.1/read\n',
    'has files that are not shown': 'scrape_config_files:\n- more/*.yml\n',
    'lets a scrape take longer than is looked back': '  scrape_timeout: 2m31s\n',
    'has a time that is not understood': '  scrape_timeout: soon\n',
  }))
    it(what, async () => {
      assert.notEqual((await originsOfConfiguration(configuration([], more), NEVER_DUE)).open, undefined);
    });
});

test('a configuration of megabytes gives way to others, and takes no longer for being one rule', async () => {
  const settings = Array.from({ length: 100_000 }, (_, i) => `    a${letters(i)}: x`);
  let breaths = 0;
  const pace: Pace = { due: () => true, breathe: async () => void breaths++ };
  const yaml = configuration(['  - action: drop', ...settings]);
  assert.equal((await originsOfConfiguration(yaml, pace)).isRenaming, false);
  assert.ok(breaths > 1000);
});

function letters(i: number): string {
  return String(i).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
}
