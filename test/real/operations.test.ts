import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { callApi } from '../support/api-client.ts';
import { startMetricsTarget, type MetricsTarget } from '../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

const RULES = `
groups:
- name: demo
  interval: 1s
  rules:
  - { record: 'answers:sum', expr: sum(answer), labels: { team: core } }
  - { alert: AlwaysFiring, expr: vector(1), annotations: { summary: 'it is {{ $value }}' } }
`;

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly name: string; readonly labels: object; readonly state?: string }[];
  }[];
}

interface Targets {
  readonly activeTargets: readonly { readonly labels: object; readonly health: string }[];
}

describe('two real Prometheus servers that evaluate the same rules and scrape the same target', () => {
  let folder = '';
  let target: MetricsTarget;
  let servers: readonly PrometheusServer[] = [];
  let gateway: RunningGateway;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'promweave-rules-'));
    const rules = join(folder, 'rules.yml');
    await writeFile(rules, RULES);
    target = await startMetricsTarget(() => '# HELP answer The answer.\n# TYPE answer gauge\nanswer 42\n');
    servers = await Promise.all(
      ['a', 'b'].map((replica) => startPrometheus({ config: configOf(replica, rules, target) })),
    );
    await until('rules were evaluated and the target was scraped', 30_000, async () => {
      const ready = await Promise.all(servers.map(isReady));
      return ready.every(Boolean);
    });
    // One of the two is found by its name.
    const [a, b] = servers;
    gateway = await startTestGateway([a!.url, `dns+http://localhost:${b!.port}`]);
  });

  after(async () => {
    await gateway?.close(0);
    await Promise.all(servers.map(async (server) => server.stop()));
    await target?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('both are endpoints, the one that was found too', async () => {
    const { data } = await callApi<{ readonly prometheus: readonly { readonly name: string }[] }>(
      gateway.url,
      'stores',
      {},
    );
    assert.deepEqual(
      data.prometheus.map(({ name }) => name),
      servers.map(({ port }) => `http://127.0.0.1:${port}`),
    );
  });

  test('each rule appears once, in the order of the file, with the labels of the shard', async () => {
    const { data } = await callApi<Rules>(gateway.url, 'rules', {});
    assert.deepEqual(
      data.groups.flatMap(({ rules }) => rules.map(({ name, labels }) => ({ name, labels }))),
      [
        { name: 'answers:sum', labels: { shard: '0', team: 'core' } },
        { name: 'AlwaysFiring', labels: { shard: '0' } },
      ],
    );
    const shown = await callApi<Rules>(gateway.url, 'rules', { dedup: 'false' });
    assert.equal(shown.data.groups[0]!.rules.length, 4);
  });

  test('the alert appears once', async () => {
    const { data } = await callApi<{ readonly alerts: readonly object[] }>(gateway.url, 'alerts', {});
    assert.equal(data.alerts.length, 1);
  });

  test('the target appears once and is up', async () => {
    const { data } = await callApi<Targets>(gateway.url, 'targets', { state: 'active' });
    assert.deepEqual(
      data.activeTargets.map(({ labels, health }) => ({ labels, health })),
      [{ labels: { instance: target.address, job: 'answers', shard: '0' }, health: 'up' }],
    );
  });

  test('metadata appears once', async () => {
    const { data } = await callApi<object>(gateway.url, 'metadata', { metric: 'answer' });
    assert.deepEqual(data, { answer: [{ type: 'gauge', unit: '', help: 'The answer.' }] });
  });
});

async function isReady({ url }: PrometheusServer): Promise<boolean> {
  const rules = await callApi<Rules>(url, 'rules', {});
  const targets = await callApi<Targets>(url, 'targets', {});
  const fires = rules.data.groups.some((group) => group.rules.some(({ state }) => state === 'firing'));
  return fires && targets.data.activeTargets.some(({ health }) => health === 'up');
}

function configOf(replica: string, rules: string, { address }: MetricsTarget): string {
  return `
global: { scrape_interval: 1s, external_labels: { shard: '0', __replica__: ${replica} } }
rule_files: [${rules}]
scrape_configs:
- job_name: answers
  static_configs: [{ targets: ['${address}'] }]
`;
}
