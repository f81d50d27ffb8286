import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { LookupRequest } from '../../../src/backend/backend.ts';
import { openBudget } from '../../../src/model/budget.ts';
import { freePort } from '../../support/free-port.ts';
import { sendText } from '../../support/fake-server.ts';
import { scopeWith } from '../../support/scopes.ts';
import { NEVER, backendAt, backendFor } from './support.ts';

const ANY: LookupRequest = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };

describe('a sign of life of a server over HTTP', () => {
  for (const status of [200, 404, 503])
    it(`is an answer with status ${status}`, async (t) => {
      const asked: string[] = [];
      const backend = await backendFor(t, ({ path }, response) => {
        asked.push(path);
        sendText(response, status, 'text/plain', 'some text');
      });
      assert.equal(await backend.knock!(NEVER), true);
      assert.deepEqual(asked, ['/-/healthy']);
    });

  it('is a connection that is refused', async (t) => {
    const backend = backendAt(t, `http://127.0.0.1:${await freePort()}`);
    assert.equal(await backend.knock!(NEVER), true);
  });

  it('is none where it takes the connection and says nothing', async (t) => {
    const { url, accepted } = await silentServer(t);
    const backend = backendAt(t, url);
    const ending = new AbortController();
    const knocked = backend.knock!(ending.signal);
    await accepted;
    ending.abort();
    assert.equal(await knocked, false);
  });

  it('is none where a connection is not made in its time', async (t) => {
    const { url } = await silentServer(t);
    // TLS is never spoken, so the connection is never made.
    const backend = backendAt(t, url.replace('http:', 'https:'), { connectTimeoutMs: 20 });
    assert.equal(await backend.knock!(NEVER), false);
  });

  it('comes over a connection of its own, behind no other call', async (t) => {
    const ending = new AbortController();
    const asked = Promise.withResolvers<void>();
    const backend = await backendFor(
      t,
      ({ path }, response) => {
        if (path === '/-/healthy') sendText(response, 200, 'text/plain', 'healthy');
        else asked.resolve();
      },
      { connections: 1 },
    );
    const slow = backend.labelNames(scopeWith({}, ending.signal), ANY);
    await asked.promise;
    assert.equal(await backend.knock!(NEVER), true);
    ending.abort();
    await slow;
  });

  it('is a part of the answer to any other call', async (t) => {
    const [ending, knocking] = [new AbortController(), new AbortController()];
    const [knocked, heard] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const backend = await backendFor(t, async ({ path }, response) => {
      if (path === '/-/healthy') return knocked.resolve();
      await knocked.promise;
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":');
    });
    const budget = openBudget({ take: () => heard.resolve(), give: () => {} }, { bytes: 0, series: 0 });
    const slow = backend.labelNames({ ...scopeWith({}, ending.signal), budget }, ANY);
    const alive = backend.knock!(knocking.signal);
    await heard.promise;
    knocking.abort();
    assert.equal(await alive, true);
    ending.abort();
    await slow;
  });
});

/** Takes connections and says nothing, as a process does that is stopped. */
async function silentServer(
  t: TestContext,
): Promise<{ readonly url: string; readonly accepted: Promise<unknown> }> {
  const server = createServer();
  const accepted = once(server, 'connection');
  server.on('connection', (socket) => t.after(() => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, accepted };
}
