import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { STREAMED_TYPE, streamed } from '../../support/fake-prometheus.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import {
  EU_A,
  US_A,
  countByCluster,
  countsOf,
  framesOf,
  gatewayOver,
  seriesOf,
  startReplica,
} from './support.ts';
import { encodeChunkedFrames } from '../../../src/wire/remote-read/streamed.ts';

const WHOLE = framesOf(US_A);
const [FIRST] = [...encodeChunkedFrames(seriesOf(US_A))] as [Uint8Array];
const DAMAGED = Buffer.from(WHOLE);
DAMAGED[DAMAGED.length - 1]! ^= 1;

/** Writes raw bytes behind the head of a chunked answer and closes the connection. */
const brokenEncoding =
  (frames: Uint8Array): FakeHandler =>
  (_, response) => {
    const socket = response.socket as Socket;
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: ${STREAMED_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `${frames.length.toString(16)}\r\n`,
    );
    socket.write(frames);
    socket.end('\r\n');
  };

/** What one endpoint sends, and what the answer says of it: it counts as missing, never as having fewer series. */
const CASES: Readonly<Record<string, readonly [read: FakeHandler, reason: RegExp]>> = {
  'cut in the middle of a frame': [
    streamed(WHOLE.subarray(0, WHOLE.length - 9)),
    /its remote-read answer is damaged: the stream ended after 1 frames and \d+ of \d+ bytes of a frame/,
  ],
  'cut in the head of a frame': [
    streamed(FIRST, WHOLE.subarray(FIRST.length, FIRST.length + 3)),
    /the stream ended after 1 frames and 3 bytes of a frame's head/,
  ],
  'cut between frames, without the end of the transfer encoding': [
    brokenEncoding(FIRST),
    /the connection broke after \d+ bytes of an unfinished answer/,
  ],
  'cut between frames, shorter than its content length': [
    (_, response) => {
      response.writeHead(200, { 'content-type': STREAMED_TYPE, 'content-length': WHOLE.length });
      response.write(FIRST, () => response.destroy());
    },
    /the connection broke after \d+ bytes of an unfinished answer/,
  ],
  'with a wrong checksum': [
    streamed(DAMAGED),
    /its remote-read answer is damaged: frame 2 of \d+ bytes is damaged: its checksum is/,
  ],
  'with an error text behind its frames': [
    streamed(FIRST, Buffer.from('no space left on device\n')),
    /damaged/,
  ],
  'with the connection reset': [
    (_, response) => {
      response.writeHead(200, { 'content-type': STREAMED_TYPE });
      response.write(FIRST, () => (response.socket as Socket).resetAndDestroy());
    },
    /the connection broke after \d+ bytes of an unfinished answer/,
  ],
};

async function ask(t: TestContext, read: FakeHandler) {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
  usA.fault.read = read;
  return countByCluster(gateway);
}

for (const [what, [read, reason]] of Object.entries(CASES))
  test(`a stream ${what} is a failure of its endpoint, never a shorter answer`, async (t) => {
    const answer = await ask(t, read);
    assert.deepEqual(countsOf(answer), { eu: '2' });
    assert.equal(answer.warnings?.length, 1);
    assert.match(answer.warnings[0]!, /^shard \{cluster="us"\} is missing: endpoint http/);
    assert.match(answer.warnings[0]!, reason);
  });

for (const coding of ['identity', 'gzip', 'chunked, gzip', ''])
  test(`so could one with the transfer encoding "${coding}", which ends with its connection as well`, async (t) => {
    const answer = await ask(t, (_, response) => {
      const socket = response.socket as Socket;
      const head = `Content-Type: ${STREAMED_TYPE}\r\nTransfer-Encoding: ${coding}\r\nConnection: close`;
      socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
      socket.end(FIRST);
    });
    assert.deepEqual(countsOf(answer), { eu: '2' });
    assert.match(answer.warnings![0]!, /^shard \{cluster="us"\} is missing/);
  });

test('a stream that ends with its connection could be cut unseen, so it is not used', async (t) => {
  const answer = await ask(t, (_, response) => {
    const socket = response.socket as Socket;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: ${STREAMED_TYPE}\r\nConnection: close\r\n\r\n`);
    socket.end(FIRST);
  });
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.match(answer.warnings![0]!, /it sends streams that end with the connection/);
});
