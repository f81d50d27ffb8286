import { after, afterEach, before, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { closePages, startBrowser } from './browsing.ts';

/** Tests of the page. They ask for the browser once they run. */
export type Suite = (browser: () => Browser) => void;

/** Four times what the suites of a file take on two cores that do nothing else. */
const MOST_MS = 290_000;

/** Runs suites one after the other in a browser that they share: to start one takes longer than many a test. */
export function inBrowser(what: string, suites: readonly Suite[]): void {
  describe(what, { timeout: MOST_MS }, () => {
    let started: Browser | undefined;

    before(async () => {
      started = await startBrowser();
    });

    afterEach(async () => closePages(started!));

    after(async () => started?.close());

    for (const suite of suites) suite(() => started!);
  });
}
