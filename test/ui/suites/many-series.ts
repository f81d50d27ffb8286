import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { SampleColumns } from '../../../src/model/sample-columns.ts';
import { answerOf, listsOf, serverOver } from '../../http/support.ts';
import { until } from '../../support/until.ts';
import { follow, openPage, seriousViolations } from '../browsing.ts';
import { close, listen } from '../listening.ts';
import { ONE_METRIC } from './long-answers.ts';

const COUNT = 5000;

/** A range of many series, each with its number as its value. */
const queryRange: Gateway['queryRange'] = async (_scope, { start, end, step }) => {
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const series = Array.from({ length: COUNT }, (_, i) => ({
    labels: labelsFromRecord({ __name__: 'many', number: String(i).padStart(5, '0') }),
    columns: constant(times, i),
  }));
  return { answer: answerOf({ kind: 'matrix', series }), queuedMs: 0 };
};

function constant(times: readonly number[], value: number): SampleColumns {
  const { length } = times;
  return {
    length,
    t: Float64Array.from(times),
    v: new Float64Array(length).fill(value),
    h: undefined,
    st: undefined,
  };
}

const NAMES = Array.from({ length: 100_000 }, (_, i) => `metric_${String(i).padStart(6, '0')}`);

const labelValues: Gateway['labelValues'] = async (_scope, _label, { limit }) => ({
  items: NAMES.slice(0, limit ?? NAMES.length),
  annotations: [],
});

const searchNames: Gateway['searchNames'] = async (_scope, { pattern: { terms }, limit }) => {
  const names = NAMES.filter((name) => terms.every((term) => name.includes(term)));
  return {
    names: names.slice(0, limit).map((value) => ({ value, score: 1 })),
    hasMore: names.length > limit,
    metadata: new Map(),
    annotations: [],
  };
};

interface Text {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** Keeps what is written on canvases, centred as times below a graph are, in pixels of the page. */
const RECORD_TEXTS = `
  window.texts = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const half = this.measureText(text).width / 2;
    window.texts.push({ text, left: (x - half) / devicePixelRatio, right: (x + half) / devicePixelRatio });
    return fillText.call(this, text, x, y);
  };
`;

export function manySeriesSuite(browser: () => Browser): void {
  describe('as much as a large installation has', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const lists = listsOf({ stores: () => new Map(), coverage: async () => ({ shards: [] }) });
      server = serverOver(
        { queryRange, labelValues, searchNames, lists },
        { page: new PageFiles('dist-page') },
      );
      url = await listen(server);
    });

    after(async () => close(server));

    it('draws some of thousands of series, says so, and reaches each of them', async () => {
      const { page } = await openPage(browser(), `${url}/query?g0.expr=many&g0.step_input=1m`);
      await page.getByText(/60 of 5,000 series are drawn/).waitFor();
      const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
      assert.ok(elements < 1000, `${elements} elements`);
      // Those that are drawn are the first in the legend.
      await page.locator('button.legend-row:not(.is-undrawn)', { hasText: '04999' }).waitFor();
      assert.equal(await page.locator('button.legend-row.is-undrawn').count(), 0);
      await page.locator('.legend .virtual').press('End');
      await page.locator('button.legend-row', { hasText: '00000' }).click();
      await page.getByRole('img', { name: 'A graph of 1 series' }).waitFor();
    });

    it('keeps the times below a graph apart', async () => {
      const { page } = await openPage(browser(), `${url}/query`);
      await page.evaluate(RECORD_TEXTS);
      for (const range of ['5m', '9m', '12m']) {
        await page.evaluate('window.texts.length = 0');
        await follow(page, `/query?g0.expr=many&g0.step_input=1m&g0.range_input=${range}`);
        let texts: readonly Text[] = [];
        await until('the graph is drawn', 10_000, async () => {
          texts = await page.evaluate<readonly Text[]>('window.texts.filter(({ text }) => /:/.test(text))');
          return texts.length > 2;
        });
        for (const [i, { text, left, right }] of texts.entries()) {
          const next = texts[i + 1];
          // Another time to draw begins at the left again.
          if (next === undefined || next.left <= left) continue;
          assert.ok(next.left - right >= 12, `${text} and ${next.text} in ${range}: ${next.left - right} px`);
        }
      }
    });

    it('reads a graph with the keys', async () => {
      const { page, problems } = await openPage(browser(), `${url}/query?g0.expr=many&g0.step_input=1m`);
      await page.locator('.graph .u-over').waitFor();
      await page.getByRole('img', { name: 'A graph of 60 series' }).focus();
      const time = page.locator('.tip .muted');
      await page.keyboard.press('ArrowLeft');
      const last = await time.innerText();
      await page.keyboard.press('ArrowLeft');
      await time.filter({ hasNotText: last }).waitFor();
      const before = await time.innerText();
      assert.ok(before < last, `${before} is not before ${last}`);
      await page.keyboard.press('ArrowRight');
      await time.filter({ hasText: last }).waitFor();
      await page.keyboard.press('ArrowRight');
      assert.equal(await time.innerText(), last);
      assert.deepEqual(await seriousViolations(page), []);
      await page.keyboard.press('Tab');
      await page.locator('.tip').waitFor({ state: 'detached' });
      assert.deepEqual(problems, []);
    });

    it('lists metrics that are too many, and has the gateway search in all of them', async () => {
      const { page, problems } = await openPage(browser(), `${url}/explore`, undefined, ONE_METRIC);
      await page.getByText('The first 50,000 metrics alone').waitFor();
      const list = page.locator('.pane-list');
      await list.press('End');
      await list.locator('.pane-row', { hasText: 'metric_049999' }).waitFor();
      const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
      assert.ok(elements < 1000, `${elements} elements`);
      await page.getByRole('searchbox').fill('_09');
      await list.locator('.pane-row', { hasText: 'metric_090000' }).waitFor();
      await page.getByText('The 1,000 that are most like it.').waitFor();
      await page.getByRole('searchbox').fill('_099999');
      await page.getByRole('status').filter({ hasText: '1 of 50,000 metrics' }).waitFor();
      await page.locator('.detail h2', { hasText: 'metric_099999' }).waitFor();
      await page.getByRole('searchbox').fill('nothing');
      await page.getByText('Nothing matches the search.').waitFor();
      assert.deepEqual(problems, []);
    });
  });
}
