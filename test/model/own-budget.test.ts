import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OWN_LIMIT, OWN_LIMIT_TOGETHER, OwnMemory, ownBudget } from '../../src/model/own-budget.ts';

const MIB = 1024 ** 2;

describe('calls of the gateway itself', () => {
  it('have a limit each', () => {
    const budget = ownBudget(0, new OwnMemory());
    budget.take(OWN_LIMIT);
    assert.throws(() => budget.take(1), {
      name: 'OwnCallTooLarge',
      isAlone: true,
      message: 'the answer takes more than the 64MiB that a health check may',
    });
  });

  it('have a limit of series, where one is set', () => {
    const budget = ownBudget(10, new OwnMemory());
    budget.series(10);
    assert.throws(() => budget.series(1), {
      name: 'OwnCallTooLarge',
      isAlone: true,
      message: 'the answer has more than 10 series, the most that a health check reads',
    });
  });

  it('have a limit together, beside which small ones go on', () => {
    const pool = new OwnMemory();
    const large = Array.from({ length: OWN_LIMIT_TOGETHER / OWN_LIMIT }, () => ownBudget(0, pool));
    for (const budget of large) budget.take(OWN_LIMIT);
    const small = ownBudget(0, pool);
    small.take(MIB);
    assert.throws(() => small.take(1), {
      isAlone: false,
      message:
        'the answers to all health checks that run take more than 128MiB; the gateway asks again later',
    });
    large[0]!.release();
    small.take(20 * MIB);
  });
});
