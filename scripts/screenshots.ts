/**
 * Takes a picture of each page over the demo, for the documents: `npm run screenshots`. To look at them is a part of each change of
 * the page.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { pino } from 'pino';
import { startDemo } from '../src/demo/start-demo.ts';
import { openPage, startBrowser } from '../test/ui/browsing.ts';

const FOLDER = 'docs/pictures';
const RATE = encodeURIComponent('sum by (job) (rate(http_requests_total[1m]))');

interface Picture {
  readonly name: string;
  readonly path: string;
  /** What is there when the page is ready. */
  readonly shown: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly before?: (page: Page) => Promise<void>;
}

/** Lines are elsewhere at each time of the day. */
async function hoverLine(page: Page): Promise<void> {
  for (let y = 40; y < 280; y += 20) {
    await page.locator('.graph .u-over').hover({ position: { x: 520, y } });
    if (await page.locator('.tip').isVisible()) return;
  }
}

const PICTURES: readonly Picture[] = [
  {
    name: 'query',
    path: `query?g0.expr=${RATE}&g0.provenance=1`,
    shown: '.provenance',
    height: 760,
    before: hoverLine,
  },
  {
    name: 'query-dark',
    path: `query?g0.expr=${RATE}&g0.compare=off&g0.provenance=1`,
    shown: '.provenance',
    colorScheme: 'dark',
    height: 700,
  },
  { name: 'table', path: 'query?g0.expr=up&g0.tab=table', shown: '.grid-row', height: 760 },
  {
    name: 'histogram',
    path: 'query?g0.expr=http_request_latency_seconds&g0.tab=table',
    shown: '.bar-of-histogram',
    height: 760,
  },
  {
    name: 'heatmap',
    path: `query?g0.expr=${encodeURIComponent('sum(rate(http_request_latency_seconds[2m]))')}`,
    shown: '.heatmap-key',
    height: 620,
    before: async (page) => page.locator('.graph .u-over').hover({ position: { x: 520, y: 150 } }),
  },
  { name: 'explain', path: `query?g0.expr=${RATE}&g0.tab=explain`, shown: '.plan', height: 560 },
  { name: 'error', path: 'query?g0.expr=up{', shown: '.notice.failed', height: 360 },
  { name: 'empty', path: 'query', shown: '.examples', height: 420 },
  {
    name: 'endpoints',
    path: 'endpoints',
    shown: '.shard',
    height: 640,
    before: async (page) => page.locator('.replica-line').first().click(),
  },
  { name: 'explore', path: 'explore?item=http_requests_total', shown: '.top-value' },
  { name: 'cardinality', path: 'explore?view=cardinality', shown: '.statistic-name' },
  { name: 'rules', path: 'rules', shown: '.pane-row', height: 480 },
  { name: 'alerts', path: 'alerts', shown: '.pane-row', height: 480 },
  { name: 'targets', path: 'targets', shown: '.pane-row', height: 640 },
  { name: 'queries', path: 'queries', shown: '.query-cell', height: 560 },
  { name: 'status', path: 'status', shown: '.plan' },
  { name: 'narrow', path: `query?g0.expr=${RATE}&g0.provenance=1`, shown: '.provenance', width: 360 },
];

const demo = await startDemo({ http: '127.0.0.1:0', grpc: '127.0.0.1:0' }, '0.1.0', pino({ enabled: false }));
const browser = await startBrowser();
mkdirSync(FOLDER, { recursive: true });
for (const { name, path, shown, colorScheme = 'light', width = 1280, height = 800, before } of PICTURES) {
  const { page, problems } = await openPage(browser, `${demo.gateway.url}/${path}`, {
    colorScheme,
    viewport: { width, height },
    reducedMotion: 'reduce',
  });
  await page.locator(shown).first().waitFor();
  // The editor arrives after the result.
  await page.waitForTimeout(500);
  await before?.(page);
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  for (const problem of problems) console.error(`${name}: ${problem}`);
  await page.context().close();
}
await browser.close();
await demo.close();
