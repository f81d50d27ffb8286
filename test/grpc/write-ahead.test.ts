import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { writeAhead } from '../../src/grpc/write-ahead.ts';

const KB = 1024;

/** What a call hands on to HTTP/2, and what it was told that it may follow up. */
function recording() {
  const handedOn: number[] = [];
  const onTheirWay: (() => void)[] = [];
  const taken: number[] = [];
  const below: Partial<ServerInterceptingCallInterface> = {
    sendMetadata: () => {},
    sendMessage: (message: Uint8Array, sent) => {
      handedOn.push(message.length);
      onTheirWay.push(sent);
    },
  };
  const call = writeAhead(undefined as never, below as ServerInterceptingCallInterface);
  const send = (bytes: number): void => call.sendMessage(new Uint8Array(bytes), () => taken.push(bytes));
  return { handedOn, onTheirWay, taken, send };
}

describe('messages of a stream', () => {
  it('may follow each other before they are on their way', () => {
    const { handedOn, taken, send } = recording();
    for (const bytes of [1, 2, 3]) send(bytes);
    assert.deepEqual(
      [handedOn, taken],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    );
  });

  it('wait once there are 64 KiB of them, until some are', () => {
    const { handedOn, onTheirWay, taken, send } = recording();
    for (const bytes of [30 * KB, 30 * KB, 10 * KB]) send(bytes);
    assert.deepEqual(handedOn, [30 * KB, 30 * KB, 10 * KB]);
    assert.deepEqual(taken, [30 * KB, 30 * KB]);
    onTheirWay[0]!();
    assert.deepEqual(taken, [30 * KB, 30 * KB, 10 * KB]);
    onTheirWay[1]!();
    onTheirWay[2]!();
    assert.equal(taken.length, 3);
  });

  it('that are larger than that go one by one', () => {
    const { onTheirWay, taken, send } = recording();
    send(1000 * KB);
    assert.deepEqual(taken, []);
    onTheirWay[0]!();
    assert.deepEqual(taken, [1000 * KB]);
  });
});
