import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import { callUnary, gatewayWith, startGrpc } from './support.ts';

const HEALTH = '/grpc.health.v1.Health/Check';
const LABEL_NAMES = '/thanos.Store/LabelNames';

/** Types of frames, and what is sent of them (RFC 9113 §6). */
const [HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY] = [1, 3, 4, 6, 7];
const ACK = 1;
const END_HEADERS = 4;
const CANCEL = Buffer.from([0, 0, 0, 8]);
const NOTHING = Buffer.alloc(0);

function frame(type: number, flags: number, stream: number, payload: Buffer = NOTHING): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function header(name: string, value: string): Buffer {
  const text = [Buffer.from(name), Buffer.from(value)].flatMap((part) => [Buffer.of(part.length), part]);
  return Buffer.concat([Buffer.of(0), ...text]);
}

/** The head of a call whose message does not come. */
function call(stream: number, path: string): Buffer {
  // `:method: POST` and `:scheme: http` of the static table of HPACK.
  const block = [Buffer.of(0x83, 0x86), header(':path', path), header('content-type', 'application/grpc')];
  return frame(HEADERS, END_HEADERS, stream, Buffer.concat(block));
}

/** A server, and a client of it that may do what no library would do. */
async function attacked(t: TestContext, gateway = gatewayWith({})) {
  const running = await startGrpc(gateway);
  t.after(running.close);
  const open = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: Number(running.address.split(':')[1]) });
    t.after(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(SETTINGS, 0, 0)]));
    await once(socket, 'data');
    socket.write(frame(SETTINGS, ACK, 0));
    return socket;
  };
  return { ...running, open };
}

/** The types of frames that come until the server ends the connection. */
async function framesUntilEnd(socket: Socket): Promise<readonly number[]> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await once(socket, 'close');
  const bytes = Buffer.concat(parts);
  const types: number[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) types.push(bytes[at + 3]!);
  return types;
}

describe('a client of gRPC is told to go away', () => {
  it('where it resets one call after the other', async (t) => {
    const { open, client } = await attacked(t);
    const socket = await open();
    const resets = Array.from({ length: 300 }, (_, i) => [
      call(2 * i + 1, HEALTH),
      frame(RST_STREAM, 0, 2 * i + 1, CANCEL),
    ]);
    socket.write(Buffer.concat(resets.flat()));
    assert.ok((await framesUntilEnd(socket)).includes(GOAWAY));
    assert.equal((await callUnary(client, HEALTH, NOTHING)).code, status.OK, 'others go on');
  });

  it('where it opens far more calls than it may', async (t) => {
    const labelNames = (): Promise<never> => new Promise(() => undefined);
    const { open, client } = await attacked(t, gatewayWith({ store: { labelNames } }));
    const socket = await open();
    const calls = Array.from({ length: 300 }, (_, i) => call(2 * i + 1, LABEL_NAMES));
    socket.write(Buffer.concat(calls));
    const types = await framesUntilEnd(socket);
    assert.ok(types.includes(GOAWAY));
    assert.equal((await callUnary(client, HEALTH, NOTHING)).code, status.OK, 'others go on');
  });

  for (const [what, flood] of [
    ['pings', frame(PING, 0, 0, Buffer.alloc(8))],
    ['settings', frame(SETTINGS, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100]))],
  ] as const)
    it(`where it sends ${what} without end and takes no answer`, async (t) => {
      const { open, client } = await attacked(t);
      const socket = (await open()).pause();
      const many = Buffer.concat(Array.from({ length: 2000 }, () => flood));
      while (!socket.closed) {
        socket.write(many);
        await new Promise((wake) => setImmediate(wake));
        assert.ok(socket.bytesWritten < 512 * 1024 ** 2);
      }
      assert.equal((await callUnary(client, HEALTH, NOTHING)).code, status.OK, 'others go on');
    });
});

it('calls that are reset before they begin leave nothing behind', async (t) => {
  let begun = 0;
  const labelNames = (): Promise<never> => {
    begun++;
    return new Promise(() => undefined);
  };
  const { open, client } = await attacked(t, gatewayWith({ store: { labelNames } }));
  const socket = await open();
  const resets = Array.from({ length: 100 }, (_, i) => [
    call(2 * i + 1, LABEL_NAMES),
    frame(RST_STREAM, 0, 2 * i + 1, CANCEL),
  ]);
  socket.write(Buffer.concat(resets.flat()));
  for (let i = 0; i < 5; i++) assert.equal((await callUnary(client, HEALTH, NOTHING)).code, status.OK);
  assert.equal(begun, 0);
});
