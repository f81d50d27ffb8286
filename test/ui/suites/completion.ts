import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import { bestNames } from '../../../src/gateway/search/best-names.ts';
import type { NameSearch } from '../../../src/gateway/search/find-names.ts';
import { nameFilter } from '../../../src/gateway/search/name-filter.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { QueryError } from '../../../src/model/errors.ts';
import { Pacer } from '../../../src/model/pacer.ts';
import { listsOf, serverOver } from '../../http/support.ts';
import { openPage } from '../browsing.ts';
import { close, listen } from '../listening.ts';

const SCRIPT = '<script>window.hacked = 1</script>';
const RIGHT_TO_LEFT = 'abc \u202E\u05D0\u05D1\u05D2';
const LONG = `long_${'x'.repeat(10_000)}`;

/** A hundred times as many as the page asks for. How long the search in more of them takes is a matter of the gateway's own tests. */
const METRICS = [
  ...Array.from({ length: 10_000 }, (_, i) => `metric_${String(i).padStart(5, '0')}_total`),
  'http_requests_total',
  'http_responses_total',
  '__proto__',
  SCRIPT,
  RIGHT_TO_LEFT,
  LONG,
  `quotes "'\`\\`,
].toSorted();
const LABELS = ['constructor', 'instance', 'job', SCRIPT];
const VALUES = ['a+b', 'host-1:9090', 'host-2:9090', `"'\`\\`, RIGHT_TO_LEFT];

const metadata: GatewayLists['metadata'] = async (_scope, { metric }) => ({
  metrics: new Map([[metric, [{ metric, type: 'counter', help: 'Requests that were served.', unit: '' }]]]),
  annotations: [],
});

export function completionSuite(browser: () => Browser): void {
  describe('completion of what is typed', () => {
    let server: FastifyInstance;
    let url: string;
    let searches: NameSearch[];
    let isBroken: boolean;

    const searchNames: Gateway['searchNames'] = async (scope, search) => {
      searches.push(search);
      if (isBroken) throw new QueryError('unavailable', 'no endpoint answers');
      const { label, pattern, order, limit, among } = search;
      if (among.selectors.includes('{job=""}'))
        throw new QueryError('bad_data', 'match[] must contain at least one non-empty matcher');
      const names = label === undefined ? LABELS : label === '__name__' ? METRICS : VALUES;
      const best = await bestNames(names, nameFilter(pattern), order, limit, new Pacer(scope));
      return { ...best, metadata: new Map(), annotations: [] };
    };

    before(async () => {
      const lists = listsOf({ stores: () => new Map(), coverage: async () => ({ shards: [] }), metadata });
      server = serverOver({ searchNames, lists }, { page: new PageFiles('dist-page') });
      url = await listen(server);
    });

    beforeEach(() => {
      searches = [];
      isBroken = false;
    });

    after(async () => close(server));

    /** A page in whose editor this was typed, and the addresses that it asked since. */
    async function typed(text: string): Promise<{
      readonly page: Page;
      readonly problems: readonly string[];
      readonly asked: readonly string[];
    }> {
      const { page, problems } = await openPage(browser(), `${url}/query`);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.locator('.cm-content').click();
      await page.keyboard.type(text);
      return { page, problems, asked };
    }

    const options = (page: Page): Locator => page.locator('.cm-tooltip-autocomplete li');
    const option = (page: Page, text: string): Locator => options(page).filter({ hasText: text }).first();
    const written = async (page: Page): Promise<string> =>
      (await page.locator('.cm-line').allTextContents()).join('\n');
    const choose = async (page: Page, text: string): Promise<string> => {
      await option(page, text).click();
      return written(page);
    };

    it('finds one of very many metrics by a part of its name, and asks for few of them', async () => {
      const { page, problems, asked } = await typed('_05012');
      await option(page, 'metric_05012_total').waitFor();
      assert.ok((await options(page).count()) <= 100);
      const calls = asked.filter((each) => /api\/v1\/(?:label|search|series)/.test(each));
      for (const call of calls) assert.match(call, /search\/metric_names\?.*limit=100&/);
      assert.deepEqual(
        searches.map(({ limit }) => limit),
        searches.map(() => 100),
      );
      assert.ok(searches.length > 0);
      assert.equal(await choose(page, 'metric_05012_total'), 'metric_05012_total');
      assert.deepEqual(problems, []);
    });

    it('finds a metric by letters that stand in it in their order', async () => {
      const { page } = await typed('htprqtot');
      assert.equal(await choose(page, 'http_requests_total'), 'http_requests_total');
    });

    it('tells type and help of the metric that is chosen', async () => {
      const { page } = await typed('http_req');
      await page
        .locator('.cm-completionInfo', { hasText: 'counter: Requests that were served.' })
        .waitFor({ state: 'attached' });
    });

    it('has functions beside metrics, also where the search fails', async () => {
      isBroken = true;
      const { page, problems } = await typed('histogram_quan');
      assert.equal(await choose(page, 'histogram_quantile'), 'histogram_quantile');
      assert.ok(searches.length > 0);
      assert.deepEqual(problems, []);
    });

    it('looks in a list that is whole by itself, and asks again where it was cut', async () => {
      const { page } = await typed('http_re');
      await option(page, 'http_responses_total').waitFor();
      const before = searches.length;
      await page.keyboard.type('q');
      await option(page, 'http_responses_total').waitFor({ state: 'detached' });
      await option(page, 'http_requests_total').waitFor();
      assert.equal(searches.length, before);
      await page.locator('.cm-content').fill('');
      await page.keyboard.type('metric_09');
      await option(page, 'metric_09000_total').waitFor();
      await page.keyboard.type('999');
      await option(page, 'metric_09999_total').waitFor();
    });

    it('leaves Enter to the query where no word is begun', async () => {
      const { page } = await openPage(browser(), 'about:blank', {});
      await page.clock.install();
      for (const text of [
        'rate(http_requests_total[5m])',
        'sum by (job) (up)',
        'count(up)',
        'up{job="x"}',
        'up ',
        'vector(5)',
        'up > 5',
      ]) {
        await page.goto(`${url}/query`);
        await page.locator('.cm-content').click();
        await page.keyboard.type(text);
        await page.clock.runFor(1000);
        assert.equal(await options(page).count(), 0, text);
        await page.keyboard.press('Enter');
        await page.waitForURL((address) => address.searchParams.get('g0.expr') === text);
        assert.equal(await written(page), text);
      }
    });

    it('has a list of what may follow where somebody asks for it', async () => {
      const { page } = await typed('sum(up)');
      await page.keyboard.press('Control+Space');
      await option(page, 'unless').waitFor();
    });

    it('leaves Enter to the query where the word that is chosen was typed', async () => {
      const { page } = await typed('http_requests_total');
      // A list takes keys once it was open for a moment, and help comes later.
      const help = page.locator('.cm-completionInfo', { hasText: 'counter: ' });
      await help.waitFor({ state: 'attached' });
      await page.keyboard.press('Enter');
      await page.waitForURL((address) => address.searchParams.get('g0.expr') === 'http_requests_total');
      await page.locator('.cm-content').fill('');
      await page.keyboard.type('http_requests_tota');
      await help.waitFor({ state: 'attached' });
      await page.keyboard.press('Enter');
      await options(page).first().waitFor({ state: 'detached' });
      assert.equal(await written(page), 'http_requests_total');
    });

    it('tells what functions and metrics do that the pointer is on', async () => {
      const { page } = await typed('sum(rate(http_requests_total[5m]))');
      const lineStart = (await page.locator('.cm-line').boundingBox())!;
      const help = page.locator('.cm-tooltip-hover');
      // px of a letter in this font.
      const letter = (await page.locator('.cm-line > span').first().boundingBox())!.width / 'sum'.length;
      for (const [column, text] of [
        [1, 'aggregation: Calculate sum over dimensions'],
        [6, 'function: Calculate per-second increase over a range vector (for counters)'],
        [12, 'counter: Requests that were served.'],
      ] as const) {
        await page.mouse.move(lineStart.x + 12 + letter * (column + 0.5), lineStart.y + 10, { steps: 3 });
        await help.filter({ hasText: text }).waitFor();
      }
    });

    it('completes names and values of labels among what is selected already', async () => {
      const { page } = await typed('up{job="x", ins');
      await option(page, 'instance').waitFor();
      assert.deepEqual(searches.at(-1)?.among.selectors, ['up{job="x"}']);
      assert.equal(await choose(page, 'instance'), 'up{job="x", instance}');
      await page.keyboard.type('="h2');
      await option(page, 'host-2:9090').waitFor();
      const last = searches.at(-1);
      assert.deepEqual(
        [last?.label, last?.among.selectors, last?.pattern.terms],
        ['instance', ['up{job="x"}'], ['h2']],
      );
      assert.equal(await choose(page, 'host-2:9090'), 'up{job="x", instance="host-2:9090"}');
    });

    it('completes the labels that a sum is by', async () => {
      const { page } = await typed('sum(up{job="x"}) by (con');
      assert.equal(await choose(page, 'constructor'), 'sum(up{job="x"}) by (constructor)');
      assert.deepEqual(searches.at(-1)?.among.selectors, ['up{job="x"}']);
    });

    it('completes where what is selected already is refused', async () => {
      const { page } = await typed('{job="", instance="ho');
      await option(page, 'host-1:9090').waitFor();
      assert.deepEqual(searches.at(-1)?.among.selectors, []);
    });

    it('writes and shows names that would do harm as texts', async () => {
      const { page, problems } = await typed('');
      for (const [text, name, becomes] of [
        ['script', SCRIPT, `{"${SCRIPT}"}`],
        ['{"quot', 'quotes', `{"quotes \\"'\`\\\\"}`],
        ['abc', 'abc', '{"abc \\u202e\u05D0\u05D1\u05D2"}'],
        ['long_', 'long_', LONG],
        ['__pr', '__proto__', '__proto__'],
        ['up{scri', SCRIPT, `up{"${SCRIPT}"}`],
        ['up{job="', `"'\``, 'up{job="\\"\'`\\\\"}'],
        ['up{job=~"a', 'a+b', 'up{job=~"a\\\\+b"}'],
      ] as const) {
        await page.locator('.cm-content').fill('');
        await page.keyboard.type(text);
        await option(page, name).waitFor();
        const { length } = await option(page, name).innerText();
        assert.ok(length <= 201, `${name} is shown by ${length} characters`);
        assert.equal(await choose(page, name), becomes);
      }
      assert.equal(await page.evaluate('window.hacked'), undefined);
      assert.deepEqual(problems, []);
    });
  });
}
