import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sendFrames } from '../../src/grpc/send-frames.ts';

/** A stream of the library, which holds 16 messages; it takes one at each call of `take`. */
function slowStream() {
  const waiting: (() => void)[] = [];
  const target = new Writable({
    objectMode: true,
    write: (_frame, _encoding, done) => {
      waiting.push(done);
    },
  });
  const take = (): void => waiting.shift()?.();
  return { target, take };
}

/** Counts the frames that were made while the reader took none. */
async function madeAhead(bytes: number): Promise<number> {
  const { target, take } = slowStream();
  const count = { made: 0 };
  async function* frames(): AsyncGenerator<Uint8Array> {
    for (; count.made < 40; count.made++) yield new Uint8Array(bytes);
  }
  const sent = sendFrames(target, frames(), new AbortController());
  for (let turns = 0; turns < 50; turns++) await nextTurn();
  const ahead = count.made;
  while (count.made < 40) {
    take();
    await nextTurn();
  }
  for (let frame = 0; frame < 40; frame++) take();
  await sent;
  return ahead;
}

test('a slow reader holds back small frames once there are 16', async () => {
  assert.equal(await madeAhead(100), 15);
});

test('a slow reader holds back each large frame', async () => {
  assert.equal(await madeAhead(64 * 1024), 0);
});
