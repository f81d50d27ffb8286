import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { answerOf, listsOf, serverOver } from '../../http/support.ts';
import { until } from '../../support/until.ts';
import { close, listen } from '../listening.ts';

/** A line that rises by its times, so that no two answers are the same. */
const queryRange: Gateway['queryRange'] = async (_scope, { start, end, step }) => {
  const samples = new SampleBuffer();
  for (let t = start; t <= end; t += step) samples.push(t, t / 1000);
  const series = [{ labels: labelsFromRecord({ __name__: 'm' }), columns: samples }];
  return { answer: answerOf({ kind: 'matrix', series }), queuedMs: 0 };
};

/** Counts what the page asks of queries where it asks: so what a clock that is wound on makes it ask is counted once it was. */
const COUNTING = `
  window.asked = 0;
  const ask = window.fetch;
  window.fetch = (address, options) => {
    if (address.endsWith('/query_range')) window.asked++;
    return ask(address, options);
  };
`;

/** Has the page think that nobody looks at it, or that somebody does again. */
const looksAway = (isAway: boolean): string =>
  `Object.defineProperty(document, 'visibilityState', { value: '${isAway ? 'hidden' : 'visible'}', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));`;

export function refreshSuite(browser: () => Browser): void {
  describe('a query that is asked again by itself', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const lists = listsOf({ stores: () => new Map(), coverage: async () => ({ shards: [] }) });
      server = serverOver({ queryRange, lists }, { page: new PageFiles('dist-page') });
      url = await listen(server);
    });

    after(async () => close(server));

    /** A graph of the last hour that is asked again each 5 s, by a clock that the test winds on. */
    async function opened(more = '', prepare: (page: Page) => Promise<void> = async () => {}): Promise<Page> {
      const context = await browser().newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.clock.install();
      await page.clock.pauseAt(Date.now() + 1000);
      await page.addInitScript(COUNTING);
      await prepare(page);
      await page.goto(`${url}/query?g0.expr=m&g0.refresh=5s${more}`);
      return page;
    }

    const asked = async (page: Page): Promise<number> => page.evaluate<number>('window.asked');

    /** Waits until the page asked so often, and shows what came. */
    async function shown(page: Page, times: number): Promise<void> {
      await until(`it asked ${times} times`, 20_000, async () => {
        // What is drawn waits for frames, and these for the clock.
        await page.clock.runFor(20);
        const stale = await page.locator('.stale, .waiting').count();
        const graphs = await page.locator('.graph canvas').count();
        return (await asked(page)) === times && graphs === 1 && stale === 0;
      });
      await page.clock.runFor(100);
    }

    /** Drags over a part of the graph, and waits for its address. `meanwhile` happens on half of the way. */
    async function drag(page: Page, meanwhile: () => Promise<void> = async () => {}): Promise<string> {
      const { search } = new URL(page.url());
      const { x, y, width } = (await page.locator('.graph .u-over').boundingBox())!;
      await page.mouse.move(x + width * 0.25, y + 100);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.5, y + 100);
      await meanwhile();
      await page.mouse.move(x + width * 0.75, y + 100);
      await page.mouse.up();
      await page.waitForURL((address) => address.search !== search);
      return new URL(page.url()).search;
    }

    it('keeps a range that somebody drags over while it is asked again, and ends then', async () => {
      const page = await opened();
      await shown(page, 1);
      const search = await drag(page, async () => {
        await page.clock.runFor(5000);
        await shown(page, 2);
      });
      // A pixel is about three seconds.
      assert.match(new URLSearchParams(search).get('g0.range_input') ?? '', /^(?:29m5\ds|30m\d?s?)$/);
      await shown(page, 3);
      await page.clock.runFor(60_000);
      assert.equal(await asked(page), 3);
    });

    it('goes on where a double click goes back from what was dragged over', async () => {
      const page = await opened();
      const whole = new URL(page.url()).search;
      await shown(page, 1);
      const half = await drag(page);
      await shown(page, 2);
      const quarter = await drag(page);
      assert.notEqual(quarter, half);
      await shown(page, 3);
      for (const [i, search] of [half, whole].entries()) {
        await page.locator('.graph .u-over').dblclick();
        await page.waitForURL((address) => address.search === search);
        await shown(page, 4 + i);
      }
      await page.clock.runFor(5000);
      assert.equal(await asked(page), 6);
    });

    it('keeps a range that was chosen since somebody dragged', async () => {
      const page = await opened();
      await shown(page, 1);
      await drag(page);
      await shown(page, 2);
      await page.getByRole('textbox', { name: 'Range' }).fill('10m');
      await page.getByRole('textbox', { name: 'Range' }).press('Enter');
      await shown(page, 3);
      const { search } = new URL(page.url());
      await page.locator('.graph .u-over').dblclick();
      await page.clock.runFor(1000);
      assert.deepEqual([new URL(page.url()).search, await asked(page)], [search, 3]);
    });

    it('is not asked while nobody looks at the page, and at once when somebody comes back', async () => {
      const page = await opened();
      await shown(page, 1);
      await page.evaluate(looksAway(true));
      await page.clock.runFor(60_000);
      assert.equal(await asked(page), 1);
      await page.evaluate(looksAway(false));
      await shown(page, 2);
      await page.clock.runFor(5000);
      assert.equal(await asked(page), 3);
    });

    it('is not asked while it has no answer yet', async () => {
      const page = await opened();
      await shown(page, 1);
      const held: Route[] = [];
      await page.route('**/api/v1/query_range', (route) => void held.push(route));
      await page.clock.runFor(5000);
      assert.equal(await asked(page), 2);
      await page.clock.runFor(60_000);
      assert.equal(await asked(page), 2);
      await until('it is held', 20_000, async () => held.length === 1);
      await held[0]!.continue();
      await shown(page, 2);
      await page.clock.runFor(5000);
      assert.equal(await asked(page), 3);
    });

    it('is not asked while what it is compared with has no answer yet', async () => {
      const held: Route[] = [];
      const page = await opened('&g0.compare=penalty', async (opening) => {
        await opening.route('**/api/v1/query_range', async (route) => {
          const isCompared = route.request().postData()?.includes('dedup_func=penalty') === true;
          if (isCompared && held.length === 0) held.push(route);
          else await route.continue();
        });
      });
      await shown(page, 2);
      await page.clock.runFor(60_000);
      assert.equal(await asked(page), 2);
      await held[0]!.continue();
      await until('it is compared', 20_000, async () => {
        await page.clock.runFor(20);
        return page.getByText('Both answers are the same.').isVisible();
      });
      await page.clock.runFor(5000);
      await shown(page, 4);
    });
  });
}
