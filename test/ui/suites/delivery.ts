import assert from 'node:assert/strict';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { answering, NOW, serverOver } from '../../http/support.ts';
import { openPage } from '../browsing.ts';
import { close, listen } from '../listening.ts';
import { NO_FLEET } from './long-answers.ts';

const UNDER = '/tools/prom';

/** A proxy that takes a path off and tells it in a header, as Traefik does. */
async function startProxy(target: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (!path.startsWith(`${UNDER}/`)) {
      response.writeHead(404).end();
      return;
    }
    const headers = { ...request.headers, 'x-forwarded-prefix': UNDER };
    const passed = ask(
      `${target}${path.slice(UNDER.length)}`,
      { method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export function deliverySuite(browser: () => Browser): void {
  describe('the way of the page to a browser', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const samples = [{ labels: labelsFromRecord({ here: 'it is' }), t: NOW, v: 1, h: undefined }];
      server = serverOver(answering({ kind: 'vector', samples }), {
        page: new PageFiles('dist-page'),
        prefix: { route: '', shown: '', header: 'x-forwarded-prefix' },
      });
      url = await listen(server);
    });

    after(async () => close(server));

    it('leads through gzip where a browser knows no other packing', async () => {
      const watched = await openPage(
        browser(),
        `${url}/status`,
        { extraHTTPHeaders: { 'accept-encoding': 'gzip' } },
        NO_FLEET,
      );
      const { page, problems } = watched;
      const packed = new Set<string | undefined>();
      page.on('response', (response) => {
        if (response.url().includes('/assets/')) packed.add(response.headers()['content-encoding']);
      });
      await page.goto(`${url}/query?g0.expr=x&g0.tab=table`);
      await page.locator('.grid-row', { hasText: '1' }).first().waitFor();
      assert.deepEqual([[...packed], problems], [['gzip'], []]);
    });

    it('leads through a proxy that tells under which path it is', async () => {
      const proxy = await startProxy(url);
      try {
        const { page, problems, strangers } = await openPage(
          browser(),
          `${proxy.url}${UNDER}/query?g0.expr=x&g0.tab=table`,
          undefined,
          NO_FLEET,
        );
        await page.locator('.grid-row', { hasText: '1' }).first().waitFor();
        await page.getByRole('link', { name: 'Endpoints', exact: true }).click();
        await page.getByRole('heading', { name: 'Endpoints' }).waitFor();
        assert.equal(new URL(page.url()).pathname, `${UNDER}/endpoints`);
        await page.reload();
        await page.getByRole('heading', { name: 'Endpoints' }).waitFor();
        assert.deepEqual([problems, strangers], [[], []]);
      } finally {
        proxy.server.closeAllConnections();
        proxy.server.close();
      }
    });
  });
}
