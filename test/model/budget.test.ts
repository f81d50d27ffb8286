import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openBudget } from '../../src/model/budget.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';

const NO_LIMITS = { bytes: 0, series: 0 };

describe('the budget of a request', () => {
  it('counts what is held, and the most of it', () => {
    const budget = openBudget(new MemoryCeiling(0), NO_LIMITS);
    budget.take(100);
    budget.take(50);
    budget.give(120);
    assert.deepEqual([budget.held, budget.peak], [30, 150]);
  });

  it('refuses what is beyond the limit of the request, names the limit and the flag, and takes nothing of it', () => {
    const ceiling = new MemoryCeiling(0);
    const budget = openBudget(ceiling, { bytes: 1024, series: 0 });
    budget.take(1024);
    assert.throws(() => budget.take(1), {
      kind: 'too_large',
      message:
        'the request needs more memory than the limit of 1KiB (--query.max-memory-per-query); ' +
        'select fewer series or a shorter range, or raise the limit',
    });
    assert.deepEqual([budget.held, ceiling.held], [1024, 1024]);
  });

  it('refuses what is beyond the limit of the process, and takes nothing of it', () => {
    const ceiling = new MemoryCeiling(1024);
    const first = openBudget(ceiling, NO_LIMITS);
    const second = openBudget(ceiling, NO_LIMITS);
    first.take(900);
    assert.throws(() => second.take(25), {
      kind: 'overloaded',
      message: /more memory than the limit of 1KiB \(--query\.max-memory\); try again later/,
    });
    assert.deepEqual([second.held, ceiling.held, ceiling.refused], [0, 900, 1]);
    first.release();
    second.take(25);
    assert.equal(ceiling.held, 25);
  });

  it('gives all back when its lease ends, once', () => {
    const ceiling = new MemoryCeiling(0);
    const budget = openBudget(ceiling, NO_LIMITS);
    budget.take(100);
    budget.release();
    budget.release();
    budget.give(100);
    assert.deepEqual([budget.held, ceiling.held], [0, 0]);
  });

  it('takes nothing once its lease has ended: what comes late does not leak', () => {
    const ceiling = new MemoryCeiling(0);
    const budget = openBudget(ceiling, NO_LIMITS);
    budget.release();
    assert.throws(() => budget.take(1), { kind: 'canceled', message: 'the request has ended' });
    assert.equal(ceiling.held, 0);
  });

  it('never gives back more than it holds', () => {
    const ceiling = new MemoryCeiling(0);
    const budget = openBudget(ceiling, NO_LIMITS);
    budget.take(10);
    budget.give(100);
    assert.deepEqual([budget.held, ceiling.held], [0, 0]);
  });

  it('counts series against a limit of their own', () => {
    const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 10 });
    budget.series(10);
    assert.throws(() => budget.series(1), {
      kind: 'too_large',
      message: /more series than the limit of 10 \(--query\.max-series\)/,
    });
  });

  it('tells when its lease has ended, also those that ask later', () => {
    const budget = openBudget(new MemoryCeiling(0), NO_LIMITS);
    const heard: string[] = [];
    budget.whenReleased(() => heard.push('before'));
    assert.equal(heard.length, 0);
    budget.release();
    budget.whenReleased(() => heard.push('after'));
    assert.deepEqual(heard, ['before', 'after']);
  });
});

describe('the limit of the process', () => {
  it('is nearly used up from four fifths on, and tells when it is not any more', () => {
    const ceiling = new MemoryCeiling(100);
    let heard = 0;
    const stop = ceiling.whenRoom(() => heard++);
    ceiling.take(79, 1);
    assert.equal(ceiling.isNearlyUsedUp, false);
    ceiling.take(11, 1);
    assert.equal(ceiling.isNearlyUsedUp, true);
    ceiling.give(5);
    assert.equal(heard, 0);
    ceiling.give(6);
    assert.equal(heard, 1);
    stop();
    ceiling.take(20, 1);
    ceiling.give(20);
    assert.equal(heard, 1);
  });

  it('keeps its last tenth for requests that hold little', () => {
    const ceiling = new MemoryCeiling(10_000);
    const large = openBudget(ceiling, NO_LIMITS);
    large.take(9000);
    assert.throws(() => large.take(1), { kind: 'overloaded' });
    const small = openBudget(ceiling, NO_LIMITS);
    small.take(100);
    assert.throws(() => small.take(1), { kind: 'overloaded' });
    for (let i = 0; i < 9; i++) openBudget(ceiling, NO_LIMITS).take(100);
    assert.throws(() => openBudget(ceiling, NO_LIMITS).take(1), { kind: 'overloaded' });
  });

  it('is none where it is 0', () => {
    const ceiling = new MemoryCeiling(0);
    ceiling.take(2 ** 50, 2 ** 50);
    assert.deepEqual([ceiling.limit, ceiling.isNearlyUsedUp], [Infinity, false]);
  });
});
