import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { TopQueriesJson } from '../../../src/http/api/queries.ts';
import { openPage, overflow, seriousViolations, type Answers } from '../browsing.ts';
import { pageAlone } from '../listening.ts';
import { matrix, NO_FLEET, ONE_METRIC, TIMES, VALUES } from './long-answers.ts';

const NARROW = { viewport: { width: 360, height: 800 } };
const PART = 'latency_seconds_sum';

const ALERTS = ['firing', 'pending', 'pending'].map((state, i) => ({
  labels: { alertname: `Alert${i}` },
  annotations: {},
  state,
  value: '1',
}));

const TARGETS = ['up', 'down', 'up'].map((health, i) => ({
  discoveredLabels: {},
  labels: { instance: `host${i}:1` },
  scrapePool: 'node',
  scrapeUrl: `http://host${i}:1/metrics`,
  globalUrl: '',
  lastError: '',
  lastScrape: '2026-11-22T12:00:00Z',
  lastScrapeDuration: 0.1,
  health,
  scrapeInterval: '15s',
  scrapeTimeout: '10s',
}));

const TOP: TopQueriesJson = {
  sort: 'samples',
  queries: [
    {
      kind: 'range',
      query: 'sum by (job) (rate(http_requests_total[5m]))',
      count: 7,
      failures: 0,
      totalSeconds: 2,
      longestSeconds: 1,
      samples: 4321,
      bytes: 1000,
      lastTime: '2026-11-22T12:00:00Z',
    },
  ],
};

const ANSWERS: Answers = {
  ...NO_FLEET,
  ...ONE_METRIC,
  'label/__name__/values': { data: ['http_requests_total', PART, 'process_resident_memory_bytes', 'up'] },
  metadata: { data: { latency_seconds: [{ type: 'summary', help: 'How long.', unit: 'seconds' }] } },
  alerts: { data: { alerts: ALERTS } },
  targets: { data: { activeTargets: TARGETS, droppedTargets: [], droppedTargetCounts: null } },
  'status/active_queries': { data: { queries: [] } },
  'status/top_queries': { data: TOP },
  'status/config': { data: { yaml: '' } },
  'status/flags': { data: {} },
  features: { data: {} },
};

export function roomsSuite(browser: () => Browser): void {
  describe('the rooms of the page', () => {
    const url = pageAlone();

    it('find metrics by letters, words and slips of the fingers', async () => {
      const { page, problems } = await openPage(browser(), `${url()}/explore`, undefined, ANSWERS);
      await page.getByRole('status').filter({ hasText: '4 metrics' }).waitFor();
      for (const [text, name] of [
        ['reqtot', 'http_requests_total'],
        ['request total', 'http_requests_total'],
        ['memroy', 'process_resident_memory_bytes'],
      ] as const) {
        await page.getByRole('searchbox').fill(text);
        await page.locator('.detail h2', { hasText: name }).waitFor();
        assert.equal(await page.locator('.pane-row').first().innerText(), name);
      }
      await page.getByRole('status').filter({ hasText: '1 of 4 metrics' }).waitFor();
      assert.deepEqual(problems, []);
    });

    it('tell of a part of a summary what the whole is, and query plain names', async () => {
      const { page } = await openPage(browser(), `${url()}/explore?item=${PART}`, undefined, ANSWERS);
      await page.locator('.detail h2', { hasText: PART }).waitFor();
      assert.match(
        await page.locator('.detail .facts').innerText(),
        /counter\s+Unit\s+seconds\s+Help\s+The total sum of observations for: How long\./,
      );
      const href = await page.getByRole('link', { name: 'Query this' }).getAttribute('href');
      assert.equal(new URL(href!, url()).searchParams.get('g0.expr'), `sum(rate(${PART}[5m]))`);
    });

    for (const [path, state, counts, found] of [
      ['alerts', 'pending', 'all 3 firing 1 pending 2', '2 alerts'],
      ['targets', 'down', 'all 3 up 2 down 1 unknown 0', '1 target'],
    ] as const)
      it(`show ${path} of one state, and the address tells it`, async () => {
        const { page, problems } = await openPage(browser(), `${url()}/${path}`, NARROW, ANSWERS);
        const choice = page.getByRole('group', { name: 'State' });
        await page.locator('.pane-row').nth(2).waitFor();
        assert.equal((await choice.locator('button').allInnerTexts()).join(' '), counts);
        await choice.getByRole('button', { name: state }).click();
        await page.getByRole('status').filter({ hasText: found }).waitFor();
        for (const row of await page.locator('.pane-row').allInnerTexts())
          assert.ok(row.includes(state), row);
        assert.equal(new URL(page.url()).searchParams.get('state'), state);
        assert.ok((await overflow(page)) <= 0);
        assert.deepEqual([await seriousViolations(page), problems], [[], []]);
      });

    it('say that no target is in a state', async () => {
      const { page } = await openPage(browser(), `${url()}/targets?state=unknown`, undefined, ANSWERS);
      await page.getByText('No target is in that state.').waitFor();
    });

    it('have what queries are sorted by in sight where it is narrow', async () => {
      const { page } = await openPage(browser(), `${url()}/queries?sort=samples`, NARROW, ANSWERS);
      const table = page.getByRole('region', { name: 'Queries that cost most' });
      const cell = (await table.locator('td', { hasText: '4,321' }).boundingBox())!;
      assert.ok(cell.x + cell.width <= 360, `it ends at ${cell.x + cell.width}`);
      assert.deepEqual((await table.locator('th').allInnerTexts()).slice(0, 3), ['Query', 'Samples', 'Kind']);
    });

    it('give values no more of a narrow table than they need', async () => {
      const result = [
        { metric: { job: 'node', instance: 'one.example:9100' }, value: [1, '1'] },
        { metric: { job: 'node', instance: 'two.example:9100' }, value: [1, '0'] },
      ];
      const { page } = await openPage(browser(), `${url()}/query?g0.expr=up&g0.tab=table`, NARROW, {
        ...ANSWERS,
        query: { data: { resultType: 'vector', result } },
      });
      const row = page.locator('.grid-row', { hasText: 'one.example' });
      assert.ok((await row.locator('.cell-value').boundingBox())!.width < 80);
      const isCut = await row
        .locator('.cell')
        .first()
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      assert.equal(isCut, false);
    });

    it('tell what the gateway takes and does', async () => {
      const { page } = await openPage(browser(), `${url()}/status`, undefined, ANSWERS);
      await page.locator('.facts', { hasText: 'Queries that run' }).waitFor();
      assert.match(await page.locator('.facts').innerText(), /Memory\s+\d+(\.\d)? MB\s+Queries that run\s+0/);
    });

    it('keep text that runs from right to left from turning a row of the legend around', async () => {
      const metric = { __name__: 'x', a: 'abc \u202Edef', b: 'second', c: 'third' };
      const { page } = await openPage(browser(), `${url()}/query?g0.expr=x&${TIMES}`, undefined, {
        ...ANSWERS,
        query_range: { data: { ...matrix(1), result: [{ metric, values: VALUES }] } },
      });
      const parts = page.locator('.legend .line bdi');
      await parts.filter({ hasText: 'third' }).waitFor();
      assert.deepEqual(await parts.allInnerTexts(), [
        'x',
        'a="abc \u202Edef"',
        ', b="second"',
        ', c="third"',
      ]);
      const lefts = await parts.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left));
      assert.deepEqual(
        lefts,
        lefts.toSorted((a, b) => a - b),
      );
    });
  });
}
