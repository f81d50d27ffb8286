import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Fault } from './fault.ts';
import { FaultProxy } from './fault-proxy.ts';

const ANSWER = Buffer.from('0123456789'.repeat(100));

/** A proxy before a server that treats each connection by `serve`. */
async function before(t: TestContext, serve: (socket: Socket) => void): Promise<FaultProxy> {
  const port = await serving(t, serve);
  const proxy = await FaultProxy.start(port);
  t.after(async () => proxy.close());
  return proxy;
}

async function serving(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** What a client sees that says `ask` on a connection of its own. */
interface Seen {
  readonly bytes: Buffer;
  /** Undefined where the connection ended in order. */
  readonly error: string | undefined;
}

function connectTo(t: TestContext, { port }: FaultProxy): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  t.after(() => socket.destroy());
  return socket;
}

async function seenBy(socket: Socket): Promise<Seen> {
  const parts: Buffer[] = [];
  let error: string | undefined;
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', (thrown: NodeJS.ErrnoException) => (error = thrown.code));
  await new Promise((resolve) => socket.once('close', resolve));
  return { bytes: Buffer.concat(parts), error };
}

async function ask(t: TestContext, proxy: FaultProxy): Promise<Seen> {
  const socket = connectTo(t, proxy);
  const seen = seenBy(socket);
  socket.write('ask');
  return seen;
}

const answerAndEnd = (socket: Socket): void => void socket.once('data', () => socket.end(ANSWER));
const echo = (socket: Socket): void => void socket.pipe(socket);

test('without a fault bytes pass both ways, and so does the end', async (t) => {
  const proxy = await before(t, answerAndEnd);
  assert.deepEqual(await ask(t, proxy), { bytes: ANSWER, error: undefined });
  assert.equal(proxy.accepted, 1);
  await untilTrue(() => proxy.open === 0);
});

test('an answer takes the delay of a slow line both ways', async (t) => {
  const proxy = await before(t, echo);
  await proxy.set({ kind: 'slow', delayMs: 40, bytesPerMs: Infinity });
  const socket = connectTo(t, proxy);
  await once(socket, 'connect');
  const started = performance.now();
  socket.write('ping');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  // Half a millisecond of each delay is taken back, because timers are late.
  assert.ok(performance.now() - started >= 78, `it took ${performance.now() - started} ms`);
  assert.equal(answer.toString(), 'ping');
});

test('bytes take as long as a line is narrow, and arrive whole behind the end of the sender', async (t) => {
  const sent = Buffer.alloc(3_000_000, 'abc');
  const proxy = await before(t, (socket) => socket.end(sent));
  await proxy.set({ kind: 'slow', delayMs: 5, bytesPerMs: 20_000 });
  const started = performance.now();
  const { bytes } = await seenBy(connectTo(t, proxy));
  assert.ok(performance.now() - started >= 140, `it took ${performance.now() - started} ms`);
  assert.ok(bytes.equals(sent));
});

test('what waits on a slow line arrives at once where the fault ends', async (t) => {
  const proxy = await before(t, answerAndEnd);
  await proxy.set({ kind: 'slow', delayMs: 0, bytesPerMs: 0.001 });
  const seen = ask(t, proxy);
  await opened(proxy);
  await proxy.set({ kind: 'none' });
  assert.deepEqual(await seen, { bytes: ANSWER, error: undefined });
});

test('silence holds what is sent until it ends', async (t) => {
  const proxy = await before(t, echo);
  await proxy.set({ kind: 'silent' });
  const socket = connectTo(t, proxy);
  socket.write('ping');
  const isAnswered = once(socket, 'data').then(([part]) => String(part));
  await untilTrue(() => proxy.unanswered === 1);
  assert.equal(await Promise.race([isAnswered, soon('nothing')]), 'nothing');
  await proxy.set({ kind: 'none' });
  assert.equal(await isAnswered, 'ping');
  assert.equal(proxy.unanswered, 0);
});

test('a client that leaves is seen in silence, too', async (t) => {
  const proxy = await before(t, echo);
  await proxy.set({ kind: 'silent' });
  const socket = connectTo(t, proxy);
  socket.write('ping');
  await untilTrue(() => proxy.unanswered === 1);
  socket.destroy();
  await untilTrue(() => proxy.unanswered === 0 && proxy.open === 0);
});

test('attempts to connect are not answered while packets are dropped', async (t) => {
  const proxy = await before(t, echo);
  await proxy.set({ kind: 'dropping' });
  const socket = connectTo(t, proxy);
  const connected = once(socket, 'connect').then(() => 'connected');
  assert.equal(await Promise.race([connected, soon('nothing')]), 'nothing');
  socket.destroy();
  connected.catch(() => {});

  await proxy.set({ kind: 'none' });
  await once(connectTo(t, proxy), 'connect');
});

test('connections are reset and refused where nobody listens, and taken again afterwards', async (t) => {
  const proxy = await before(t, echo);
  const socket = connectTo(t, proxy);
  const seen = seenBy(socket);
  await opened(proxy);
  await proxy.set({ kind: 'refusing' });
  assert.equal((await seen).error, 'ECONNRESET');
  assert.equal((await seenBy(connectTo(t, proxy))).error, 'ECONNREFUSED');
  await proxy.set({ kind: 'none' });
  await once(connectTo(t, proxy), 'connect');
});

for (const [kind, error] of [
  ['resetting', 'ECONNRESET'],
  ['truncating', undefined],
] as const) {
  test(`${kind} breaks an answer off behind its first bytes`, async (t) => {
    const proxy = await before(t, answerAndEnd);
    await proxy.set({ kind, afterBytes: 120 });
    assert.deepEqual(await ask(t, proxy), { bytes: ANSWER.subarray(0, 120), error });
    await proxy.set({ kind, afterBytes: ANSWER.length + 1 });
    assert.deepEqual(await ask(t, proxy), { bytes: ANSWER, error: undefined });
  });
}

test('bytes of an answer are inverted, however they were cut into parts', async (t) => {
  const proxy = await before(t, (socket) =>
    socket.once('data', () => {
      socket.write(ANSWER.subarray(0, 15));
      setImmediate(() => socket.end(ANSWER.subarray(15)));
    }),
  );
  await proxy.set({ kind: 'corrupting', everyBytes: 10 });
  const { bytes } = await ask(t, proxy);
  const expected = Buffer.from(ANSWER);
  for (let i = 9; i < expected.length; i += 10) expected[i]! ^= 0xff;
  assert.ok(bytes.equals(expected));
});

test('another server takes the place of the real one, and connections go back to it', async (t) => {
  const proxy = await before(t, answerAndEnd);
  const other = await serving(t, (socket) => socket.end('other'));
  const instead: Fault = { kind: 'instead', port: other };
  const socket = connectTo(t, proxy);
  const seen = seenBy(socket);
  await opened(proxy);
  await proxy.set(instead);
  assert.equal((await seen).error, 'ECONNRESET');
  assert.equal((await ask(t, proxy)).bytes.toString(), 'other');
  await proxy.set({ kind: 'none' });
  assert.ok((await ask(t, proxy)).bytes.equals(ANSWER));
});

async function opened(proxy: FaultProxy): Promise<void> {
  await untilTrue(() => proxy.open === 1);
}

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function soon<T>(value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), 50));
}
