import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from './free-port.ts';

test('a port is given once, and not while somebody listens on it', async (t) => {
  const first = await freePort();
  // The next one in the row is taken by somebody else.
  const other = createServer().listen(first + 1, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const ports = [first, await freePort(), await freePort()];
  assert.equal(new Set([...ports, first + 1]).size, 4, ports.join(' '));
});

test('ports lie below those that the system gives away', async () => {
  const port = await freePort();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const given = server.address();
  server.close();
  assert.ok(typeof given === 'object' && given !== null && port < given.port, `${port}`);
});
