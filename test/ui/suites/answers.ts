import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import type { StatsJson } from '../../../src/http/api/query.ts';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { QueryError } from '../../../src/model/errors.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Loss } from '../../../src/model/loss.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { answerOf, listsOf, NOW, serverOver } from '../../http/support.ts';
import { until } from '../../support/until.ts';
import { closePages, openPage, seriousViolations, type WatchedPage } from '../browsing.ts';
import { close, listen } from '../listening.ts';
import { fetchedVector } from './long-answers.ts';

const LOST: Loss = {
  kind: 'shard',
  shard: '{shard="<b>eu</b>"}',
  failures: [{ kind: 'timeout', endpoint: 'b:1', reason: 'it hangs' }],
};

/** Queries whose request was canceled. */
const canceled: string[] = [];

/** What `hangs` is never answered, `lost` without a shard, `refused` not at all, and anything else with its text. */
const query: Gateway['query'] = async ({ signal }, { text }) => {
  if (text.startsWith('hangs')) {
    await once(signal, 'abort');
    canceled.push(text);
    throw new QueryError('canceled', 'nobody waits');
  }
  if (text === 'refused') throw new QueryError('execution', 'too many samples');
  const samples = [{ labels: labelsFromRecord({ asked: text }), t: NOW, v: 1, h: undefined }];
  return { answer: answerOf({ kind: 'vector', samples }, text === 'lost' ? [LOST] : []), queuedMs: 0 };
};

/** One is of a bucket with a hostile trace, and one is beyond the graph. */
const exemplars: GatewayLists['exemplars'] = async (_scope, { text }) => ({
  items:
    text === 'up'
      ? [
          {
            labels: labelsFromRecord({ __name__: 'latency_bucket', le: '1' }),
            exemplars: [
              { labels: labelsFromRecord({ trace_id: '<b>7</b>' }), value: 1, t: NOW - 60_000 },
              { labels: labelsFromRecord({ trace_id: 'far' }), value: 1e9, t: NOW - 120_000 },
            ],
          },
        ]
      : [],
  annotations: [],
  hasSelectors: text === 'up',
});

/** Of each range, eight steps were evaluated before. */
const queryRange: Gateway['queryRange'] = async () => {
  const columns = new SampleBuffer();
  columns.push(NOW - 60_000, 1);
  const answer = answerOf({ kind: 'matrix', series: [{ labels: labelsFromRecord({ a: 'b' }), columns }] });
  return { answer: { ...answer, stats: { ...answer.stats, keptSteps: 8 } }, queuedMs: 0 };
};

export function answersSuite(browser: () => Browser): void {
  describe('answers on the page', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const lists = listsOf({ exemplars, stores: () => new Map(), coverage: async () => ({ shards: [] }) });
      server = serverOver({ query, queryRange, lists }, { page: new PageFiles('dist-page') });
      url = await listen(server);
    });

    after(async () => close(server));

    async function opened(expr: string): Promise<WatchedPage> {
      return openPage(browser(), `${url}/query?g0.expr=${expr}&g0.tab=table`);
    }

    async function ask({ page }: WatchedPage, expr: string): Promise<void> {
      await page.getByLabel('Query of panel 1').last().fill(expr);
      await page.getByRole('button', { name: 'Run' }).click();
    }

    it('say above all what they lack', async () => {
      const { page } = await opened('lost');
      await page.locator('.badge', { hasText: 'missing' }).waitFor();
      const notice = page.getByRole('alert');
      assert.match(await notice.innerText(), /shard \{shard="<b>eu<\/b>"\} is missing: .*it hangs/);
    });

    it('stay while the next one loads, and are told as old ones where somebody canceled that', async () => {
      const watched = await opened('first');
      const { page } = watched;
      await page.locator('.grid-row', { hasText: 'first' }).waitFor();
      await ask(watched, 'hangs');
      await page.getByRole('button', { name: 'Cancel' }).waitFor();
      assert.ok(await page.locator('.stale .grid-row', { hasText: 'first' }).isVisible());
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Canceled. This is the answer before.').waitFor();
      assert.ok(await page.locator('.outdated .grid-row', { hasText: 'first' }).isVisible());
      assert.deepEqual(await seriousViolations(page), []);
      await ask(watched, 'second');
      await page.locator('.grid-row', { hasText: 'second' }).waitFor();
      await page.locator('.stale, .outdated, .canceled').first().waitFor({ state: 'detached' });
    });

    it('let nothing move that is pressed while one waits for them', async () => {
      const watched = await opened('first');
      const { page } = watched;
      await page.locator('.grid-row', { hasText: 'first' }).waitFor();
      const places = async (): Promise<unknown> =>
        page.evaluate(
          `[...document.querySelectorAll('.controls button, .grid-row')].map((each) => each.getBoundingClientRect().top)`,
        );
      const before = await places();
      const { search } = new URL(page.url());
      await ask(watched, 'hangs_twice');
      await page.waitForURL((address) => address.search !== search);
      const asked = page.url();
      const cancel = page.getByRole('button', { name: 'Cancel' });
      await cancel.waitFor();
      assert.deepEqual(await places(), before);
      await cancel.dblclick();
      await page.getByText('Canceled.').waitFor();
      assert.equal(page.url(), asked);
    });

    it('are not of a query that is typed and not run yet, which the button tells', async () => {
      const watched = await opened('first');
      const { page } = watched;
      await page.locator('.grid-row', { hasText: 'first' }).waitFor();
      const unrun = page.getByRole('button', { name: 'Run (not run yet)' });
      assert.equal(await unrun.count(), 0);
      await page.getByLabel('Query of panel 1').last().fill('second');
      await unrun.waitFor();
      assert.match((await unrun.getAttribute('title')) ?? '', /^Not run yet/);
      assert.deepEqual(await seriousViolations(page), []);
      await unrun.click();
      await page.locator('.grid-row', { hasText: 'second' }).waitFor();
      await unrun.waitFor({ state: 'detached' });
    });

    it('that are superseded are not worked on any more', async () => {
      const watched = await opened('hangs_too');
      await watched.page.getByRole('button', { name: 'Cancel' }).waitFor();
      await ask(watched, 'second');
      await watched.page.locator('.grid-row', { hasText: 'second' }).waitFor();
      await until('the request is canceled', 5000, async () => canceled.includes('hangs_too'));
    });

    it('tell how much of them was kept', async () => {
      const { page } = await openPage(
        browser(),
        `${url}/query?g0.expr=up&g0.range_input=10m&g0.step_input=1m`,
      );
      await page.locator('.stats-line', { hasText: /8 of 11 steps were kept/ }).waitFor();
    });

    it('tell how much was read for them, and of how many endpoints', async () => {
      const told = async (fetched: StatsJson['fetched']): Promise<string> => {
        const query = { data: fetchedVector(fetched) };
        const { page } = await openPage(browser(), `${url}/query?g0.expr=up&g0.tab=table`, undefined, {
          query,
        });
        const text = await page.locator('.stats-line').innerText();
        await closePages(browser());
        // How long it took is another matter.
        return text.replace(/ · [\d.]+ ms \(.*$/, '');
      };
      const asked = { bytes: 1_234_567, calls: 9, endpoints: 4 };
      const read = '2 series · 1 sample · 1.23 MB';
      assert.equal(await told({ ...asked, answeredEndpoints: 4 }), `${read} of 4 endpoints`);
      assert.equal(await told({ ...asked, answeredEndpoints: 3 }), `${read} of 3 of 4 endpoints`);
      assert.equal(await told({ bytes: 1_234_567 }), read);
      const nothing = { bytes: 0, calls: 0, endpoints: 0, answeredEndpoints: 0 };
      assert.equal(await told(nothing), '2 series · 1 sample');
    });

    it('have exemplars as points, which open to their labels', async () => {
      const { page, problems } = await openPage(
        browser(),
        `${url}/query?g0.expr=up&g0.range_input=10m&g0.step_input=1m&g0.end_input=${NOW / 1000}`,
      );
      await page.locator('.graph .u-over').waitFor();
      assert.equal(await page.locator('.exemplar').count(), 0);
      await page.getByRole('button', { name: 'Exemplars' }).click();
      await page.getByText('2 exemplars').waitFor();
      assert.equal(await page.locator('.exemplar').count(), 2);
      const tops = await page.evaluate<readonly number[]>(
        `[...document.querySelectorAll('.exemplar')].map((each) => Math.round(each.getBoundingClientRect().top - document.querySelector('.u-over').getBoundingClientRect().top))`,
      );
      // One lies on the line, which is in the middle, and the other at the upper edge.
      assert.ok(tops[0]! > 100 && tops[0]! < 180 && Math.abs(tops[1]!) < 10, tops.join(', '));
      assert.equal(new URL(page.url()).searchParams.get('g0.show_exemplars'), '1');
      assert.deepEqual(await seriousViolations(page), []);
      await page.getByRole('button', { name: 'Exemplar: 1 at' }).press('Enter');
      const said = await page.getByRole('region', { name: 'An exemplar' }).innerText();
      assert.match(said, /^1\s+at [^]*trace_id="<b>7<\/b>"[^]*latency_bucket\{le="1"\}/);
      await page.getByRole('button', { name: 'Exemplar: 1000000000 at' }).click();
      await page.getByRole('region', { name: 'An exemplar' }).filter({ hasText: 'far' }).waitFor();
      assert.deepEqual(problems, []);
    });

    it('of a query that selects nothing have no exemplars, which is said', async () => {
      const { page } = await openPage(browser(), `${url}/query?g0.expr=none&g0.show_exemplars=1`);
      await page.getByText('The series of this query have no exemplars in this range.').waitFor();
    });

    it('of the admin address are said to be there', async () => {
      const queries = serverOver({}, { serves: 'queries', page: new PageFiles('dist-page') });
      try {
        // The page asks several things at once, and tells of the one that fails first: what is told to all does not fail.
        const told = { data: {} };
        const toAll = { 'status/buildinfo': told, 'status/runtimeinfo': told, features: told };
        const { page, problems } = await openPage(
          browser(),
          `${await listen(queries)}/status`,
          undefined,
          toAll,
        );
        assert.match(
          await page.getByRole('alert').innerText(),
          /It is not here\. .* served at its admin address alone \(--web\.admin-address\)/,
        );
        await page.locator('.health', { hasText: 'health is told at the admin address' }).waitFor();
        assert.deepEqual(problems, []);
      } finally {
        await close(queries);
      }
    });

    it('that are refused are a sentence in their place', async () => {
      const { page } = await opened('refused');
      assert.match(await page.getByRole('alert').innerText(), /The query failed\. .*too many samples/);
    });
  });
}
