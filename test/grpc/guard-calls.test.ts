import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { guardCalls } from '../../src/grpc/guard-calls.ts';
import type { CutReason } from '../../src/model/client-limits.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const READ = 300_000;
const STALL = 60_000;
const WRITE = 600_000;
const MB = 1024 * 1024;

/** A guarded call, and what comes of it. */
function guarded(path = '/thanos.Store/Series') {
  const cuts: CutReason[] = [];
  const resets: string[] = [];
  const timers = new ManualTimers();
  const onTheirWay: (() => void)[] = [];
  let listener: Parameters<ServerInterceptingCallInterface['start']>[0] | undefined;
  const below = {
    start: (given: typeof listener) => (listener = given),
    sendMetadata: () => {},
    sendMessage: (_message: Uint8Array, sent: () => void) => onTheirWay.push(sent),
    stream: { close: (code: number) => resets.push(`close ${code}`), destroy: () => resets.push('destroy') },
  };
  const limits = { readTimeout: READ, stallTimeout: STALL, writeTimeout: WRITE };
  const interceptor = guardCalls(limits, timers, (reason) => cuts.push(reason));
  const call = interceptor({ path } as never, below as never);
  const heard: string[] = [];
  call.start({
    onReceiveMetadata: () => {},
    onReceiveMessage: () => {},
    onReceiveHalfClose: () => {},
    onCancel: () => heard.push('cancel'),
  });
  return { cuts, resets, timers, onTheirWay, call, listener: listener!, heard };
}

function send({ call }: Pick<ReturnType<typeof guarded>, 'call'>, bytes: number): void {
  call.sendMessage(new Uint8Array(bytes), () => {});
}

describe('a call', () => {
  it('that watches the health may go on for ever', () => {
    const given = guarded('/grpc.health.v1.Health/Watch');
    send(given, 10);
    given.onTheirWay.forEach((sent) => sent());
    assert.equal(given.timers.delays().includes(WRITE), false);
  });

  it('whose request does not come is ended', async () => {
    const { cuts, resets, timers } = guarded();
    assert.deepEqual(timers.delays(), [READ]);
    await timers.fire(READ);
    assert.deepEqual([cuts, resets], [['slow_request'], ['close 8', 'destroy']]);
    assert.deepEqual(timers.delays(), []);
  });

  it('whose request is there may be answered as late as it will', () => {
    const { timers, listener } = guarded();
    listener.onReceiveMessage('request');
    assert.deepEqual(timers.delays(), [READ]);
    listener.onReceiveHalfClose();
    assert.deepEqual(timers.delays(), []);
  });

  it('of whose answer nothing is taken is ended', async () => {
    const given = guarded();
    given.listener.onReceiveHalfClose();
    send(given, 64);
    assert.deepEqual(given.timers.delays(), [STALL + 1, WRITE]);
    await given.timers.fire(STALL + 1);
    assert.deepEqual([given.cuts, given.resets], [['slow_reader'], ['close 8', 'destroy']]);
    assert.deepEqual(given.timers.delays(), []);
  });

  it('has more time for messages that are large', () => {
    const given = guarded();
    given.listener.onReceiveHalfClose();
    send(given, 64 * MB);
    assert.deepEqual(given.timers.delays(), [WRITE, STALL + MB]);
  });

  it('has its time anew where some of it was taken', async () => {
    const given = guarded();
    given.listener.onReceiveHalfClose();
    send(given, 64);
    send(given, 640);
    given.onTheirWay[0]!();
    await given.timers.fire(STALL + 1);
    assert.deepEqual([given.cuts, given.timers.delays()], [[], [STALL + 10, WRITE]]);
    await given.timers.fire(STALL + 10);
    assert.deepEqual(given.cuts, ['slow_reader']);
  });

  it('may be as slow as it will in making its answer', async () => {
    const given = guarded();
    given.listener.onReceiveHalfClose();
    send(given, 64);
    given.onTheirWay[0]!();
    await given.timers.fire(STALL + 1);
    assert.deepEqual([given.cuts, given.timers.delays()], [[], [WRITE]]);
    send(given, 64);
    assert.deepEqual(given.timers.delays(), [STALL + 1, WRITE]);
  });

  it('that takes too long as a whole is ended', async () => {
    const given = guarded();
    send(given, 64);
    given.onTheirWay[0]!();
    await given.timers.fire(WRITE);
    assert.deepEqual(given.cuts, ['long_answer']);
  });

  it('that is over leaves no timer, and starts none', () => {
    const given = guarded();
    send(given, 64);
    given.listener.onCancel();
    assert.deepEqual(given.heard, ['cancel']);
    assert.deepEqual(given.timers.delays(), []);
    given.listener.onReceiveMessage('late');
    send(given, 64);
    given.onTheirWay[0]!();
    assert.deepEqual(given.timers.delays(), []);
  });
});
