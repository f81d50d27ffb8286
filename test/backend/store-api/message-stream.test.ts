import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { Client, Metadata, credentials, status } from '@grpc/grpc-js';
import { takeMessages, type ReadAhead } from '../../../src/backend/store-api/message-stream.ts';
import { isTurnUsedUp } from '../../../src/model/turns.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { startFramedStore } from '../../support/load/framed-store.ts';
import { failure, roomToWrite, startFakeStore, type FakeCalls } from '../../support/fake-store.ts';

const MESSAGE_BYTES = 64 * 1024;
const AHEAD = 1000;
/** What HTTP/2, both sockets and the streams of both ends may hold beyond what was taken. */
const MOST_AHEAD_BYTES = 8 * 1024 * 1024;

describe('taking the messages of a streamed answer', () => {
  it('gives each of them once, in their order, and ends with the answer', async (t) => {
    const seen: number[] = [];
    await take(t, numbered(1000), (message) => void seen.push(message.readUInt32BE()));
    assert.deepEqual(seen, [...Array(1000).keys()]);
  });

  it('keeps those before a failure, and tells its status', async (t) => {
    let count = 0;
    const series: FakeCalls['series'] = (call) => {
      for (let i = 0; i < 3; i++) call.write(Buffer.alloc(4));
      call.emit('error', failure(status.ABORTED, 'why'));
    };
    await assert.rejects(
      take(t, series, () => void count++),
      { code: status.ABORTED, details: 'why', message: 'ABORTED: why' },
    );
    assert.equal(count, 3);
  });

  it('ends where taking one fails: the server hears of it, and was not let to run ahead', async (t) => {
    const cancelled = Promise.withResolvers<void>();
    let sent = 0;
    let taken = 0;
    const series: FakeCalls['series'] = async (call) => {
      call.on('cancelled', () => cancelled.resolve());
      while (!call.cancelled) {
        sent += MESSAGE_BYTES;
        if (!call.write(Buffer.alloc(MESSAGE_BYTES))) await roomToWrite(call);
      }
    };
    const full = new Error('enough');
    const answer = take(t, series, () => {
      if (++taken === 20) throw full;
    });
    await assert.rejects(answer, full);
    await cancelled.promise;
    assert.equal(taken, 20);
    assert.ok(sent <= 20 * MESSAGE_BYTES + MOST_AHEAD_BYTES, `the server was let to send ${sent} bytes`);
  });

  it('lets others have their turn between messages that arrive together', async (t) => {
    const store = await startFramedStore(Array.from({ length: 300 }, () => Buffer.alloc(4)));
    t.after(() => store.close());
    let longest = Infinity;
    for (let tries = 0; tries < 3 && longest > 80; tries++) {
      const busy = await watchTurns(() =>
        takeFrom(t, store.target, () => {
          for (let i = 0; i < 3000; i++) JSON.parse('[1,2,3]');
        }),
      );
      longest = Math.min(longest, busy.longestTurn);
    }
    assert.ok(longest <= 80, `${longest} ms`);
  });

  it('takes the last message before the status, also where it waits for its turn', async (t) => {
    const store = await startFramedStore(Array.from({ length: 5 }, () => Buffer.alloc(4)));
    t.after(() => store.close());
    let taken = 0;
    await takeFrom(t, store.target, () => {
      taken++;
      useTurnUp();
    });
    assert.equal(taken, 5);
  });

  it('counts what waits, with what may come meanwhile, and nothing afterwards', async (t) => {
    const store = await startFramedStore(Array.from({ length: 20 }, () => Buffer.alloc(7)));
    t.after(() => store.close());
    let [held, most, taken] = [0, 0, 0];
    const budget: ReadAhead['budget'] = {
      take: (bytes) => void (most = Math.max(most, (held += bytes))),
      give: (bytes) => void (held -= bytes),
    };
    const use = async (): Promise<void> => {
      taken++;
      await new Promise((done) => setImmediate(done));
      useTurnUp();
    };
    await takeFrom(t, store.target, use, undefined, budget);
    assert.deepEqual([taken, most, held], [20, AHEAD + 7, 0]);
  });

  it('ends where what waits is too much', async (t) => {
    const store = await startFramedStore(Array.from({ length: 20 }, () => Buffer.alloc(7)));
    t.after(() => store.close());
    const full = new Error('no room');
    let given = 0;
    const budget: ReadAhead['budget'] = {
      take: () => {
        throw full;
      },
      give: (bytes) => void (given += bytes),
    };
    await assert.rejects(takeFrom(t, store.target, useTurnUp, undefined, budget), full);
    assert.equal(given, 0);
  });

  it('ends when the caller gives up, and leaves nothing on the signal', async (t) => {
    const caller = new AbortController();
    const answer = take(
      t,
      (call) => void call.write(Buffer.alloc(4)),
      () => caller.abort(),
      caller.signal,
    );
    await assert.rejects(answer, { code: status.CANCELLED });
    assert.equal(getEventListeners(caller.signal, 'abort').length, 0);
  });
});

/** The next message waits then. */
function useTurnUp(): void {
  const until = performance.now() + 12;
  while (performance.now() < until) isTurnUsedUp();
}

function numbered(count: number): FakeCalls['series'] {
  return async (call) => {
    for (let i = 0; i < count; i++) {
      const message = Buffer.alloc(4);
      message.writeUInt32BE(i);
      if (!call.write(message)) await roomToWrite(call);
    }
    call.end();
  };
}

async function take(
  t: Pick<TestContext, 'after'>,
  series: FakeCalls['series'],
  use: (message: Buffer) => Promise<void> | void,
  signal = new AbortController().signal,
): Promise<void> {
  const store = await startFakeStore({ ...(series !== undefined && { series }) });
  t.after(() => store.close());
  await takeFrom(t, store.target, use, signal);
}

async function takeFrom(
  t: Pick<TestContext, 'after'>,
  target: string,
  use: (message: Buffer) => Promise<void> | void,
  signal = new AbortController().signal,
  budget: ReadAhead['budget'] = { take: () => undefined, give: () => undefined },
): Promise<void> {
  const client = new Client(target, credentials.createInsecure());
  t.after(() => client.close());
  const call = {
    method: '/thanos.Store/Series',
    request: new Uint8Array(0),
    metadata: new Metadata(),
    options: { deadline: Date.now() + 20_000 },
  };
  await takeMessages(
    client,
    call,
    { signal },
    { bytes: AHEAD, budget },
    (message) => use(Buffer.from(message)) ?? undefined,
  );
}
