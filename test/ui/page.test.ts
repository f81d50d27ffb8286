import { after, afterEach, before, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { closePages, startBrowser } from './browsing.ts';
import { answersSuite } from './suites/answers.ts';
import { cardinalitySuite } from './suites/cardinality.ts';
import { completionSuite } from './suites/completion.ts';
import { deliverySuite } from './suites/delivery.ts';
import { demoSuite } from './suites/demo.ts';
import { editorSuite } from './suites/editor.ts';
import { heatmapsSuite } from './suites/heatmaps.ts';
import { hostileSuite } from './suites/hostile.ts';
import { limitsSuite } from './suites/limits.ts';
import { installationSuite } from './suites/installation.ts';
import { manySeriesSuite } from './suites/many-series.ts';
import { refreshSuite } from './suites/refresh.ts';
import { replicasSuite } from './suites/replicas.ts';
import { tenantsSuite } from './suites/tenants.ts';

// All in one process, because each would start a browser of its own.
describe('the page in a browser', { timeout: 290_000 }, () => {
  let started: Browser | undefined;
  const browser = (): Browser => started!;

  before(async () => {
    started = await startBrowser();
  });

  afterEach(async () => closePages(browser()));

  after(async () => started?.close());

  answersSuite(browser);
  cardinalitySuite(browser);
  completionSuite(browser);
  deliverySuite(browser);
  demoSuite(browser);
  editorSuite(browser);
  heatmapsSuite(browser);
  hostileSuite(browser);
  installationSuite(browser);
  limitsSuite(browser);
  manySeriesSuite(browser);
  refreshSuite(browser);
  replicasSuite(browser);
  tenantsSuite(browser);
});
