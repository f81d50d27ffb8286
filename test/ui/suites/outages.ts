import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { StatsJson } from '../../../src/http/api/query.ts';
import { openPage, overflow, seriousViolations, type Answers } from '../browsing.ts';
import { pageAlone } from '../listening.ts';
import { completeVector } from './long-answers.ts';
import { holes, idOf, installation, OUTAGE } from './outage-answers.ts';

const FLEET: Answers = {
  stores: { data: OUTAGE.stores },
  'status/coverage': { data: OUTAGE.coverage },
};

const [A, B] = [idOf('eu', 'a'), idOf('eu', 'b')];
const FAILED = `in shard {shard="eu"} endpoint ${A} did not answer: connection refused`;
const AWAY = `its replica ${B} was away itself from 2026-11-22T12:10:00.791Z to 2026-11-22T12:12:00.192Z`;

function answered(state: StatsJson['completeness']['state']): Answers {
  const isMissing = state === 'missing';
  return {
    ...FLEET,
    query: {
      data: completeVector({ state, warnings: isMissing ? 1 : 0 }),
      ...(isMissing
        ? { warnings: [`${FAILED}; ${AWAY}`] }
        : { infos: [`${FAILED}; nothing is missing, its replica ${B} answered`] }),
    },
  };
}

export function outagesSuite(browser: () => Browser): void {
  describe('an outage of what a replica alone has', () => {
    const url = pageAlone();
    const table = (): string => `${url()}/query?g0.expr=up&g0.tab=table`;

    it('is missing in the bar and on Endpoints alike', async () => {
      const { page, problems } = await openPage(
        browser(),
        `${url()}/endpoints?state=missing`,
        undefined,
        FLEET,
      );
      await page.locator('.health', { hasText: '1 shard whole · 1 missing · 1 endpoint down' }).waitFor();
      const shard = page.locator('.shard');
      await shard.waitFor();
      assert.match(await shard.innerText(), /^missing\s+\{cluster="demo", shard="eu"\}/);
      assert.deepEqual(await shard.locator('.replica-loss').allInnerTexts(), [
        'a is down since 2026-11-22 12:30:00; 9 targets lack samples, 2026-11-22 12:10:00 – 12:12:00',
        'losing b: nothing is lost',
      ]);
      assert.deepEqual([await seriousViolations(page), problems], [[], []]);
    });

    it('is told as long and as often as it was', async () => {
      const twice = {
        lostWithIt: holes([
          [10, 12],
          [30, 32],
        ]),
      };
      const oftener = { lostWithIt: { ...twice.lostWithIt, notShown: 5 } };
      const { stores, coverage } = installation({
        down: { a: { isDown: true, coverage: twice }, b: { isDown: true } },
        often: { a: { coverage: twice }, b: { coverage: oftener } },
        patched: { a: { isDown: true }, b: {} },
      });
      const answers = { stores: { data: stores }, 'status/coverage': { data: coverage } };
      const { page } = await openPage(browser(), `${url()}/endpoints`, undefined, answers);
      await page.locator('.shard').nth(2).waitFor();
      assert.match(
        await page.locator('.shard').first().innerText(),
        /^down[^]*all of it is missing since 2026-11-22 12:30:00/,
      );
      const since = 'is down since 2026-11-22 12:30:00;';
      assert.deepEqual(await page.locator('.replica-loss').allInnerTexts(), [
        `a ${since} all of the shard is missing`,
        `b ${since} all of the shard is missing`,
        `a ${since} nothing is missing`,
        'losing b: nothing is lost',
        'losing a: 9 targets lack samples at 2 times, last 2026-11-22 12:30:00 – 12:32:00',
        'losing b: 9 targets lack samples at more than 2 times, last 2026-11-22 12:30:00 – 12:32:00',
      ]);
    });

    it('is told in a narrow window, too', async () => {
      const { page } = await openPage(
        browser(),
        `${url()}/endpoints`,
        { viewport: { width: 360, height: 740 } },
        FLEET,
      );
      await page.clock.setFixedTime('2026-11-22T14:00:00Z');
      await page.locator('.replica-line').first().click();
      const details = page.locator('.details', { hasText: 'Down since' });
      assert.match(
        await details.innerText(),
        /Down since\s+2026-11-22 12:30:00\s+Missing\s+9 targets lack samples, 12:10:00 – 12:12:00/,
      );
      await page.locator('.replica-line').nth(1).click();
      await page.locator('.details', { hasText: /If lost\s*nothing is lost/ }).waitFor();
      assert.equal(await overflow(page), 0);
    });

    it('stands above a result with names and times as elsewhere', async () => {
      const { page, problems } = await openPage(
        browser(),
        table(),
        { timezoneId: 'Asia/Tokyo' },
        answered('missing'),
      );
      await page.getByRole('button', { name: 'UTC' }).click();
      const named = page.getByRole('alert').filter({ hasText: 'eu/a (down since 2026-11-22 21:30:00)' });
      assert.match(
        await named.innerText(),
        /its replica eu\/b was away itself from 2026-11-22 21:10:00 to 2026-11-22 21:12:00$/,
      );
      assert.equal(await named.locator('bdi').last().getAttribute('title'), B);
      assert.deepEqual([await seriousViolations(page), problems], [[], []]);
    });

    it('says beside a patched result who is down, and since when', async () => {
      const { page } = await openPage(browser(), table(), undefined, answered('patched'));
      const badge = page.locator('.badge', { hasText: 'eu/a (down since 2026-11-22 12:30:00)' });
      assert.match(await badge.innerText(), /nothing is missing, its replica eu\/b answered$/);
    });

    it('has strips on one axis, whose colours are told once', async () => {
      const { page } = await openPage(browser(), `${url()}/endpoints`, undefined, FLEET);
      const key = page.locator('.strip-key');
      await key.waitFor();
      assert.match(
        await key.innerText(),
        /^2026-11-22 11:00:00 – 2026-11-22 13:00:00\s+scraped\s+did not scrape\s+could not scrape\s+had nothing, or not known$/,
      );
    });
  });
}
