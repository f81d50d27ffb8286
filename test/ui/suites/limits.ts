import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { openPage, type Answers } from '../browsing.ts';
import { pageAlone } from '../listening.ts';
import * as made from './long-answers.ts';

/** Each list that a server or an address can make long, with more in it than is shown, and the sentence that says so. */
const CASES: readonly {
  readonly what: string;
  readonly path: string;
  readonly answers: Answers;
  readonly says: string | RegExp;
  /** What is clicked before. */
  readonly click?: string;
}[] = [
  {
    what: 'panels of an address',
    path: `query?${Array.from({ length: 25 }, (_, i) => `g${i}.expr=`).join('&')}`,
    answers: {},
    says: 'There are 20 panels at most.',
  },
  {
    what: 'columns of a table',
    path: 'query?g0.expr=x&g0.tab=table',
    answers: { query: { data: made.wideVector(12) } },
    says: 'other labels',
  },
  {
    what: 'warnings above a result',
    path: 'query?g0.expr=x&g0.tab=table',
    answers: { query: { data: made.missingVector(7), warnings: made.texts('lost', 7) } },
    says: '2 more warnings below.',
  },
  {
    what: 'infos of a result',
    path: 'query?g0.expr=x&g0.tab=table',
    answers: { query: { data: made.wideVector(1), infos: made.texts('info', 203) } },
    click: '.notice summary',
    says: '3 more are not shown.',
  },
  {
    what: 'lines of a graph',
    path: `query?g0.expr=x&${made.TIMES}`,
    answers: { query_range: { data: made.matrix(61) } },
    says: '60 of 61 series are drawn: those with the greatest values.',
  },
  {
    what: 'warnings of a second answer',
    path: `query?g0.expr=x&g0.show_exemplars=1&${made.TIMES}`,
    answers: {
      query_range: { data: made.matrix(1) },
      query_exemplars: { data: [], warnings: made.texts('lost', 7) },
    },
    says: '2 more warnings like these.',
  },
  {
    what: 'exemplars of a graph',
    path: `query?g0.expr=x&g0.show_exemplars=1&${made.TIMES}`,
    answers: { query_range: { data: made.matrix(1) }, query_exemplars: { data: made.exemplars(230) } },
    says: '230 exemplars, of which 200 are shown, those with the greatest values among them',
  },
  {
    what: 'shards below a graph',
    path: `query?g0.expr=x&g0.provenance=1&${made.TIMES}`,
    answers: { query_range: { data: made.matrix(1) }, explain: { data: made.explanation({ shards: 53 }) } },
    says: '3 more shards are not shown.',
  },
  {
    what: 'series whose choice is told',
    path: `query?g0.expr=x&g0.provenance=1&${made.TIMES}`,
    answers: {
      query_range: { data: made.matrix(1) },
      explain: { data: made.explanation({ shards: 1, seriesNotShown: 4 }) },
    },
    says: '4 more series are counted here, but not drawn below.',
  },
  {
    what: 'endpoints of an explanation',
    path: 'query?g0.expr=x&g0.tab=explain',
    answers: { explain: { data: made.explanation({ shards: 60 }) } },
    says: '20 more endpoints are not shown.',
  },
  {
    what: 'parts of a plan',
    path: 'query?g0.expr=x&g0.tab=explain',
    answers: { explain: { data: made.explanation({ shards: 1, parts: 205 }) } },
    says: '5 more parts are not shown.',
  },
  {
    what: 'parts that are measured',
    path: 'query?g0.expr=x&g0.tab=explain',
    answers: {
      explain: { data: made.explanation({ shards: 1, parts: 55 }) },
      query_range: { data: made.matrix(1) },
    },
    click: 'text=Measure each part',
    says: 'Only the 50 innermost of 54 parts are measured.',
  },
  {
    what: 'names of metrics',
    path: 'explore',
    answers: { 'label/__name__/values': { data: made.texts('metric', 50_000) }, ...made.ONE_METRIC },
    says: 'The first 50,000 metrics alone; the search looks in all of them.',
  },
  {
    what: 'series whose labels are counted',
    path: 'explore',
    answers: {
      'label/__name__/values': { data: ['metric'] },
      ...made.ONE_METRIC,
      series: { data: made.labelSets(2000) },
    },
    says: 'Counted over 2,000 series of the last hour.',
  },
  {
    what: 'shards of a metric',
    path: 'explore',
    answers: {
      'label/__name__/values': { data: ['metric'] },
      ...made.ONE_METRIC,
      query: { data: made.countsByShard(53) },
    },
    says: '3 more shards with fewer series are not shown.',
  },
  {
    what: 'shards to choose from',
    path: 'explore?view=cardinality',
    answers: { ...made.fleet(203, 1), 'status/tsdb': { data: made.NO_STATISTICS } },
    says: '3 more shards: the address takes the selector of any as shard',
  },
  {
    what: 'alerts of a rule',
    path: 'rules',
    answers: { rules: { data: made.ruleWith(104) } },
    says: '4 more are not shown.',
  },
  {
    what: 'replicas of a shard',
    path: 'endpoints',
    answers: made.fleet(1, 15),
    says: '3 more replicas: search for its address',
  },
  {
    what: 'gaps of an endpoint',
    path: 'endpoints',
    answers: made.fleet(1, 1, 9),
    click: '.replica-line',
    says: '9 more gaps are not shown.',
  },
];

export function limitsSuite(browser: () => Browser): void {
  describe('lists that are cut, and say so', () => {
    const url = pageAlone();

    for (const { what, path, answers, click, says } of CASES)
      it(what, async () => {
        const { page, problems } = await openPage(browser(), `${url()}/${path}`, undefined, {
          ...made.NO_FLEET,
          ...answers,
        });
        if (click !== undefined) await page.locator(click).first().click();
        await page.getByText(says).first().waitFor();
        assert.deepEqual(problems, []);
      });

    it('shards of a point under the pointer', async () => {
      const answers = {
        ...made.NO_FLEET,
        query_range: { data: made.matrix(1) },
        explain: { data: made.explanation({ shards: 8 }) },
      };
      const { page } = await openPage(
        browser(),
        `${url()}/query?g0.expr=x&g0.provenance=1&${made.TIMES}`,
        undefined,
        answers,
      );
      await page.locator('.strip').first().waitFor();
      await page.locator('.graph .u-over').hover({ position: { x: 300, y: 140 } });
      await page.locator('.tip', { hasText: 'and 2 more shards' }).waitFor();
    });

    it('replicas to compare with', async () => {
      const { page } = await openPage(browser(), `${url()}/query?g0.expr=x&${made.TIMES}`, undefined, {
        ...made.fleet(1, 23),
        query_range: { data: made.matrix(1) },
      });
      const options = page.getByLabel('Compare').locator('option');
      await options.filter({ hasText: 'only' }).nth(19).waitFor({ state: 'attached' });
      assert.equal(await options.filter({ hasText: 'only' }).count(), 20);
      assert.equal(await options.last().innerText(), '3 more are not listed');
    });
  });
}
