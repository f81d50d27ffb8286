import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { QueryError } from '../../../src/model/errors.ts';
import { failure, infoAnswer, roomToWrite, type FakeCalls } from '../../support/fake-store.ts';
import { ALL, NEVER, backendTo, chunkOf, failureOf, samplesOf, seriesMessage, valueOf } from './support.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { delimited, EMPTY_STORE_CHUNK, manyLabels, tinySeries } from '../../support/hostile/messages.ts';
import { startFramedStore } from '../../support/load/framed-store.ts';
import { openScope, scopeWith } from '../../support/scopes.ts';

const MB = 1024 * 1024;
const one = seriesMessage({ __name__: 'a' }, chunkOf([10, 1]));

describe('a store that misbehaves fails by name', () => {
  it('with a message of 100 MB', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(one);
        call.write(new Uint8Array(100 * MB));
        call.end();
      },
    });
    const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
    assert.equal(kind, 'too_large');
    assert.match(reason, /a limit was exceeded.*larger than max \(104857600 vs 67108864\)/);
  });

  it('with a stream that does not end, of which it holds no more than the limit', async (t) => {
    const message = seriesMessage({ __name__: 'a', pad: 'x'.repeat(64 * 1024) }, chunkOf([10, 1]));
    let sent = 0;
    const backend = await backendTo(
      t,
      {
        series: async (call) => {
          while (!call.cancelled) {
            sent += message.length;
            if (!call.write(message)) await roomToWrite(call);
          }
        },
      },
      { maxResponseBytes: 8 * MB },
    );
    const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
    assert.equal(kind, 'too_large');
    assert.match(reason, /larger than the limit of 8388608 bytes/);
    assert.ok(sent < 24 * MB, `the server was let to send ${sent} bytes`);
  });

  it('but for a list that has a limit, of which it reads no more than twice as many series', async (t) => {
    let sent = 0;
    const backend = await backendTo(t, {
      series: async (call) => {
        while (!call.cancelled) {
          if (!call.write(seriesMessage({ __name__: 'a', i: String(sent++) }))) await roomToWrite(call);
        }
      },
    });
    const lookup = { matcherSets: [], minTime: 0, maxTime: 1, limit: 1000 };
    const { items } = valueOf(await backend.series(scopeWith(), lookup));
    assert.equal(items.length, 1000);
    assert.ok(sent < 20_000, `the server was let to send ${sent} series`);
  });

  it('with empty series without number', async (t) => {
    const empty = seriesMessage({});
    const backend = await backendTo(
      t,
      {
        series: async (call) => {
          while (!call.cancelled) if (!call.write(empty)) await roomToWrite(call);
        },
      },
      { maxResponseBytes: 100_000 },
    );
    assert.equal(failureOf(await backend.select(scopeWith(), ALL)).kind, 'too_large');
  });

  it('with bytes that are no message', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x07, 1));
        call.end();
      },
      info: () => Uint8Array.of(0x0a, 0x05),
      labelNames: () => Uint8Array.of(0x0a, 0x05),
    });
    const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
    assert.equal(kind, 'bad_data');
    assert.match(reason, /its Series answer is damaged: .* claims 2147483647 bytes where 1 are left/);
    assert.match(failureOf(await backend.describe(NEVER)).reason, /its Info answer is damaged/);
    const request = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };
    assert.match(
      failureOf(await backend.labelNames(scopeWith(), request)).reason,
      /its LabelNames answer is damaged/,
    );
  });

  it('with labels that are no UTF-8', async (t) => {
    const message = Buffer.from(one);
    message[message.indexOf('a', message.indexOf('__name__') + 8, 'latin1')] = 0xff;
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(message);
        call.end();
      },
    });
    const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
    assert.deepEqual(
      [kind, reason],
      ['bad_data', 'its Series answer is damaged: a label of 9 bytes is no valid UTF-8'],
    );
  });

  it('with a label without a name', async (t) => {
    const message = Buffer.from(seriesMessage({ __name__: 'a', b: 'c' }, chunkOf([10, 1])));
    // The message of the label b: its name becomes a field that nobody knows.
    message[message.indexOf(Buffer.from([0x0a, 1, 0x62, 0x12]))] = 0x7a;
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(message);
        call.end();
      },
    });
    const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
    assert.deepEqual(
      [kind, reason],
      ['bad_data', 'its Series answer is damaged: a series has a label without a name'],
    );
  });

  it('with a chunk of no bytes, which would pass for one without samples', async (t) => {
    for (const chunk of [
      { field: 3, data: [] },
      { field: 3, data: [0] },
      { field: 4, data: [] },
    ]) {
      const data = delimited(2, Buffer.from(chunk.data));
      const message = delimited(1, delimited(2, delimited(chunk.field, data)));
      const backend = await backendTo(t, {
        series: (call) => {
          call.write(message);
          call.end();
        },
      });
      const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
      assert.equal(kind, 'bad_data');
      assert.match(
        reason,
        /its Series answer is damaged: a chunk of [01] bytes is too short to say how many samples it has/,
      );
    }
  });

  it('with a stream that breaks off half way', async (t) => {
    const calls: FakeCalls = {
      series: (call) => {
        call.write(one, () => call.emit('error', failure(status.DATA_LOSS, 'disk gone')));
      },
    };
    const backend = await backendTo(t, calls);
    const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
    assert.equal(kind, 'execution');
    assert.match(reason, /lost data after \d+ bytes of an unfinished answer: DATA_LOSS .*disk gone/);
  });

  it('with series in no order, which are taken as they come', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        for (const name of ['z', 'a', 'z']) call.write(seriesMessage({ __name__: name }, chunkOf([10, 1])));
        call.end();
      },
    });
    const { series } = valueOf(await backend.select(scopeWith(), ALL));
    assert.deepEqual(
      [...series].map(({ labels }) => labels[1]),
      ['z', 'a', 'z'],
    );
  });

  it('with a chunk that claims more samples than it has, where it is read', async (t) => {
    const lying = Uint8Array.of(0xff, 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0);
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(seriesMessage({ __name__: 'a' }, { encoding: 1, minTime: 0, maxTime: 9, data: lying }));
        call.end();
      },
    });
    const { series } = valueOf(await backend.select(scopeWith(), ALL));
    assert.throws(() => samplesOf([...series][0]!.data), QueryError);
  });
});

describe('one message holds no turn of the event loop long', () => {
  const MOST_TURN_MS = 150;
  const MESSAGES: Readonly<Record<string, readonly [message: () => Uint8Array, refused?: RegExp]>> = {
    'of very many small series': [() => delimited(4, tinySeries(12_000_000, EMPTY_STORE_CHUNK))],
    'of a series with very many labels': [
      () => delimited(1, manyLabels(12_000_000)),
      /a series has more than 10000 labels/,
    ],
    'of a series with very many chunks with aggregates': [
      () => delimited(1, Buffer.alloc(12_000_000, Buffer.from([0x12, 6, 0x22, 4, 0x12, 2, 0, 0]))),
      /a series has more than 50000 chunks in one message/,
    ],
  };
  for (const [what, [message, refused]] of Object.entries(MESSAGES))
    it(what, async (t) => {
      const store = await startFramedStore([message()]);
      t.after(() => store.close());
      const backend = await backendTo(t, {}, { target: store.target });
      let longest = Infinity;
      for (let tries = 0; tries < 3 && longest > MOST_TURN_MS; tries++) {
        const scope = openScope();
        const busy = await watchTurns(async () => {
          const result = await backend.select(scope, ALL);
          if (refused === undefined) assert.ok(result.ok);
          else assert.match(failureOf(result).reason, refused);
        });
        scope.budget.release();
        longest = Math.min(longest, busy.longestTurn);
      }
      t.diagnostic(`longest turn ${longest.toFixed(0)} ms`);
      assert.ok(longest <= MOST_TURN_MS, `kept others waiting for ${longest.toFixed(0)} ms`);
    });

  it('and a caller that gives up while it is read ends that', async (t) => {
    const store = await startFramedStore([delimited(4, tinySeries(12_000_000, EMPTY_STORE_CHUNK))]);
    t.after(() => store.close());
    const backend = await backendTo(t, {}, { target: store.target });
    const caller = new AbortController();
    const { budget } = openScope();
    const scope = { ...scopeWith({}, caller.signal), budget };
    const answer = backend.select(scope, ALL);
    // Of the message alone, before anything was read of it, and then more.
    while (budget.peak < 14_000_000) await new Promise(setImmediate);
    caller.abort();
    assert.equal(failureOf(await answer).kind, 'canceled');
    assert.equal(budget.held, 0);
  });
});

describe('a status of the store becomes a kind of failure', () => {
  const CASES = [
    [
      status.UNAVAILABLE,
      'unavailable',
      /the connection failed: UNAVAILABLE for \/thanos.Store\/Series \(why\)/,
    ],
    [status.RESOURCE_EXHAUSTED, 'too_large', /a limit was exceeded.*why/],
    [status.INVALID_ARGUMENT, 'bad_data', /refused the request.*why/],
    [status.UNAUTHENTICATED, 'bad_data', /other credentials/],
    [status.PERMISSION_DENIED, 'bad_data', /check this endpoint's credentials/],
    [status.ABORTED, 'unavailable', /a part of its data cannot be read.*why/],
    [status.DEADLINE_EXCEEDED, 'timeout', /no complete answer in time/],
    [status.UNIMPLEMENTED, 'bad_data', /does not offer this call/],
    [status.INTERNAL, 'execution', /the server failed/],
  ] as const;
  for (const [code, kind, text] of CASES)
    it(status[code], async (t) => {
      const backend = await backendTo(t, {
        series: (call) => void call.emit('error', failure(code, 'why')),
      });
      const found = failureOf(await backend.select(scopeWith(), ALL));
      assert.equal(found.kind, kind);
      assert.match(found.reason, text);
    });
});

describe('a store that hangs', () => {
  it('hears when the caller gives up', async (t) => {
    const heard = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const backend = await backendTo(t, {
      series: (call) => {
        call.on('cancelled', () => heard.resolve());
        call.write(one, () => asked.resolve());
      },
    });
    const caller = new AbortController();
    const answer = backend.select(scopeWith({}, caller.signal), ALL);
    await asked.promise;
    caller.abort();
    const { kind, reason } = failureOf(await answer);
    assert.deepEqual([kind, reason], ['canceled', 'the request was canceled']);
    await heard.promise;
  });

  it('is not called at all by a caller that has given up', async (t) => {
    const backend = await backendTo(t, { info: () => infoAnswer() });
    assert.equal(failureOf(await backend.describe(AbortSignal.abort())).kind, 'canceled');
    assert.equal(failureOf(await backend.select(scopeWith({}, AbortSignal.abort()), ALL)).kind, 'canceled');
  });
});

it('a store that is not there says so', async (t) => {
  const backend = await backendTo(t, {}, { target: '127.0.0.1:1' });
  const { kind, reason } = failureOf(await backend.describe(NEVER));
  assert.deepEqual(
    [kind, reason],
    ['unavailable', 'connection refused; check that it runs and that address and port are right'],
  );
});
