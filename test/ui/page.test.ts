import { after, afterEach, before, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from './browsing.ts';
import { answersSuite } from './suites/answers.ts';
import { demoSuite } from './suites/demo.ts';
import { hostileSuite } from './suites/hostile.ts';
import { installationSuite } from './suites/installation.ts';
import { manySeriesSuite } from './suites/many-series.ts';
import { tenantsSuite } from './suites/tenants.ts';

// All in one process, because each would start a browser of its own.
describe('the page in a browser', { timeout: 240_000 }, () => {
  let started: Browser | undefined;
  const browser = (): Browser => started!;

  before(async () => {
    started = await startBrowser();
  });

  // A page that stays open goes on asking its server.
  afterEach(async () => {
    await Promise.all(
      browser()
        .contexts()
        .map(async (context) => context.close()),
    );
  });

  after(async () => started?.close());

  answersSuite(browser);
  demoSuite(browser);
  hostileSuite(browser);
  installationSuite(browser);
  manySeriesSuite(browser);
  tenantsSuite(browser);
});
