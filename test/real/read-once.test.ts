import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import type { Backend } from '../../src/backend/backend.ts';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import type { SeriesNews, SeriesOrigins } from '../../src/backend/series-origins.ts';
import { labelValue } from '../../src/model/labels.ts';
import { NEVER } from '../select/support.ts';
import { queryInstant } from '../support/api-client.ts';
import { startMetricsTarget, type MetricsTarget } from '../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { until } from '../support/until.ts';

const GONE = '127.0.0.1:1';

/** A rule whose result looks as if it were scraped. */
const RULE = `groups:
- name: one
  interval: 1s
  rules:
  - record: work_total
    expr: work_total * 2
    labels: { by: rule }
`;

describe('reading one replica of real Prometheus servers alone', () => {
  let folder = '';
  let target: MetricsTarget;
  let more = '';
  const servers = new Map<string, PrometheusServer>();
  const backends = new Map<string, Backend>();
  let gateway: RunningGateway;

  async function start(name: string, settings = '', args: readonly string[] = []): Promise<void> {
    await mkdir(join(folder, name));
    const config = `
global: { scrape_interval: 1s, external_labels: { cluster: one, __replica__: ${name} } }
rule_files: [ '${join(folder, name)}/*.yml' ]
scrape_configs:
- job_name: work
  ${settings}
  static_configs: [ { targets: [ '${target.address}' ] } ]
- job_name: gone
  static_configs: [ { targets: [ '${GONE}' ] } ]
`;
    const server = await startPrometheus({ config, args });
    servers.set(name, server);
    backends.set(name, createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url: server.url }));
  }

  async function origins(name: string): Promise<SeriesOrigins> {
    const answer = await backends.get(name)!.origins!.origins(NEVER);
    assert.ok(answer.ok);
    return answer.value;
  }

  async function news(name: string): Promise<SeriesNews> {
    const answer = await backends.get(name)!.origins!.news(NEVER);
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.value;
  }

  const count = async (url: string): Promise<number> =>
    Number((await queryInstant(url, 'count(work_total)')).data.result[0]?.value[1] ?? 0);

  async function reads(reason: string): Promise<number> {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    const line = text
      .split('\n')
      .find((each) => each.startsWith('promweave_shard_reads_total{') && each.includes(`"${reason}"`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'promweave-once-'));
    target = await startMetricsTarget(() => `work_total 1\n${more}`);
    await Promise.all([
      start('a'),
      start('b'),
      start('open', 'honor_labels: true', ['--web.enable-remote-write-receiver']),
    ]);
    gateway = await startTestGateway([servers.get('a')!.url, servers.get('b')!.url], {
      'query.read_once': 'auto',
    });
  });

  after(async () => {
    await gateway?.close(0);
    await Promise.all([...backends.values()].map(async (backend) => backend.close()));
    await Promise.all([...servers.values()].map(async (server) => server.stop()));
    await target?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a server tells of its rules, and of what may write to it', async () => {
    assert.deepEqual(await origins('a'), {
      ruleNames: new Set(['ALERTS', 'ALERTS_FOR_STATE']),
      open: undefined,
      isRenaming: false,
    });
    const { open, isRenaming } = await origins('open');
    assert.equal(open, 'its flag --web.enable-remote-write-receiver lets others write to it');
    assert.equal(isRenaming, true);
  });

  test('a server tells of targets with new series, and of targets that fail', async () => {
    const instances = async (kind: 'added' | 'failing'): Promise<readonly string[]> =>
      (await news('a'))[kind].map((labels) => labelValue(labels, 'instance'));
    await until('both were scraped', 20_000, async () => (await instances('failing')).length > 0);
    await until('it was scraped', 20_000, async () => (await instances('added')).length > 0);
    assert.deepEqual([await instances('added'), await instances('failing')], [[target.address], [GONE]]);
  });

  test('the series of a rule that was loaded by one replica alone is there as soon as that has it', async () => {
    await until('one replica is read alone', 60_000, async () => {
      await count(gateway.url);
      return (await reads('once')) + (await reads('once_but_holes')) > 0;
    });
    const { state } = await news('b');
    const b = servers.get('b')!;
    await writeFile(join(folder, 'b', 'rule.yml'), RULE);
    process.kill(b.pid, 'SIGHUP');
    await until('the rule was evaluated', 30_000, async () => {
      await count(gateway.url);
      return (await count(b.url)) > 1;
    });
    // Queries of the same second share what was told.
    await new Promise((resolve) => setTimeout(resolve, 1001));
    const expected = await count(b.url);
    assert.ok((await count(gateway.url)) >= expected);
    assert.notEqual((await news('b')).state, state);
    assert.ok((await origins('b')).ruleNames.has('work_total'));
    for (let round = 0; round < 3; round++) await count(gateway.url);
    assert.ok((await reads('other_origins')) > 0);
  });
});
