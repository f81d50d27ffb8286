import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { answering, listsOf, NOW, serverOver } from '../../http/support.ts';
import { follow, openPage, overflow, seriousViolations } from '../browsing.ts';
import { close, listen } from '../listening.ts';
import { HOSTILE_ROOMS, hostileAnswers } from './hostile-answers.ts';

const SCRIPT = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">';
const HOSTILE = {
  __name__: SCRIPT,
  quotes: `"'\`\\ \${1} {{x}}`,
  right_to_left: 'abc \u202E\u05D0\u05D1\u05D2 \u2067def',
  long: 'x'.repeat(10_000),
  ['__proto__']: 'proto',
  constructor: 'built',
  'a label with <b>spaces</b>': 'javascript:alert(1)',
};

export function hostileSuite(browser: () => Browser): void {
  describe('names that would do harm', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const labels = labelsFromRecord({ ...HOSTILE, ['__proto__']: 'proto' });
      const samples = [
        { labels, t: NOW, v: 42 },
        { labels: labelsFromRecord({ other: SCRIPT }), t: NOW, v: 1 },
      ];
      const lists = listsOf({
        stores: () => new Map(),
        coverage: async () => ({ shards: [] }),
      });
      server = serverOver(
        { ...answering({ kind: 'vector', samples } as never), lists },
        { page: new PageFiles('dist-page'), prefix: { route: '/under', shown: '/under' } },
      );
      url = `${await listen(server)}/under`;
    });

    after(async () => close(server));

    it('are text in a table, under a prefix too', async () => {
      const { page, problems, strangers } = await openPage(browser(), `${url}/query?g0.expr=x&g0.tab=table`);
      await page.locator('.grid-row', { hasText: '42' }).waitFor();
      const text = await page.locator('.grid-table').innerText();
      for (const part of ['__proto__', 'proto', 'constructor', 'built', SCRIPT, 'javascript:alert(1)'])
        assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 2000)}`);
      assert.equal(await page.evaluate('window.hacked'), undefined);
      assert.ok((await overflow(page)) <= 0);
      assert.deepEqual(await seriousViolations(page), []);
      for (const name of ['proto', 'long', 'value'])
        await page.locator('.grid-head button', { hasText: name }).first().click();
      assert.deepEqual([problems, strangers], [[], []]);
    });

    it('are text in every room', async () => {
      const { page, problems, strangers } = await openPage(
        browser(),
        `${url}/rules`,
        { viewport: { width: 360, height: 800 } },
        hostileAnswers({ ...HOSTILE, ['__proto__']: 'proto' }),
      );
      for (const [path, shown] of HOSTILE_ROOMS) {
        await follow(page, `/under/${path}`);
        await page.locator(shown).filter({ hasText: '<script>' }).first().waitFor();
        assert.equal(await page.evaluate('window.hacked'), undefined, path);
        assert.ok((await overflow(page)) <= 0, `${path} is too wide by ${await overflow(page)} px`);
      }
      assert.deepEqual([problems, strangers], [[], []]);
    });

    it('are text in the address', async () => {
      const query = encodeURIComponent(`${SCRIPT}"'`);
      const { page, problems } = await openPage(
        browser(),
        `${url}/query?g0.expr=${query}&g0.tab=${query}&x=${query}`,
      );
      await page.locator('.panel').waitFor();
      assert.equal(await page.evaluate('window.hacked'), undefined);
      assert.deepEqual(problems, []);
    });
  });
}
