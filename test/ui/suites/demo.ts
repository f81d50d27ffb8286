import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { pino } from 'pino';
import { startDemo, type RunningDemo } from '../../../src/demo/start-demo.ts';
import type { ExplanationJson } from '../../../src/http/api/explanation.ts';
import type { QueryJson } from '../../../src/http/api/query.ts';
import type { ApiAnswer } from '../../support/api-client.ts';
import { follow, openPage, overflow, seriousViolations } from '../browsing.ts';
import { panelTests } from './panels.ts';

const ANY_PORT = { http: '127.0.0.1:0', grpc: '127.0.0.1:0' };
const RATE = 'sum by (job) (rate(http_requests_total[1m]))';
const EXPRESSION = encodeURIComponent(RATE);

/** What each page shows once it is there. */
const PAGES = [
  [`query?g0.expr=${EXPRESSION}&g0.provenance=1`, '.provenance'],
  ['query?g0.expr=up&g0.tab=table', '.grid-row'],
  ['query?g0.expr=http_request_latency_seconds', '.heatmap-key'],
  ['query?g0.expr=up&g0.tab=explain', '.plan'],
  ['query?g0.expr=up{', '.notice.failed'],
  ['query', '.examples'],
  ['endpoints', '.shard'],
  ['explore?item=up', '.top-value'],
  ['explore?view=cardinality', '.statistic-name'],
  ['rules', '.pane-row'],
  ['alerts', '.pane-row'],
  ['targets', '.pane-row'],
  ['queries', '.query-cell'],
  ['status', '.plan'],
] as const;

export function demoSuite(browser: () => Browser): void {
  describe('the page over the demo', () => {
    let demo: RunningDemo;
    let url: string;

    before(async () => {
      demo = await startDemo(ANY_PORT, '0.0.0', pino({ enabled: false }));
      ({ url } = demo.gateway);
    });

    after(async () => demo.close());

    it('answers a query that is typed, and the address tells it', async () => {
      const { page, problems, strangers } = await openPage(browser(), url);
      // The editor takes the place of a plain field once it is loaded, which may be in the middle of a word.
      await page.locator('.cm-content').first().click();
      await page.keyboard.type('count(up)');
      await page.keyboard.press('Control+Enter');
      await page.getByText('1 series', { exact: false }).first().waitFor();
      assert.equal(new URL(page.url()).search, '?g0.expr=count%28up%29');
      await page.getByRole('button', { name: 'Table' }).click();
      await page.locator('.cell-value', { hasText: '19' }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('g0.tab'), 'table');
      await page.goBack();
      await page.locator('.graph').waitFor();
      await page.goBack();
      await page.locator('.examples').first().waitFor();
      await page.goForward();
      await page.locator('.graph').waitFor();
      assert.deepEqual([problems, strangers], [[], []]);
    });

    it('says where the samples of a graph come from', async () => {
      const { page, problems } = await openPage(browser(), `${url}/query?g0.expr=up&g0.range_input=3h`);
      let explained = 0;
      const count = (request: { url: () => string }): void => {
        explained += Number(request.url().includes('/api/v1/explain'));
      };
      page.on('request', count);
      await page.locator('.badge', { hasText: 'whole' }).waitFor();
      await page.locator('.graph .u-over').waitFor();
      assert.equal(explained, 0);
      await page.locator('.badge').click();
      await page.locator('.strip').nth(3).waitFor();
      assert.equal(explained, 1);
      page.off('request', count);
      const said = await page.locator('.strip-line').first().getAttribute('aria-label');
      assert.match(said ?? '', /^Replica a: .*chosen \d+ %.* of the time$/);
      const [, holes] =
        /(\d+) holes of single series were filled/.exec(await page.locator('.panel').innerText()) ?? [];
      assert.ok(Number(holes) > 0, holes);
      const badge = await page.locator('.badge').innerText();
      assert.match(badge, new RegExp(`^patched\\s+holes filled from another replica: ${holes}$`));
      await page.locator('.graph .u-over').hover({ position: { x: 400, y: 20 } });
      await page.locator('.tip').waitFor();
      assert.deepEqual(problems, []);
    });

    it('hatches the short times that nobody has, where the answer is missing and somebody wants to know', async () => {
      const { page, problems } = await openPage(browser(), url);
      await page.route('**/api/v1/query_range', async (route) => {
        const response = await route.fetch();
        const json = (await response.json()) as ApiAnswer<QueryJson>;
        const stats = { ...json.data.stats, completeness: { state: 'missing', warnings: 1 } };
        await route.fulfill({ json: { ...json, data: { ...json.data, stats }, warnings: ['eu/a is away'] } });
      });
      await page.route('**/api/v1/explain', async (route) => {
        const { data } = (await (await route.fetch()).json()) as ApiAnswer<ExplanationJson>;
        const selectors = data.selectors.map((selector) => ({
          ...selector,
          shards: selector.shards.map(({ labels, endpoints: [a, ...others] }) => ({
            labels,
            endpoints: [{ ...a!, ...(labels['shard'] === 'eu' && { outcome: 'failed' }) }, ...others],
          })),
        }));
        await route.fulfill({ json: { status: 'success', data: { ...data, selectors } } });
      });
      await page.goto(`${url}/query?g0.expr=up&g0.range_input=1h`);
      const fold = page.getByRole('button', { name: 'Which replica the samples come from' });
      await fold.filter({ hasText: 'opens with the time that nobody has hatched' }).waitFor();
      await fold.click();
      await page.getByText('The graph is hatched where no replica of a shard has samples.').waitFor();
      assert.doesNotMatch(await fold.innerText(), /hatched/);
      const strips = page.locator('.strip-line');
      assert.match((await strips.nth(0).getAttribute('aria-label'))!, /did not answer 100 %/);
      // It is away for two minutes of twenty, which fills a window of deduplication by chance alone.
      const said = (await strips.nth(1).getAttribute('aria-label'))!;
      const nothing = Number(/had nothing (\d+) %/.exec(said)?.[1]);
      assert.ok(nothing >= 7 && nothing <= 15, said);
      assert.deepEqual(problems, []);
    });

    it('compares with replicas that are not merged', async () => {
      const { page } = await openPage(browser(), `${url}/query?g0.expr=${EXPRESSION}&g0.compare=off`);
      await page.getByText(/At most \d+ % apart/).waitFor();
    });

    it('compares with one replica alone', async () => {
      const { page, problems } = await openPage(
        browser(),
        `${url}/query?g0.expr=${EXPRESSION}&g0.range_input=3h`,
      );
      const compare = page.getByLabel('Compare');
      await compare.locator('option', { hasText: 'only b' }).waitFor({ state: 'attached' });
      await compare.selectOption({ label: 'only a' });
      // The demo began with an hour in which the replica a of a shard was away.
      await page.getByText(/At most \d+ % apart \(dashed, and shaded between\)/).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('g0.compare'), '{__replica__="a"}');
      await page.getByRole('button', { name: 'Stacked' }).click();
      await page.getByText(/apart \(not drawn, because lines are stacked\)/).waitFor();
      assert.deepEqual(problems, []);
    });

    it('tells of what there is most, in all shards and in one', async () => {
      const { page } = await openPage(browser(), `${url}/explore?view=cardinality`);
      const series = async (): Promise<number> =>
        Number((await page.locator('.facts dd').first().innerText()).replace(',', ''));
      await page
        .locator('.statistic-name', { hasText: 'http_request_duration_seconds_bucket' })
        .first()
        .waitFor();
      const all = await series();
      const counts: number[] = [];
      for (const shard of ['demo eu', 'demo us']) {
        await page.getByLabel('Shard').selectOption({ label: shard });
        await page
          .locator('.statistic-name', { hasText: `instance=${shard.slice(5)}-` })
          .first()
          .waitFor();
        await page.locator('.stale').waitFor({ state: 'detached' });
        counts.push(await series());
      }
      assert.ok(
        counts.every((count) => count > 0),
        counts.join(', '),
      );
      assert.equal(counts[0]! + counts[1]!, all);
      await page.getByRole('link', { name: 'http_requests_total' }).click();
      const rows = page.getByRole('region', { name: 'Series by shard' }).locator('tbody tr');
      await rows.nth(2).waitFor();
      await rows.filter({ hasText: 'unknown' }).first().waitFor();
      assert.match(
        (await rows.allInnerTexts()).join(' | '),
        /eu.*27\s+–\s+unknown.*us.*27\s+–\s+unknown.*all\s+54\s+–\s+unknown/,
      );
    });

    it('shows what fires, what waits, and what is down', async () => {
      const { page } = await openPage(browser(), `${url}/alerts`);
      const rows = page.locator('.pane-row');
      await rows.nth(1).waitFor();
      assert.match(
        (await rows.allInnerTexts()).join(' | '),
        /TargetDown\s+firing.* \| TargetDownForADay\s+pending/s,
      );
      await follow(page, '/targets');
      await page.locator('.detail', { hasText: 'connection refused' }).waitFor();
      await follow(page, '/rules');
      await rows.filter({ hasText: 'inactive' }).first().waitFor();
    });

    it('tells what a metric is, and leads to a query of it', async () => {
      const { page } = await openPage(browser(), `${url}/explore?search=requests`);
      await page.locator('.pane-row', { hasText: 'http_requests_total' }).waitFor();
      assert.match(await page.locator('.pane-row').first().innerText(), /^http_requests_total$/);
      await page.locator('.detail', { hasText: '54' }).waitFor();
      await page.getByRole('link', { name: 'Query this' }).click();
      await page.locator('.graph').waitFor();
      assert.match(new URL(page.url()).searchParams.get('g0.expr') ?? '', /^sum\(rate\(/);
    });

    it('shows all facts of an endpoint', async () => {
      const { page } = await openPage(browser(), `${url}/endpoints`);
      await page.locator('.replica-line').first().click();
      const details = page.locator('.details');
      await details.waitFor();
      const text = await details.innerText();
      for (const part of ['remote-read-chunks', '__replica__', 'always – now', '9 targets', 'did not scrape'])
        assert.ok(text.includes(part), `${part} is not in ${text}`);
      assert.match(page.url(), /endpoint=http/);
    });

    it('is used with keys alone', async () => {
      const { page, problems } = await openPage(browser(), `${url}/query?g0.expr=up`);
      await page.locator('.graph').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('vector(7)');
      await page.keyboard.press('Control+Enter');
      await page.locator('.legend', { hasText: '7' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.type('ge');
      await page.locator('.replica-line').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('.details').waitFor();
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.type('gq');
      await page.locator('.legend', { hasText: '7' }).waitFor();
      assert.deepEqual(problems, []);
    });

    it('goes to the search of each page that has one with a key', async () => {
      const { page } = await openPage(browser(), `${url}/status`);
      for (const each of ['explore', 'endpoints', 'rules', 'alerts', 'targets']) {
        await follow(page, `/${each}?search=eu`);
        const search = page.locator('.content [type=search]');
        await search.and(page.locator(`[aria-label*="${each}" i]`)).waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('us');
        assert.equal(await search.inputValue(), 'us', each);
        await search.blur();
      }
    });

    it('finds each page as it was left', async () => {
      const { page } = await openPage(browser(), `${url}/query?g0.expr=vector(3)&g1.expr=vector(4)`);
      const panels = page.locator('.panel');
      const link = (name: string): Locator => page.locator('.nav').getByText(name, { exact: true });
      await panels.nth(1).waitFor();
      await link('Rules').click();
      await page.getByRole('searchbox').fill('down');
      await link('Alerts').click();
      await link('Rules').click();
      await page.waitForURL(/rules\?search=down$/);
      await page.getByRole('searchbox').blur();
      for (const back of [async () => link('Query').click(), async () => page.keyboard.type('gq')]) {
        await page.keyboard.type('gr');
        await panels.first().waitFor({ state: 'detached' });
        await back();
        await panels.nth(1).locator('.legend', { hasText: '4' }).waitFor();
      }
      await page.locator('.brand').click();
      await page.locator('.examples').first().waitFor();
    });

    it('keeps its parts in their places where it is narrow', async () => {
      const { page } = await openPage(browser(), `${url}/endpoints`, {
        viewport: { width: 360, height: 800 },
      });
      await page.locator('.replica-line').first().waitFor();
      const beyond = await page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('.replica-line')].flatMap((line) => {
          const { top, bottom } = line.getBoundingClientRect();
          return [...line.children]
            .filter((child) => child.getBoundingClientRect().height > 0)
            .filter((child) => child.getBoundingClientRect().top < top || child.getBoundingClientRect().bottom > bottom)
            .map(({ className, textContent }) => className + ' ' + textContent);
        })`,
      );
      assert.deepEqual(beyond, []);
      await follow(page, '/status');
      await page.locator('.plan').waitFor();
      const { x, width } = (await page.locator('.nav [aria-current]').boundingBox())!;
      assert.ok(x >= 0 && x + width <= 360, `the page that is shown is at ${x} in the bar`);
      await follow(page, '/query?g0.expr=up&g0.tab=table');
      const value = (await page.locator('.grid-row .cell-value').last().boundingBox())!;
      assert.ok(value.x >= 0 && value.x + value.width <= 360, `values are at ${value.x}`);
    });

    panelTests(browser, () => url);

    it('is for everyone, on each screen', async () => {
      const { page, problems } = await openPage(browser(), url, { reducedMotion: 'reduce' });
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 360],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        for (const [path, shown] of PAGES) {
          const where = `/${path} in ${colorScheme}, ${width} px`;
          // Another page comes between, because a panel shows its old result until the new one is there.
          await follow(page, '/rules?search=none');
          await page.locator('.panel').waitFor({ state: 'detached' });
          await follow(page, `/${path}`);
          await page.locator(shown).first().waitFor();
          assert.deepEqual(await seriousViolations(page), [], where);
          const wider = await overflow(page);
          assert.ok(wider <= 0, `${where} is wider than the window by ${wider} px`);
        }
      }
      assert.deepEqual(problems, []);
    });
  });
}
