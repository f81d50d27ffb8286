import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { RunningGateway } from '../../../src/app/start-gateway.ts';
import { startMetricsTarget, type MetricsTarget } from '../../support/metrics-target.ts';
import { startPrometheus, type PrometheusServer } from '../../support/prometheus-server.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';
import { openPage, seriousViolations } from '../browsing.ts';

/** The same target for two tenants. */
function configOf(target: string): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', external_labels: { replica: 'a' } },
    scrape_configs: ['web', 'db'].map((tenant) => ({
      job_name: tenant,
      static_configs: [{ targets: [target], labels: { tenant_id: tenant } }],
    })),
  });
}

/** A gateway that tells each caller of its own data alone. */
export function tenantsSuite(browser: () => Browser): void {
  describe('the page of a gateway with tenants', () => {
    let target: MetricsTarget;
    let server: PrometheusServer;
    let gateway: RunningGateway;

    before(async () => {
      target = await startMetricsTarget(() => 'secret 7\n');
      server = await startPrometheus({ config: configOf(target.address) });
      await until('both tenants have data', 30_000, async () => {
        const response = await fetch(`${server.url}/api/v1/query?query=secret`);
        return ((await response.json()) as { data: { result: readonly unknown[] } }).data.result.length === 2;
      });
      gateway = await startTestGateway([server.url], { 'tenancy.enforce': true, 'tenancy.admins': ['ops'] });
    });

    after(async () => {
      await gateway.close(0);
      await Promise.all([server.stop(), target.stop()]);
    });

    async function nameTenant(page: Page, name: string): Promise<void> {
      await page.getByRole('button', { name: 'Tenant' }).click();
      await page.getByLabel('Name').fill(name);
      await Promise.all([
        page.waitForEvent('load'),
        page.getByRole('button', { name: 'Ask as this tenant' }).click(),
      ]);
    }

    it('says that a tenant must be named, takes one, and keeps it', async () => {
      const { page, problems } = await openPage(
        browser(),
        `${gateway.url}/query?g0.expr=secret&g0.tab=table`,
      );
      await page.getByRole('alert').filter({ hasText: 'names no tenant' }).waitFor();
      assert.match(await page.locator('.health').innerText(), /no tenant is named/);
      await nameTenant(page, 'web');
      await page.locator('.grid-row', { hasText: '7' }).waitFor();
      assert.doesNotMatch(await page.locator('.panel-result').innerText(), /\bdb\b/);
      await page.reload();
      await page.locator('.grid-row', { hasText: '7' }).waitFor();
      assert.deepEqual(problems, []);
    });

    it('says what is for administrators, and shows it to one', async () => {
      const { page } = await openPage(browser(), `${gateway.url}/endpoints`);
      await nameTenant(page, 'web');
      for (const name of ['Endpoints', 'Queries', 'Status']) {
        await page.getByRole('link', { name, exact: true }).click();
        const notice = page.getByRole('alert').filter({ hasText: 'administrators alone' });
        await notice.first().waitFor();
        assert.match(await notice.first().innerText(), /The gateway does not tell you this\./);
      }
      assert.match(await page.locator('.health').innerText(), /health is not told/);
      assert.deepEqual(await seriousViolations(page), []);
      await nameTenant(page, 'ops');
      await page.locator('.plan').waitFor();
      await page.locator('.health', { hasText: /1 (?:shard|endpoint)/ }).waitFor();
    });

    it('does not take a name that no browser sends', async () => {
      const { page } = await openPage(browser(), gateway.url);
      await page.getByRole('button', { name: 'Tenant' }).click();
      await page.getByLabel('Name').fill('имя');
      await page.getByRole('alert').filter({ hasText: 'cannot be sent' }).waitFor();
      assert.ok(await page.getByRole('button', { name: 'Ask as this tenant' }).isDisabled());
    });
  });
}
