import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { follow, openPage, overflow, seriousViolations, type WatchedPage } from '../browsing.ts';
import { pageAlone } from '../listening.ts';
import { NO_FLEET, NO_STATISTICS } from './long-answers.ts';

const STATISTICS = {
  ...NO_STATISTICS,
  seriesCountByMetricName: [{ name: 'requests', value: 700 }],
  labelValueCountByLabelName: [
    { name: 'instance', value: 90 },
    { name: 'a "label"', value: 10 },
  ],
  seriesCountByLabelValuePair: [
    { name: 'job=node', value: 1000 },
    { name: 'path=a=b', value: 500 },
  ],
};
const SHARD = '{shard="eu"}';

/** What is counted a day ago and now; nothing where a count is 0. */
const COUNTS: Readonly<Record<string, readonly [before: number, now: number]>> = {
  'count({__name__="requests",shard="eu"})': [600, 900],
  'count(count by (instance) ({instance!="",shard="eu"}))': [40, 50],
  'count(count by ("a \\"label\\"") ({"a \\"label\\""!="",shard="eu"}))': [0, 5],
  'count({job="node",shard="eu"})': [800, 600],
  'count({path="a=b",shard="eu"})': [7, 7],
};

export function cardinalitySuite(browser: () => Browser): void {
  describe('what became of labels and pairs within a day', () => {
    const url = pageAlone();

    interface Opened extends WatchedPage {
      readonly asked: readonly string[];
    }

    /** A page whose queries are answered by `answer`, which is given the expression and whether it is about a day ago. */
    async function opened(
      more: string,
      answer: (expression: string, isBefore: boolean) => unknown,
      viewport = { width: 1280, height: 800 },
    ): Promise<Opened> {
      const asked: string[] = [];
      const path = `explore?view=cardinality&shard=${encodeURIComponent(SHARD)}${more}`;
      const watched = await openPage(
        browser(),
        `${url()}/${path}`,
        { viewport },
        {
          ...NO_FLEET,
          'status/tsdb': { data: STATISTICS },
        },
      );
      await watched.page.route('**/api/v1/query', async (route) => {
        const form = new URLSearchParams(route.request().postData() ?? '');
        const expression = form.get('query')!;
        asked.push(expression);
        const json = await answer(expression, Number(form.get('time')) < Date.now() / 1000 - 80_000);
        // The page may have given it up.
        await route.fulfill({ json }).catch(() => undefined);
      });
      await watched.page.locator('.statistic-name', { hasText: 'job=node' }).waitFor();
      return { ...watched, asked };
    }

    function counted(count: number): unknown {
      const result = count === 0 ? [] : [{ metric: {}, value: [1, String(count)] }];
      return { status: 'success', data: { resultType: 'vector', result } };
    }

    const compare = async (page: Page): Promise<void> => page.getByLabel('Change within a day').check();
    const cell = (page: Page, name: string) =>
      page
        .locator('tr', { has: page.locator('.statistic-name', { hasText: name }) })
        .locator('td')
        .last();

    it('is counted on a click, and told beside each of them', async () => {
      const { page, problems, asked } = await opened('', (expression, isBefore) =>
        counted(COUNTS[expression]![isBefore ? 0 : 1]),
      );
      assert.deepEqual(asked, []);
      await compare(page);
      await cell(page, 'requests').filter({ hasText: '+300 (+50 %)' }).waitFor();
      await cell(page, 'instance').filter({ hasText: '+10 (+25 %)' }).waitFor();
      assert.equal(await cell(page, 'instance').getAttribute('title'), '40 a day ago, 50 now');
      await cell(page, 'job=node').filter({ hasText: '−200 (−25 %)' }).waitFor();
      await cell(page, 'path=a=b').filter({ hasText: 'none' }).waitFor();
      assert.deepEqual(new Set(asked), new Set(Object.keys(COUNTS)));
      assert.equal(new URL(page.url()).searchParams.get('change'), '1d');
      assert.deepEqual(await seriousViolations(page), []);
      assert.deepEqual(problems, []);
    });

    it('is unknown where nothing is known of a day ago, or a count fails or lacks something', async () => {
      const { page } = await opened('&change=1d', (expression, isBefore) => {
        if (expression.includes('job='))
          return { status: 'error', errorType: 'execution', error: 'too many' };
        const answer = counted(COUNTS[expression]![isBefore ? 0 : 1]);
        return expression.includes('path=') ? { ...(answer as object), warnings: ['shard lost'] } : answer;
      });
      for (const [name, why] of [
        ['label', 'Nothing is known of a day ago'],
        ['job=node', 'too many'],
        ['path=a=b', 'shard lost'],
      ] as const) {
        await cell(page, name).filter({ hasText: 'unknown' }).waitFor();
        assert.match((await cell(page, name).getAttribute('title'))!, new RegExp(why));
      }
    });

    it('is counted row by row, and no more once the view is closed', async () => {
      const waiting: (() => void)[] = [];
      const { page, problems, asked } = await opened('&change=1d', async () => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
        return counted(1);
      });
      await until('the first row is asked for', 10_000, async () => asked.length === 1);
      assert.equal(await cell(page, 'instance').innerText(), '…');
      const given = page.waitForEvent('requestfailed');
      await follow(page, '/explore?view=metrics');
      await given;
      waiting.forEach((answer) => answer());
      await page.locator('.statistics').waitFor({ state: 'detached' });
      assert.equal(asked[0], Object.keys(COUNTS)[0]);
      assert.equal(asked.filter((each) => each in COUNTS).length, 1);
      assert.deepEqual(problems, []);
    });

    it('has its place in a narrow window', async () => {
      const { page } = await opened(
        '&change=1d',
        (expression, isBefore) => counted(COUNTS[expression]![isBefore ? 0 : 1]),
        { width: 360, height: 800 },
      );
      await cell(page, 'job=node').filter({ hasText: '−200' }).waitFor();
      assert.ok((await overflow(page)) <= 0);
    });
  });
}
