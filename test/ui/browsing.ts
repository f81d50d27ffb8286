import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const PAGE_MANIFEST = 'dist-page/manifest.json';

/** A page that is watched: what it says on the console, and whom it asks. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console and uncaught ones, without answers of the API that the page shows. */
  readonly problems: readonly string[];
  /** Addresses outside of the server. */
  readonly strangers: readonly string[];
}

/** Starts a browser. Throws a sentence where there is none, or no page. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(PAGE_MANIFEST)) throw new Error('The page was not built: npm run build:page');
  if (!existsSync(CHROMIUM)) throw new Error('There is no chromium: apt-get install chromium');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** Opens a page of a server in a context of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // Long enough for a machine that does much else; nothing waits for it where all is well.
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  const strangers: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message.text(), message.location().url))
      problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && protocol !== 'data:' && protocol !== 'blob:')
      strangers.push(request.url());
  });
  await page.goto(url);
  return { page, problems, strangers };
}

/** The browser logs each status above 399. Those of the API are shown on the page. */
function isAnswer(text: string, url: string): boolean {
  return text.startsWith('Failed to load resource') && url.includes('/api/v1/');
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds that keeps people from using the page, as text. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  // The policy of the page keeps script elements out; what a debugger evaluates is allowed. It takes long, so once a document.
  if (await page.evaluate('typeof axe === "undefined"')) await page.evaluate(axe.source);
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
    );
}

/** How much wider than the window the page is, px. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

/** Goes to another address of the page as a link in it does, without loading the document again. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `window.history.pushState(null, '', ${JSON.stringify(path)}); window.dispatchEvent(new PopStateEvent('popstate'))`,
  );
}
