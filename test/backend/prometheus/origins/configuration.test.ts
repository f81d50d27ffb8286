import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originsOfConfiguration } from '../../../../src/backend/prometheus/origins/configuration.ts';

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

function isRenaming(...rules: readonly string[]): boolean {
  return originsOfConfiguration(configuration(rules)).isRenaming;
}

describe('a configuration whose scrapes leave job and instance alone', () => {
  it('renames nothing', () => {
    assert.deepEqual(originsOfConfiguration(configuration([])), { open: undefined, isRenaming: false });
  });

  it('may drop series, and write other labels', () => {
    assert.equal(isRenaming(rule({ action: 'drop' }), rule({ action: 'keep' })), false);
    assert.equal(isRenaming(rule({ target_label: 'path', action: 'replace' })), false);
    assert.equal(isRenaming(rule({ regex: 'pod|path_.*', action: 'labeldrop' })), false);
    // Prometheus has upper case as well.
    assert.equal(isRenaming(rule({ target_label: 'path', action: 'Replace' })), false);
  });
});

describe('a configuration whose scrapes may write job or instance', () => {
  it('is one where labels of the target give way', () => {
    const yaml = configuration([]).replace('honor_labels: false', 'honor_labels: true');
    assert.equal(originsOfConfiguration(yaml).isRenaming, true);
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
    it(`is one that does so ${what}`, () => {
      assert.equal(isRenaming(rule({ action: 'drop' }), rule(settings)), true);
    });

  it('is found where a long pattern goes on in the next line', () => {
    assert.equal(isRenaming(rule({ regex: 'x\n      y|job', action: 'labeldrop' })), true);
  });
});

describe('a configuration by which any series may come', () => {
  for (const [what, more] of Object.entries({
    'reads from elsewhere': 'remote_read:\n- url: http://127.0.0.1/read\n',
    'has files that are not shown': 'scrape_config_files:\n- more/*.yml\n',
    'lets a scrape take longer than is looked back': '  scrape_timeout: 2m31s\n',
    'has a time that is not understood': '  scrape_timeout: soon\n',
  }))
    it(what, () => {
      assert.notEqual(originsOfConfiguration(configuration([], more)).open, undefined);
    });
});
