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

/** What calls of the API are answered with in the place of the server, by their path below `/api/v1/`. */
export type Answers = Readonly<
  Record<
    string,
    {
      readonly data: unknown;
      readonly warnings?: readonly string[];
      readonly infos?: readonly string[];
    }
  >
>;

/**
 * Opens a page of a server: in a context of its own where `options` say how that is to be, and else in the one that tests share, which
 * takes half the time. {@link closePages} makes that one as good as new.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options?: BrowserContextOptions,
  answers: Answers = {},
): Promise<WatchedPage> {
  const watched = options === undefined ? await sharedPage(browser) : await watchedPage(browser, options);
  const { page } = watched;
  watched.begin(new URL(url).origin);
  if (Object.keys(answers).length > 0)
    await page.route('**/api/v1/**', async (route) => {
      const [, path = ''] = new URL(route.request().url()).pathname.split('/api/v1/');
      if (!Object.hasOwn(answers, path)) return route.fallback();
      return route.fulfill({ json: { status: 'success', ...answers[path] } });
    });
  await page.goto(url);
  return watched;
}

/** Ends what a test opened: a page that stays goes on asking its server. What the shared page keeps of the test is forgotten. */
export async function closePages(browser: Browser): Promise<void> {
  const shared = await shareds.get(browser);
  await Promise.all(
    browser
      .contexts()
      .filter((context) => context !== shared?.page.context())
      .map(async (context) => context.close()),
  );
  if (shared === undefined) return;
  const { page } = shared;
  if (page.url().startsWith('http')) await page.evaluate('localStorage.clear()');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.goto('about:blank');
}

interface OpenPage extends WatchedPage {
  /** Forgets what was there before, and hears what concerns this server. */
  readonly begin: (origin: string) => void;
}

const shareds = new WeakMap<Browser, Promise<OpenPage>>();

async function sharedPage(browser: Browser): Promise<OpenPage> {
  const known = shareds.get(browser) ?? watchedPage(browser, {});
  shareds.set(browser, known);
  return known;
}

async function watchedPage(browser: Browser, options: BrowserContextOptions): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // Long enough for a machine that does much else; nothing waits for it where all is well.
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  const strangers: string[] = [];
  let own = '';
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message.text(), message.location().url))
      problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== own && !['data:', 'blob:', 'about:'].includes(protocol)) strangers.push(request.url());
  });
  const begin = (origin: string): void => {
    own = origin;
    problems.length = 0;
    strangers.length = 0;
  };
  return { page, problems, strangers, begin };
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

/** What passes is not worked out in detail, and there are no films whose sound would have to be looked at. */
const AXE_OPTIONS = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
  resultTypes: ['violations'],
  preload: false,
};

/** What axe finds that keeps people from using the page, as text. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  // The policy of the page keeps script elements out; what a debugger evaluates is allowed. It takes long, so once a document.
  if (await page.evaluate('typeof axe === "undefined"')) await page.evaluate(axe.source);
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run(document, ${JSON.stringify(AXE_OPTIONS)}).then(({ violations }) => violations)`,
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
