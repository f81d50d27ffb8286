import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallLateness } from '../../src/model/call-lateness.ts';
import { afterOwnTime } from '../../src/model/lateness.ts';
import { ManualTimers } from '../support/manual-timers.ts';

/** Bytes of a part as healthy servers send them, and of one that is not worth the time that it takes. */
const ORDINARY = 16_384;
const TINY = 1;

/** A process that has no time left: it is late for as long as time passes. */
function busyProcess() {
  const clock = { ms: 0, computed: 0 };
  const lateness = { soFar: () => clock.ms };
  const clocks = { now: () => clock.ms, computed: () => clock.computed };
  const call = (): CallLateness => new CallLateness(lateness, clocks);
  /** @param share of the processor that this process has. */
  const pass = (ms: number, share = 1): void => {
    clock.ms += ms;
    clock.computed += ms * share;
  };
  /** Reads part after part of one answer, each in so many ms. */
  const read = (reader: CallLateness, { parts, bytes, each }: Reading): void => {
    for (let i = 0; i < parts; i++) {
      reader.reads(bytes);
      pass(each);
    }
  };
  return { call, pass, read };
}

interface Reading {
  readonly parts: number;
  readonly bytes: number;
  readonly each: number;
}

describe('how late the process was for a call', () => {
  it('is all the time in which nothing of its answer was read', () => {
    const { call, pass } = busyProcess();
    const late = call();
    pass(5000);
    assert.equal(late.soFar(), 5000);
  });

  it('is nothing where reading tiny parts of its answer took all the time', () => {
    const { call, read } = busyProcess();
    const late = call();
    read(late, { parts: 100_000, bytes: TINY, each: 0.01 });
    // The first window begins before the first part.
    assert.ok(late.soFar() < 1, `${late.soFar()} ms`);
  });

  it('is all the time where its answer is ordinary, however slowly this process reads', () => {
    const { call, read } = busyProcess();
    const late = call();
    read(late, { parts: 4000, bytes: ORDINARY, each: 0.9 });
    assert.ok(Math.abs(late.soFar() - 3600) < 1, `${late.soFar()} ms`);
  });

  it('is what reading other answers took', () => {
    const { call, read } = busyProcess();
    const [late, flooding] = [call(), call()];
    for (let i = 0; i < 100; i++) {
      late.reads(ORDINARY);
      read(flooding, { parts: 1000, bytes: TINY, each: 0.01 });
    }
    assert.ok(late.soFar() > 990, `${late.soFar()} ms`);
    assert.ok(flooding.soFar() < 20, `${flooding.soFar()} ms`);
  });

  it('is hardly more where other processes had the processor in between', () => {
    const { call, pass, read } = busyProcess();
    const late = call();
    for (let i = 0; i < 100; i++) {
      read(late, { parts: 1000, bytes: TINY, each: 0.01 });
      pass(20, 0);
    }
    assert.ok(late.soFar() < 100, `${late.soFar()} ms`);
  });

  it('is the time in which the process stood still', () => {
    const { call, pass, read } = busyProcess();
    const late = call();
    read(late, { parts: 1000, bytes: TINY, each: 0.01 });
    pass(5000, 0);
    assert.ok(late.soFar() > 4900, `${late.soFar()} ms`);
  });

  it('has what was done between two parts, where that took longer than a part does', () => {
    const { call, read } = busyProcess();
    const late = call();
    read(late, { parts: 100, bytes: TINY, each: 20 });
    assert.equal(late.soFar(), 2000);
  });

  it('is never less than it was', () => {
    const { call, read, pass } = busyProcess();
    const late = call();
    pass(90);
    assert.equal(late.soFar(), 90);
    read(late, { parts: 10_000, bytes: TINY, each: 0.01 });
    assert.ok(late.soFar() >= 90);
  });

  it('lets the time of a server be over that keeps the process busy with tiny parts, and of no other', async () => {
    const { call, read, pass } = busyProcess();
    const [flooding, waiting] = [call(), call()];
    const timers = new ManualTimers();
    const ended: string[] = [];
    const time = { ms: 1000, most: Infinity };
    afterOwnTime(timers, flooding, time, () => ended.push('flooding'));
    afterOwnTime(timers, waiting, time, () => ended.push('waiting'));
    read(flooding, { parts: 100_000, bytes: TINY, each: 0.01 });
    await timers.fire(1000);
    // Timers of Node have whole milliseconds.
    pass(1);
    await timers.fire(1);
    assert.deepEqual(ended, ['flooding']);
  });
});
