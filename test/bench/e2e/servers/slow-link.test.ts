import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { startSlowLink, type LinkOptions } from './slow-link.ts';

/** A link before a server that treats each connection by `serve`; gives a connection through the link. */
async function through(
  t: TestContext,
  options: LinkOptions,
  serve: (socket: Socket) => void,
): Promise<Socket> {
  const server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await startSlowLink((server.address() as AddressInfo).port, options);
  t.after(async () => {
    await link.close();
    server.close();
  });
  const socket = connect({ port: Number(new URL(link.url).port), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

test('an answer takes the delay both ways', async (t) => {
  const socket = await through(t, { delayMs: 40, bytesPerMs: 1e6 }, (peer) => peer.pipe(peer));
  const started = performance.now();
  socket.write('ping');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  // Half a millisecond of each delay is taken back, because timers are late.
  assert.ok(performance.now() - started >= 78, `it took ${performance.now() - started} ms`);
  assert.equal(answer.toString(), 'ping');
  socket.destroy();
});

test('bytes take as long as the line is narrow, and arrive whole behind the end of the sender', async (t) => {
  const sent = Buffer.alloc(3_000_000, 'abc');
  const socket = await through(t, { delayMs: 5, bytesPerMs: 20_000 }, (peer) => peer.end(sent));
  const started = performance.now();
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  assert.ok(performance.now() - started >= 140, `it took ${performance.now() - started} ms`);
  assert.ok(Buffer.concat(parts).equals(sent));
});
