import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import type { HistogramJson, SeriesSamplesJson } from '../../../src/http/api/query.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { listsOf, serverOver } from '../../http/support.ts';
import { openPage, overflow, seriousViolations, type WatchedPage } from '../browsing.ts';
import { close, listen } from '../listening.ts';

/** s */
const END = 1_700_000_000 - (1_700_000_000 % 60);
const STEPS = 61;
const TIMES = Array.from({ length: STEPS }, (_, i) => END - (STEPS - 1 - i) * 60);
const PATH = `query?g0.expr=latency&g0.step_input=1m&g0.end_input=${END}`;

type Buckets = NonNullable<HistogramJson['buckets']>;

function series(name: string, buckets: Buckets): SeriesSamplesJson {
  const count = String(buckets.reduce((sum, [, , , inside]) => sum + Number(inside), 0));
  return { metric: { name }, histograms: TIMES.map((time) => [time, { count, sum: '0', buckets }]) };
}

/** Two decades, each of them half of the height. */
const ONE = series('one', [
  [0, '0.01', '0.1', '3'],
  [0, '0.1', '1', '12'],
]);
const OTHER = series('other', [[0, '0.1', '1', '4']]);
const LINE: SeriesSamplesJson = { metric: { name: 'line' }, values: TIMES.map((time) => [time, '7']) };
/** Below zero, about it and above it, and without an end. */
const SIGNED = series('signed', [
  [1, '-1', '-0.1', '5'],
  [3, '-0.001', '0.001', '6'],
  [0, '0.1', '1', '7'],
  [0, '1', '+Inf', '8'],
]);

/** As many cells as a large graph of many buckets has. */
const MANY: SeriesSamplesJson = series(
  'many',
  Array.from({ length: 160 }, (_, i) => [0, String(1.1 ** i), String(1.1 ** (i + 1)), String(i + 1)]),
);

export function heatmapsSuite(browser: () => Browser): void {
  describe('native histograms on a graph', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const lists = listsOf({ stores: () => new Map(), coverage: async () => ({ shards: [] }) });
      server = serverOver({ lists }, { page: new PageFiles('dist-page') });
      url = await listen(server);
    });

    after(async () => close(server));

    async function opened(
      result: readonly SeriesSamplesJson[],
      more = '',
      options?: BrowserContextOptions,
    ): Promise<WatchedPage> {
      const watched = await openPage(browser(), `${url}/${PATH}${more}`, options, {
        query_range: { data: { resultType: 'matrix', result } },
        query_exemplars: {
          data: [
            {
              seriesLabels: { name: 'one' },
              exemplars: [{ labels: { trace_id: '7' }, value: '0.1', timestamp: END - 1800 }],
            },
          ],
        },
      });
      await watched.page.locator('.graph .u-over').first().waitFor();
      return watched;
    }

    /** What the tip says at a place of the plot, as shares of its width and height. */
    async function tipAt(page: Page, x: number, y: number): Promise<string> {
      const plot = page.locator('.graph .u-over').last();
      const { width, height } = (await plot.boundingBox())!;
      await plot.hover({ position: { x: width * x, y: height * y } });
      return page.locator('.tip').innerText();
    }

    it('are a heatmap, of which each cell tells its time, its bounds and what it holds', async () => {
      const { page, problems } = await opened([ONE]);
      const image = page.getByRole('img', { name: /^A heatmap of 1 native histogram with buckets/ });
      assert.match(
        (await image.getAttribute('aria-label')) ?? '',
        /from 0\.01 to 1; the fullest one is \(0\.1, 1\] with 12 at 2023-11-14 /,
      );
      assert.match(
        await tipAt(page, 0.5, 0.25),
        /^2023-11-14 \d\d:\d\d:\d\d\n\(0\.1, 1\]\n12 \(80 % of 15\)$/,
      );
      assert.match(await tipAt(page, 0.5, 0.75), /\(0\.01, 0\.1\]\n3 \(20 % of 15\)/);
      // The greatest count has the strongest colour.
      const [upper, lower] = await page.evaluate<readonly number[]>(
        `(() => {
          const canvas = document.querySelector('.graph canvas');
          const at = (share) => canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height * share, 1, 1).data;
          return [0.25, 0.7].map((share) => at(share)[0] + at(share)[1] + at(share)[2]);
        })()`,
      );
      assert.ok(upper! < lower! && lower! < 3 * 255, `${upper} and ${lower}`);
      assert.deepEqual(await seriousViolations(page), []);
      assert.deepEqual(problems, []);
    });

    it('are summed, and the legend shows one of them alone', async () => {
      const { page } = await opened([ONE, OTHER]);
      await page.getByText('Each cell is the sum of 2 series').waitFor();
      assert.match(await tipAt(page, 0.5, 0.25), /\n16 \(84 % of 19\)/);
      await page.locator('button.legend-row', { hasText: 'other' }).click();
      await page.getByRole('img', { name: 'A heatmap of 1 native histogram' }).waitFor();
      assert.match(await tipAt(page, 0.5, 0.5), /\n4 \(100 % of 4\)/);
    });

    it('stand below the lines of what else an answer has', async () => {
      const { page, problems } = await opened([ONE, LINE]);
      await page.getByRole('img', { name: 'A graph of 1 series' }).waitFor();
      await page.getByRole('img', { name: 'A heatmap of 1 native histogram' }).waitFor();
      const lefts = await page.evaluate<readonly number[]>(
        `[...document.querySelectorAll('.u-over')].map((each) => each.getBoundingClientRect().left)`,
      );
      assert.deepEqual([lefts.length, lefts[0]], [2, lefts[1]]);
      await page.locator('button.legend-row', { hasText: 'line' }).click();
      await page.getByRole('img', { name: 'A heatmap' }).waitFor({ state: 'detached' });
      assert.deepEqual(problems, []);
    });

    it('are lines of their counts where somebody wants them, which the address tells', async () => {
      const { page } = await opened([ONE]);
      await page.getByRole('button', { name: 'Counts' }).click();
      await page.getByRole('img', { name: 'A graph of 1 series' }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('g0.histograms'), 'counts');
      await page.getByRole('button', { name: 'Linear heatmap' }).click();
      await page.getByRole('img', { name: 'A heatmap' }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('g0.histograms'), 'linear');
      // The lower bucket has a tenth of the height now.
      assert.match(await tipAt(page, 0.5, 0.75), /\(0\.1, 1\]/);
      await page.goBack();
      await page.getByRole('button', { name: 'Counts', pressed: true }).waitFor();
      await page.goBack();
      await page.getByRole('button', { name: 'Heatmap', exact: true, pressed: true }).waitFor();
    });

    it('have cells below zero, about it, and without an end', async () => {
      const { page } = await opened([SIGNED]);
      assert.match(await tipAt(page, 0.5, 0.02), /\(1, \+Inf\]\n8/);
      assert.match(await tipAt(page, 0.5, 0.25), /\(0\.1, 1\]\n7/);
      assert.match(await tipAt(page, 0.5, 0.53), /\[-0\.001, 0\.001\]\n6/);
      assert.match(await tipAt(page, 0.5, 0.8), /\[-1, -0\.1\)\n5/);
    });

    it('have exemplars in their buckets', async () => {
      const { page } = await opened([ONE], '&g0.show_exemplars=1');
      await page.locator('.exemplar').waitFor();
      const place = await page.evaluate<number>(
        `(() => {
          const plot = document.querySelector('.u-over').getBoundingClientRect();
          const point = document.querySelector('.exemplar').getBoundingClientRect();
          return (point.top + point.height / 2 - plot.top) / plot.height;
        })()`,
      );
      assert.ok(Math.abs(place - 0.5) < 0.02, String(place));
    });

    it('are zoomed by dragging', async () => {
      const { page } = await opened([ONE]);
      const { x, y, width, height } = (await page.locator('.u-over').boundingBox())!;
      await page.mouse.move(x + width * 0.25, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.75, y + height / 2, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/g0\.range_input=30m/);
    });

    it('are drawn at once however many cells they have, also where it is dark and narrow', async () => {
      const { page, problems } = await opened([MANY, MANY], '', {
        colorScheme: 'dark',
        viewport: { width: 360, height: 800 },
      });
      await page.getByText('Each cell is the sum of 2 series').waitFor();
      assert.ok((await overflow(page)) <= 0);
      assert.deepEqual(await seriousViolations(page), []);
      const before = await tipAt(page, 0.5, 0.5);
      const began = performance.now();
      await page.getByRole('button', { name: 'Linear heatmap' }).click();
      await page.getByRole('button', { name: 'Linear heatmap', pressed: true }).waitFor();
      // Other buckets are there on the other axis.
      assert.notEqual(await tipAt(page, 0.5, 0.5), before);
      assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
      assert.deepEqual(problems, []);
    });
  });
}
