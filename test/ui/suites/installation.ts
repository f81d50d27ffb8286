import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import type { RunningGateway } from '../../../src/app/start-gateway.ts';
import type { AlertsJson, RulesJson } from '../../../src/http/api/rules.ts';
import type { StoresJson } from '../../../src/http/api/stores.ts';
import type { TargetsJson } from '../../../src/http/api/targets.ts';
import { callApi, queryInstant } from '../../support/api-client.ts';
import { startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import type { FakeServer } from '../../support/fake-server.ts';
import { startMetricsTarget, type MetricsTarget } from '../../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../../support/prometheus-server.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';
import { follow, openPage, seriousViolations } from '../browsing.ts';

const RULES = `
groups:
  - name: night
    interval: 1s
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: AlwaysFires
        expr: vector(1) > 0
        labels: { severity: page }
        annotations: { summary: 'It <b>fires</b>.' }
      - alert: Waits
        expr: vector(2) > 0
        for: 1h
      - alert: Broken
        expr: label_replace(vector(1), "a", "b", "c", "(")
`;

async function labelsOf(strips: Locator): Promise<readonly string[]> {
  return Promise.all(
    (await strips.all()).map(async (strip) => (await strip.getAttribute('aria-label')) ?? ''),
  );
}

/** Nobody listens there. */
const DOWN = 'http://127.0.0.1:1';

function configOf(replica: string, rules: string, target: string): string {
  return JSON.stringify({
    global: {
      scrape_interval: '1s',
      evaluation_interval: '1s',
      external_labels: { cluster: 'home', replica },
    },
    rule_files: [rules],
    scrape_configs: [
      { job_name: 'good', static_configs: [{ targets: [target] }] },
      { job_name: 'gone', static_configs: [{ targets: ['127.0.0.1:1'] }] },
    ],
  });
}

/** A pair of real servers with rules and targets, one address where nobody is, and a server that never answers a query. */
export function installationSuite(browser: () => Browser): void {
  describe('the page over real servers', () => {
    let folder: string;
    let target: MetricsTarget;
    let pair: readonly PrometheusServer[];
    /** Of another shard, without samples. */
    let other: FakeServer;
    let slow: FakeServer;
    /** Whether it answers no reads any more. */
    let isSlow = false;
    let gateways: readonly RunningGateway[];
    /** When the pair had scraped its targets, ms since the epoch. */
    let scrapedAt: number;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'promweave-page-'));
      const rules = join(folder, 'rules.yml');
      await writeFile(rules, RULES);
      target = await startMetricsTarget(() => 'works 1\n');
      pair = await Promise.all(
        ['a', 'b'].map(async (replica) =>
          startPrometheus({ config: configOf(replica, rules, target.address) }),
        ),
      );
      other = await startFakePrometheus({ '/api/v1/read': streamed() }, '    cluster: away\n    replica: a');
      const answer = streamed();
      slow = await startFakePrometheus({
        '/api/v1/read': (request, response) => (isSlow ? undefined : answer(request, response)),
      });
      gateways = await Promise.all([
        startTestGateway([...pair.map(({ url }) => url), other.url, DOWN], {
          'query.replica_labels': ['replica'],
        }),
        startTestGateway([slow.url]),
        // Of this one all endpoints are known, so it can tell that nothing is missing.
        startTestGateway([...pair.map(({ url }) => url), other.url], { 'query.replica_labels': ['replica'] }),
      ]);
      await until('both have scraped their targets', 30_000, async () => {
        const counts = await Promise.all(
          pair.map(async ({ url }) => (await queryInstant(url, 'up')).data.result.length),
        );
        return counts.every((count) => count === 2);
      });
      scrapedAt = Date.now();
    });

    after(async () => {
      await Promise.all(gateways.map(async (gateway) => gateway.close(0)));
      await Promise.all([
        slow.close(),
        other.close(),
        target.stop(),
        ...pair.map(async (server) => server.stop()),
      ]);
      await rm(folder, { recursive: true });
    });

    async function data<T>(path: string): Promise<T> {
      const response = await fetch(`${gateways[0]!.url}/api/v1/${path}`);
      return ((await response.json()) as { data: T }).data;
    }

    it('shows rules, those that fail or fire first, and each once for both replicas', async () => {
      await until('the rules are evaluated', 30_000, async () => {
        const all = (await data<RulesJson>('rules')).groups.flatMap(({ rules }) => rules);
        return (
          ['err', 'ok'].every((health) => all.some((rule) => rule.health === health)) &&
          all.every(({ health }) => health !== 'unknown')
        );
      });
      const { page, problems } = await openPage(browser(), `${gateways[0]!.url}/rules`);
      await page.locator('.pane-row').nth(3).waitFor();
      const rows = await page.locator('.pane-row').allInnerTexts();
      assert.deepEqual(
        rows.map((row) => row.split('\n')[0]),
        ['Broken', 'AlwaysFires', 'Waits', 'job:up:sum'],
      );
      await page.locator('.detail', { hasText: 'invalid regular expression' }).waitFor();
      await page.getByRole('searchbox').fill('pending');
      await page.locator('.detail h2', { hasText: 'Waits' }).waitFor();
      await page.getByRole('searchbox').fill('');
      await page.locator('.pane-row', { hasText: 'AlwaysFires' }).click();
      await page.locator('.detail', { hasText: 'It <b>fires</b>.' }).waitFor();
      assert.match(await page.locator('.detail').innerText(), /night[^]*severity[^]*page/);
      assert.deepEqual([await seriousViolations(page), problems], [[], []]);
    });

    it('shows alerts, firing ones first', async () => {
      await until('both alerts are there', 30_000, async () => {
        const { alerts } = await data<AlertsJson>('alerts');
        return alerts.length === 2;
      });
      const { page } = await openPage(browser(), `${gateways[0]!.url}/alerts`);
      await page.locator('.pane-row').nth(1).waitFor();
      const rows = await page.locator('.pane-row').allInnerTexts();
      assert.match(rows[0]!, /^AlwaysFires\s+firing/);
      assert.match(rows[1]!, /^Waits\s+pending/);
      assert.deepEqual(await seriousViolations(page), []);
    });

    it('shows targets, those that cannot be scraped first', async () => {
      await until('all targets were scraped', 30_000, async () => {
        const { activeTargets } = await data<TargetsJson>('targets');
        return activeTargets.length > 0 && activeTargets.every(({ health }) => health !== 'unknown');
      });
      const { page } = await openPage(browser(), `${gateways[0]!.url}/targets`);
      await page.locator('.detail', { hasText: 'connection refused' }).waitFor();
      assert.match(await page.locator('.pane-row').last().innerText(), /up/);
      await page.getByRole('searchbox').fill(target.address);
      await page.locator('.detail h2', { hasText: target.address }).waitFor();
      assert.deepEqual(await seriousViolations(page), []);
    });

    it('cancels a query that runs, and its caller is told', async () => {
      const { url } = gateways[1]!;
      await until('its endpoint is up', 30_000, async () => (await fetch(`${url}/-/ready`)).ok);
      isSlow = true;
      const caller = fetch(`${url}/api/v1/query?query=never_answered`);
      const { page } = await openPage(browser(), `${url}/queries`);
      const row = page.locator('tr', { hasText: 'never_answered' });
      await row.getByRole('button', { name: 'Cancel' }).click();
      assert.match(await (await caller).text(), /canceled by somebody who operates the gateway/);
      await page.getByText('No query runs.').waitFor();
    });

    it('shows which clients and dashboards cost most', async () => {
      const { url } = gateways[0]!;
      await fetch(`${url}/api/v1/query?query=vector(7)`, { headers: { 'X-Dashboard-Uid': '<b>uid</b>' } });
      const { page } = await openPage(browser(), `${url}/queries`);
      await page.locator('.query-cell', { hasText: 'vector(7)' }).waitFor();
      await page.getByRole('button', { name: 'by client' }).click();
      await page.getByRole('columnheader', { name: 'Client' }).waitFor();
      await page.locator('.query-cell', { hasText: '127.0.0.1' }).waitFor();
      await page.getByRole('button', { name: 'by dashboard' }).click();
      await page.locator('.query-cell', { hasText: '<b>uid</b>' }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('by'), 'dashboard');
      assert.deepEqual(await seriousViolations(page), []);
    });

    it('shows each replica of a shard, however many', async () => {
      const labels = ['a', 'b', 'c', 'd', 'e'].map((name) => `    cluster: many\n    replica: ${name}`);
      const servers = await Promise.all(
        labels.map(async (text) => startFakePrometheus({ '/api/v1/read': streamed() }, text)),
      );
      const gateway = await startTestGateway(
        servers.map(({ url }) => url),
        {
          'query.replica_labels': ['replica'],
        },
      );
      try {
        const { page } = await openPage(browser(), `${gateway.url}/endpoints`);
        const lines = page.locator('.shard', { hasText: 'cluster="many"' }).locator('.replica-line');
        await lines.nth(4).waitFor();
        await lines.nth(4).click();
        await page.locator('.details', { hasText: 'Protocol' }).waitFor();
      } finally {
        await gateway.close(0);
        await Promise.all(servers.map(async (server) => server.close()));
      }
    });

    it('says which endpoint is down, and why', async () => {
      const { page } = await openPage(browser(), `${gateways[0]!.url}/endpoints`);
      await page.locator('.health', { hasText: '1 endpoint down' }).waitFor();
      const row = page.locator('.others-row', { hasText: '127.0.0.1:1' });
      assert.match(await row.innerText(), /down[^]*refused/i);
      await row.click();
      await page.locator('.details', { hasText: 'Last error' }).waitFor();
    });

    async function stop(server: PrometheusServer): Promise<void> {
      await server.stop();
      await until('the gateway knows', 30_000, async () =>
        Object.values(await data<StoresJson>('stores'))
          .flat()
          .some(({ name, health }) => name === server.url && health === 'down'),
      );
    }

    /** What one of the pair lacks is what the other has only where a look that began since their first scrapes compared them. */
    async function compared({ url }: RunningGateway): Promise<void> {
      await until('the pair is compared', 30_000, async () => {
        const { data: stores } = await callApi<StoresJson>(url, 'stores');
        const looks = Object.values(stores)
          .flat()
          .filter(({ name }) => pair.some((server) => server.url === name));
        return looks.length === 2 && looks.every(({ lastCheck }) => Date.parse(lastCheck) > scrapedAt + 500);
      });
    }

    it('says that a replica is down, and that its sibling patches', async () => {
      await Promise.all([compared(gateways[0]!), compared(gateways[2]!)]);
      await stop(pair[1]!);
      const { page } = await openPage(browser(), `${gateways[0]!.url}/endpoints?state=patched`);
      await page.locator('.shard', { hasText: 'cluster="home"' }).waitFor();
      await page.locator('.replica-line').nth(1).click();
      const changes = page.locator('.details', { hasText: 'Health since the gateway started' });
      assert.match(await changes.innerText(), /down \d.* until now\s+up \d.* for \d/);
      assert.match(await page.locator('.health').innerText(), /1 shard whole · 1 patched · 2 endpoints down/);
      await page.goto(`${gateways[2]!.url}/query?g0.expr=up&g0.tab=table&g0.provenance=1`);
      await page.locator('.badge', { hasText: 'patched' }).waitFor();
      const strips = page.locator('.strip-line');
      await strips.nth(1).waitFor();
      assert.match((await labelsOf(strips)).join(' | '), /Replica a: .*chosen .*Replica b: did not answer/);
    });

    it('says that a shard is down, and what is missing', async () => {
      await stop(pair[0]!);
      const { page, problems } = await openPage(
        browser(),
        `${gateways[2]!.url}/query?g0.expr=up&g0.tab=table&g0.provenance=1`,
      );
      await page.locator('.badge', { hasText: 'missing' }).waitFor();
      assert.match(await page.getByRole('alert').innerText(), /shard \{cluster="home"\} is missing: /);
      const strips = page.locator('.strip-line');
      await strips.nth(1).waitFor();
      assert.match(
        (await labelsOf(strips)).join(' | '),
        /Replica a: did not answer .*Replica b: did not answer/,
      );
      await follow(page, '/endpoints?state=failed');
      await until('this gateway knows as well', 30_000, async () =>
        /2 endpoints down/.test(await page.locator('.health').innerText()),
      );
      const shard = page.locator('.shard', { hasText: 'cluster="home"' });
      await shard.waitFor();
      assert.match(await shard.innerText(), /^down/);
      assert.match(await page.locator('.health').innerText(), /1 shard whole · 1 down · 2 endpoints down/);
      assert.deepEqual(problems, []);
    });
  });
}
