import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { openPage, seriousViolations } from '../browsing.ts';

/** Chromium asks a person before. */
const CLIPBOARD: BrowserContextOptions = { permissions: ['clipboard-read', 'clipboard-write'] };

/** What one can do with a panel, over a server at an address that is known once the tests run. */
export function panelTests(browser: () => Browser, url: () => string): void {
  async function opened(path: string, options?: BrowserContextOptions): Promise<Page> {
    const { page } = await openPage(browser(), `${url()}/${path}`, options);
    return page;
  }

  async function choose(page: Page, name: string): Promise<void> {
    if (!(await page.locator('.menu[open]').isVisible())) await page.locator('.menu-button').click();
    await page.getByRole('button', { name, exact: true }).click();
  }

  async function saved(page: Page, name: string): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), choose(page, name)]);
    return readFile(await download.path(), 'utf8');
  }

  it('shows what links of Prometheus say', async () => {
    const range = 'g0.range_input=30m&g0.end_input=2026-11-01%2012%3A00%3A00&g0.step_input=60';
    const page = await opened(`graph?g0.expr=vector(3)&g0.tab=0&g0.stacked=1&${range}`);
    await page.locator('.graph').waitFor();
    assert.equal(await page.getByLabel('Range', { exact: true }).last().inputValue(), '30m');
    assert.equal(await page.getByRole('textbox', { name: 'End' }).inputValue(), '2026-11-01 12:00:00');
    assert.equal(await page.getByLabel('Step', { exact: true }).last().inputValue(), '1m');
    assert.equal(await page.getByRole('button', { name: 'Stacked' }).getAttribute('aria-pressed'), 'true');
  });

  it('has several panels, which the address tells', async () => {
    const page = await opened('query?g0.expr=vector(3)&g0.tab=1&g1.expr=vector(4)&g1.tab=1');
    await page.locator('.panel').nth(0).locator('.cell-value', { hasText: '3' }).waitFor();
    await page.locator('.panel').nth(1).locator('.cell-value', { hasText: '4' }).waitFor();
    await page.getByRole('button', { name: '+ Add panel' }).click();
    await page.locator('.panel').nth(2).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('g1.expr'), 'vector(4)');
    await page.locator('.menu-button').first().click();
    await page.getByRole('button', { name: 'Remove this panel' }).first().click();
    await page.locator('.panel').nth(2).waitFor({ state: 'detached' });
    await page.locator('.panel').first().locator('.cell-value', { hasText: '4' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('g0.expr'), 'vector(4)');
  });

  it('saves and copies what it shows', async () => {
    const expr = `label_replace(vector(7), "quoted", "a,'\\"b", "", "")`;
    const page = await opened(`query?g0.expr=${encodeURIComponent(expr)}&g0.tab=table`, CLIPBOARD);
    await page.locator('.cell-value', { hasText: '7' }).waitFor();
    assert.match(await saved(page, 'Save as CSV'), /^time,value,quoted\r\n[\d.]+,7,"a,'""b"\r\n$/);
    const { result } = JSON.parse(await saved(page, 'Save as JSON')) as {
      result: readonly { readonly metric: unknown }[];
    };
    assert.deepEqual(result[0]!.metric, { quoted: `a,'"b` });
    await choose(page, 'Copy as curl');
    await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(command, /^curl -s 'http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query' \\\n {2}--data-urlencode /);
    assert.ok(command.includes(`a,'\\''\\"b`), command);
    await choose(page, 'Copy the address');
    await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
    const shared = await openPage(browser(), await page.evaluate<string>('navigator.clipboard.readText()'));
    await shared.page.locator('.cell-value', { hasText: '7' }).waitFor();
  });

  it('formats a query, and knows those that were asked before', async () => {
    const page = await opened('query?g0.expr=sum%20by(job)(up)&g0.tab=table');
    await page.locator('.cell-value').nth(1).waitFor();
    await page.locator('.cm-content', { hasText: 'sum by(job)(up)' }).waitFor();
    await choose(page, 'Format the query');
    await page.locator('.cm-content', { hasText: 'sum by (job) (up)' }).waitFor();
    await page.goto(`${url()}/query`);
    await page.getByRole('button', { name: 'sum by(job)(up)', exact: true }).click();
    await page.locator('.legend', { hasText: 'job' }).waitFor();
    await page.goto(`${url()}/query?g0.expr=vector(8)&g0.tab=table`);
    await page.locator('.cell-value', { hasText: '8' }).waitFor();
    await choose(page, 'Queries asked before');
    await page.getByRole('button', { name: 'sum by(job)(up)', exact: true }).click();
    await page.locator('.cm-content', { hasText: 'sum by(job)(up)' }).waitFor();
    await choose(page, 'Format the query');
    await page.locator('.cm-content', { hasText: 'sum by (job) (up)' }).waitFor();
    await page.locator('.cm-content').fill('sum(');
    await choose(page, 'Format the query');
    await page.getByRole('status').filter({ hasText: 'parse error' }).waitFor();
  });

  it('closes its menu where somebody does something else, and gives the focus back', async () => {
    const page = await opened('query?g0.expr=vector(3)');
    await page.locator('.graph').waitFor();
    const [menu, button] = [page.locator('.menu[open]'), page.locator('.menu-button')];
    const isFocused = async (): Promise<boolean> =>
      page.evaluate<boolean>('document.activeElement.classList.contains("menu-button")');
    const item = page.getByRole('button', { name: 'Queries asked before' });
    await button.click();
    await item.waitFor();
    const { x, y } = (await page.getByRole('button', { name: 'Table' }).boundingBox())!;
    await page.mouse.click(x + 5, y + 5);
    await menu.waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('g0.tab'), null);
    assert.ok(await isFocused());
    await button.press('Enter');
    await item.focus();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    assert.ok(await isFocused());
    await button.press('Enter');
    await item.focus();
    await page.getByRole('button', { name: 'Table' }).focus();
    await menu.waitFor({ state: 'detached' });
  });

  it('asks again as often as somebody chose, as long as it is of now', async () => {
    const page = await opened('status', {});
    await page.clock.install();
    await page.goto(`${url()}/query?g0.expr=time()&g0.tab=table&g0.refresh=5s`);
    const shown = async (): Promise<string> => page.locator('.lone-value').innerText();
    await page.locator('.lone-value').waitFor();
    const first = await shown();
    await page.clock.fastForward(5000);
    await until('it was asked again', 20_000, async () => (await shown()) !== first);
    await page.getByLabel('Refresh').selectOption('1m');
    assert.equal(new URL(page.url()).searchParams.get('g0.refresh'), '1m');
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.getByLabel('Refresh').waitFor({ state: 'detached' });
  });

  it('saves a graph as a picture', async () => {
    const page = await opened('query?g0.expr=up');
    await page.locator('.graph canvas').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), choose(page, 'Save as PNG')]);
    const image = await readFile(await download.path());
    assert.equal(image.toString('latin1', 1, 4), 'PNG');
    // It is as wide as the graph, and higher by the query and the names of the series.
    assert.ok(image.readUInt32BE(16) > 1000, `${image.readUInt32BE(16)} wide`);
    assert.ok(image.readUInt32BE(20) > 320 + 19 * 18, `${image.readUInt32BE(20)} high`);
  });

  it('completes names of metrics, and marks what cannot be read', async () => {
    const page = await opened('query');
    await page.locator('.cm-content').click();
    await page.keyboard.type('http_requests_t');
    const option = page.locator('.cm-tooltip-autocomplete li', { hasText: 'http_requests_total' });
    await option.first().click();
    await page.locator('.cm-content', { hasText: 'http_requests_total' }).waitFor();
    await page.keyboard.type('{{');
    await page.locator('.cm-lintRange-error, .cm-lintPoint-error').first().waitFor({ state: 'attached' });
  });

  it('opens a native histogram to its buckets', async () => {
    const page = await opened('query?g0.expr=http_request_latency_seconds&g0.tab=table');
    const cell = page.locator('.histogram-cell').first();
    await cell.click();
    const buckets = page.getByRole('region', { name: 'Buckets of a histogram' });
    const rows = buckets.locator('tbody tr');
    await rows.nth(1).waitFor();
    const counts = await rows.locator('td:nth-child(2)').allInnerTexts();
    const sum = counts.reduce((before, count) => before + Number(count), 0);
    const count = Number(await cell.innerText());
    assert.ok(Math.abs(sum - count) <= count * 1e-9, `${sum} is not ${count}`);
    assert.match(await rows.first().innerText(), /^[[(][\d.e-]+, [\d.e-]+[\])]\s/);
    assert.deepEqual(await seriousViolations(page), []);
    await cell.click();
    await buckets.waitFor({ state: 'detached' });
  });

  it('runs a selector of its plan', async () => {
    const page = await opened('query?g0.expr=sum(rate(up%5B5m%5D))&g0.tab=explain&g0.range_input=30m');
    await page.getByRole('link', { name: 'Run this', exact: true }).click();
    await page.locator('.graph').waitFor();
    const { searchParams } = new URL(page.url());
    assert.deepEqual([searchParams.get('g0.expr'), searchParams.get('g0.range_input')], ['up', '30m']);
  });

  it('tells what is known of each part of a query, measures it, and runs it', async () => {
    const expr = encodeURIComponent('sum(rate(http_requests_total[5m])) / scalar(count(up))');
    const page = await opened(`query?g0.expr=${expr}&g0.tab=explain&g0.range_input=30m`);
    const rows = page.getByRole('region', { name: 'Plan', exact: true }).locator('tbody tr');
    await rows.nth(7).waitFor();
    const figuresOf = async (text: string): Promise<readonly string[]> =>
      rows.filter({ hasText: text }).locator('.number').allInnerTexts();
    const selected = rows.filter({ hasText: 'select #0' });
    assert.match(await selected.innerText(), /http_requests_total: [\d,.k]+ of [\d,.k]+ samples kept/);
    assert.match((await figuresOf('select #0')).join(' '), /^54 [\d,.k]+ [\d.]+ ms $/);
    const address = (await selected.getByRole('link', { name: 'Run this part' }).getAttribute('href'))!;
    assert.equal(new URL(address, page.url()).searchParams.get('g0.expr'), 'http_requests_total');
    await page.getByRole('button', { name: 'Measure each part' }).click();
    // The whole query is the last one.
    await rows.first().locator('.number', { hasText: /^1$/ }).waitFor();
    const figures = await Promise.all(
      ['call rate', 'range 5m', 'call scalar', 'aggregate count'].map(figuresOf),
    );
    assert.deepEqual(
      figures.map(([series]) => series),
      ['54', '54', '', '1'],
    );
    for (const [, samples, time, share] of figures)
      assert.match(`${samples} ${time} ${share}`, /^[1-9][\d,.k]* [\d.]+ ms (< )?[\d.]+ %$/);
    // Each is measured in the same run, so none takes longer than what it is a part of.
    const shares = await Promise.all(
      ['binary', 'aggregate sum', 'call rate', 'range 5m', 'select #0'].map(async (text) =>
        Number.parseFloat((await figuresOf(text)).at(-1)!),
      ),
    );
    assert.equal(shares[0], 100);
    assert.deepEqual(
      shares,
      shares.toSorted((x, y) => y - x),
    );
    assert.ok(shares[4]! > 0, shares.join(' '));
    await rows.filter({ hasText: 'call rate' }).getByRole('link').click();
    await page.locator('.graph').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('g0.expr'), 'rate(http_requests_total[5m])');
  });
}
