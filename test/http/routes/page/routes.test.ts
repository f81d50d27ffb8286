import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PageFiles } from '../../../../src/http/routes/page/page-files.ts';
import { PAGE_PATHS } from '../../../../src/http/routes/page/routes.ts';
import type { WebPrefix } from '../../../../src/http/prefix.ts';
import { serverOver } from '../../support.ts';

const folder = mkdtempSync(join(tmpdir(), 'promweave-page-'));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'secret.js'), 'secret');
writeFileSync(join(folder, 'assets', 'page-1.js'), 'run()');
writeFileSync(join(folder, 'assets', 'page-1.js.gz'), gzipSync('run()'));
writeFileSync(join(folder, 'assets', 'page-1.js.br'), 'brotli');
writeFileSync(
  join(folder, 'manifest.json'),
  JSON.stringify({ document: '<base href="{base}">', assets: ['page-1.js'], stamp: '' }),
);
after(() => rmSync(folder, { recursive: true }));

const page = new PageFiles(folder);
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the page', () => {
  it('is one document under all its paths, which must be asked for again', async () => {
    const server = serverOver({}, { page });
    for (const url of ['/', ...PAGE_PATHS, '/query?g0.expr=up']) {
      const { statusCode, headers, body } = await server.inject({ url, headers: BROWSER });
      assert.deepEqual([statusCode, body], [200, '<base href="/">'], url);
      assert.deepEqual(
        [headers['content-type'], headers['cache-control']],
        ['text/html; charset=utf-8', 'no-cache'],
      );
      const { etag } = headers;
      const again = await server.inject({ url, headers: { ...BROWSER, 'if-none-match': etag } });
      assert.equal(again.statusCode, 304, url);
    }
  });

  it('is a sentence for tools, and where it was not built', async () => {
    const server = serverOver({}, { page });
    assert.match((await server.inject('/')).body, /^abc: many Prometheus servers as one/);
    assert.match(String((await server.inject('/')).headers['vary']), /Accept/);
    const metrics = async (serves: 'all' | 'queries' | 'administration'): Promise<string | undefined> =>
      /Its own metrics are .*?\. /.exec((await serverOver({}, { serves }).inject('/')).body)?.[0];
    assert.equal(await metrics('all'), 'Its own metrics are under /metrics. ');
    assert.equal(await metrics('administration'), 'Its own metrics are under /metrics. ');
    assert.equal(await metrics('queries'), 'Its own metrics are at its admin address. ');
    const without = serverOver({});
    assert.match((await without.inject({ url: '/', headers: BROWSER })).body, /^abc: many/);
    const { statusCode, body } = await without.inject('/query');
    assert.equal(statusCode, 404);
    assert.match(body, /^The page was not built\. Build it with: npm run build:page\n/);
  });

  it('names the path under which the client finds this server, and nothing that leaves the attribute', async () => {
    const prefix: WebPrefix = { route: '/in', shown: '/out', header: 'x-forwarded-prefix' };
    const server = serverOver({}, { page, prefix });
    const shown = async (headers: Record<string, string>): Promise<string> =>
      (await server.inject({ url: '/in/query', headers: { ...BROWSER, ...headers } })).body;
    assert.equal(await shown({}), '<base href="/out/">');
    assert.equal(await shown({ 'x-forwarded-prefix': '/a&b' }), '<base href="/a&amp;b/">');
    assert.equal(await shown({ 'x-forwarded-prefix': '/"><script>' }), '<base href="/out/">');
    const { headers } = await server.inject({ url: '/in/', headers: BROWSER });
    assert.match(String(headers['vary']), /x-forwarded-prefix/);
  });

  it('runs and asks from this server alone, without text of the document that runs', async () => {
    const server = serverOver({}, { page });
    for (const url of ['/query', '/assets/page-1.js']) {
      const { headers } = await server.inject(url);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /script-src 'self'; style-src 'self'; connect-src 'self'/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
  });
});

describe('a file of the page', () => {
  const server = serverOver({}, { page });

  it('is kept for ever, and sent as it was packed', async () => {
    for (const [accept, coding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0', undefined],
      [undefined, undefined],
    ] as const) {
      const { headers, rawPayload } = await server.inject({
        url: '/assets/page-1.js',
        headers: accept === undefined ? {} : { 'accept-encoding': accept },
      });
      assert.equal(headers['content-encoding'], coding);
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
      assert.equal(headers['vary'], 'Accept-Encoding');
      if (coding === 'gzip') assert.equal(gunzipSync(rawPayload).toString(), 'run()');
      else assert.equal(rawPayload.toString(), coding === 'br' ? 'brotli' : 'run()');
    }
  });

  it('is only what the build wrote', async () => {
    for (const name of ['page-2.js', 'page-1.js.gz', '..%2Fsecret.js', '%2e%2e%2fsecret.js', 'manifest.json'])
      assert.equal((await server.inject(`/assets/${name}`)).statusCode, 404, name);
  });
});
