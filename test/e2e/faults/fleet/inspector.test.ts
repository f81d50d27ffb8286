import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { heapOf } from './inspector.ts';

describe('the heap of a process', () => {
  it('is not waited for without end where its inspector says nothing', async (t) => {
    const output = await inspectorOf(t, () => {});
    await assert.rejects(heapOf({ output }, 50), /the inspector did not answer within 50 ms; .*Debugger/s);
  });

  it('is not waited for where the process has ended', async (t) => {
    const output = await inspectorOf(t, (socket) => socket.destroy());
    await assert.rejects(heapOf({ output }), /the inspector closed its connection, or refused it/);
  });
});

/** What a process prints whose inspector does something with each connection. */
async function inspectorOf(t: TestContext, accept: (socket: Socket) => void): Promise<() => string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    accept(socket);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return () => `Debugger listening on ws://127.0.0.1:${port}/id`;
}
