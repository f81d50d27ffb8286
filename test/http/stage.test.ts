import assert from 'node:assert/strict';
import { Agent, get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import type { ServerStage } from '../../src/http/stage.ts';
import { listening } from './support.ts';

/** The headers of an answer to a client that would like to keep its connection. */
async function headersOf(port: number, agent: Agent): Promise<IncomingMessage['headers']> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/-/healthy', agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.headers));
    }).once('error', reject);
  });
}

test('connections stay open, until the server drains: then each ends behind its next answer', async (t) => {
  let isDraining = false;
  const stage: ServerStage = {
    obstacle: () => undefined,
    trouble: () => undefined,
    isDraining: () => isDraining,
  };
  const port = await listening(t, {}, { stage });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await headersOf(port, agent))['connection'], 'keep-alive');
  isDraining = true;
  assert.equal((await headersOf(port, agent))['connection'], 'close');
});
