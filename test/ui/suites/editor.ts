import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { listsOf, serverOver } from '../../http/support.ts';
import { openPage } from '../browsing.ts';
import { close, listen } from '../listening.ts';

export function editorSuite(browser: () => Browser): void {
  describe('the editor that takes the place of a plain field', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const lists = listsOf({ stores: () => new Map(), coverage: async () => ({ shards: [] }) });
      server = serverOver({ lists }, { page: new PageFiles('dist-page') });
      url = await listen(server);
    });

    after(async () => close(server));

    /** A page with a plain field until the editor is let through. */
    async function plainPage(): Promise<{ readonly page: Page; readonly letThrough: () => Promise<void> }> {
      const held = Promise.withResolvers<undefined>();
      const { page } = await openPage(browser(), 'about:blank');
      await page.route('**/editor-chunk-*.js', async (route) => {
        await held.promise;
        await route.continue();
      });
      await page.goto(`${url}/query`);
      await page.locator('.editor textarea').waitFor();
      const letThrough = async (): Promise<void> => {
        held.resolve(undefined);
        await page.locator('.cm-content').waitFor();
        await page.locator('.editor textarea').waitFor({ state: 'detached' });
      };
      return { page, letThrough };
    }

    const written = async (page: Page): Promise<string> => page.locator('.cm-content').innerText();

    it('takes over what was typed, and the place where the next letter goes', async () => {
      const { page, letThrough } = await plainPage();
      await page.locator('.editor textarea').fill('sum(up)');
      await page.keyboard.press('ArrowLeft');
      await letThrough();
      await page.keyboard.type('{job="x"');
      assert.equal(await written(page), 'sum(up{job="x"})');
    });

    it('takes over what is selected, so that the next letter takes its place', async () => {
      const { page, letThrough } = await plainPage();
      await page.locator('.editor textarea').fill('old');
      await page.keyboard.press('Control+a');
      await letThrough();
      await page.keyboard.type('new');
      assert.equal(await written(page), 'new');
    });

    it('takes no focus that the field did not have', async () => {
      const { page, letThrough } = await plainPage();
      await page.locator('.editor textarea').fill('up');
      await page.getByRole('button', { name: 'Table' }).focus();
      await letThrough();
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'Table');
    });

    it('has the focus as soon as its key was pressed, before the next frame', async () => {
      const { page, letThrough } = await plainPage();
      const focused = async (): Promise<unknown> =>
        page.evaluate('document.activeElement.closest(".editor") !== null');
      await letThrough();
      await page.evaluate('window.requestAnimationFrame = () => 0');
      await page.evaluate('document.activeElement.blur()');
      assert.equal(await focused(), false);
      await page.keyboard.press('/');
      assert.equal(await focused(), true);
    });
  });
}
