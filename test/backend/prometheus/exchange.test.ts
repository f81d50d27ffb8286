import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dispatcher } from 'undici';
import { openBudget, type Budget } from '../../../src/model/budget.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { Exchange } from '../../../src/backend/prometheus/exchange.ts';

/** Takes requests and leaves it to the test what happens to them. */
class ManualDispatcher extends Dispatcher {
  handler: Dispatcher.DispatchHandler | undefined;

  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.handler = handler;
    return true;
  }
}

/** A connection of which is written down what it is told. */
function controller(): { readonly told: unknown[]; readonly controller: Dispatcher.DispatchController } {
  const told: unknown[] = [];
  return {
    told,
    controller: {
      aborted: false,
      paused: false,
      reason: null,
      pause: () => void told.push('pause'),
      resume: () => void told.push('resume'),
      abort: (reason) => void told.push(reason),
    },
  };
}

const GET: Dispatcher.DispatchOptions = { method: 'GET', path: '/' };
const NEVER = new AbortController().signal;

function begun(signal: AbortSignal = NEVER, budget?: Pick<Budget, 'take' | 'give'>) {
  const dispatcher = new ManualDispatcher();
  const exchange = Exchange.begin(dispatcher, GET, signal, budget);
  return { exchange, handler: dispatcher.handler!, ...controller() };
}

test('a body that nobody reads makes its server wait, until somebody does', async () => {
  const { exchange, handler, told, controller } = begun();
  handler.onRequestStart!(controller, undefined);
  handler.onResponseStart!(controller, 200, {});
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  assert.deepEqual(told, []);
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  assert.deepEqual(told, ['pause']);
  assert.equal((await exchange.next())?.length, 10_000);
  assert.deepEqual(told, ['pause'], 'there is more to read');
  assert.equal((await exchange.next())?.length, 10_000);
  assert.deepEqual(told, ['pause', 'resume']);
});

test('parts of a byte each make their server wait as well: what takes memory is that they are many', async () => {
  const { exchange, handler, told, controller } = begun();
  handler.onRequestStart!(controller, undefined);
  handler.onResponseStart!(controller, 200, {});
  let parts = 0;
  for (; told.length === 0 && parts < 100_000; parts++)
    handler.onResponseData!(controller, Buffer.from([parts % 256]));
  assert.ok(parts <= 1024, `${parts} parts waited`);
  for (let i = 0; i < parts; i++) assert.deepEqual(await exchange.next(), Buffer.from([i % 256]));
  assert.deepEqual(told, ['pause', 'resume']);
});

test('what waits for its reader counts, and once its server has to wait, what the connection may hold as well', async () => {
  const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
  const { exchange, handler, controller } = begun(NEVER, budget);
  handler.onRequestStart!(controller, undefined);
  handler.onResponseStart!(controller, 200, {});
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  assert.equal(budget.held, 10_064);
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  assert.equal(budget.held, 2 * 10_064 + 80 * 1024);
  exchange.ready();
  exchange.ready();
  assert.equal(budget.held, 0);
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  handler.onResponseEnd!(controller, {});
  exchange.leave();
  assert.equal(budget.held, 0);
});

test('an answer for which there is no room ends', async () => {
  const budget = openBudget(new MemoryCeiling(50_000), { bytes: 0, series: 0 });
  const { exchange, handler, told, controller } = begun(NEVER, budget);
  handler.onRequestStart!(controller, undefined);
  handler.onResponseStart!(controller, 200, {});
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  handler.onResponseData!(controller, Buffer.alloc(10_000));
  await assert.rejects(exchange.next(), { kind: 'overloaded' });
  assert.equal(told.length, 1);
  assert.equal(budget.held, 0);
});

test('what came before a connection broke is read first', async () => {
  const { exchange, handler, controller } = begun();
  const broken = new Error('the connection broke');
  handler.onRequestStart!(controller, undefined);
  handler.onResponseStart!(controller, 200, {});
  handler.onResponseData!(controller, Buffer.from('abc'));
  handler.onResponseError!(controller, broken);
  assert.equal(String(await exchange.next()), 'abc');
  await assert.rejects(exchange.next(), broken);
});

test('a request that is given up while it waits for a connection is never sent', async () => {
  const caller = new AbortController();
  const { exchange, handler, told, controller } = begun(caller.signal);
  const reason = new Error('the caller left');
  caller.abort(reason);
  await assert.rejects(exchange.head(), reason);
  handler.onRequestStart!(controller, undefined);
  assert.deepEqual(told, [reason]);
});

test('who waits for a part of the body hears at once that the request was given up', async () => {
  const caller = new AbortController();
  const { exchange, handler, told, controller } = begun(caller.signal);
  const reason = new Error('the caller left');
  handler.onRequestStart!(controller, undefined);
  handler.onResponseStart!(controller, 200, {});
  const part = exchange.next();
  caller.abort(reason);
  await assert.rejects(part, reason);
  assert.deepEqual(told, [reason]);
});

test('an answer that is left before its end closes its connection, a whole one does not', () => {
  const half = begun();
  half.handler.onRequestStart!(half.controller, undefined);
  half.handler.onResponseStart!(half.controller, 200, {});
  half.exchange.leave();
  assert.equal((half.told[0] as Error).name, 'AbortError');
  const whole = begun();
  whole.handler.onRequestStart!(whole.controller, undefined);
  whole.handler.onResponseStart!(whole.controller, 200, {});
  whole.handler.onResponseEnd!(whole.controller, {});
  whole.exchange.leave();
  assert.deepEqual(whole.told, []);
});
