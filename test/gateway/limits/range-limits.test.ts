import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitedLookup } from '../../../src/gateway/limits/range-limits.ts';
import type { LimitValues } from '../../../src/model/caller-limits.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import { MIN_TIME } from '../../../src/model/time-range.ts';
import { scopeWith } from '../../support/scopes.ts';

const NOW = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;
const CLOCK = { now: () => NOW, monotonic: () => 0 };

function scopeOf(values: LimitValues): RequestScope {
  const scope = scopeWith();
  const limits = { values, whose: 'the tenant "a"', onRefused: () => undefined };
  return { ...scope, caller: { ...scope.caller, limits } };
}

/** From when a list is that has an end and no start, and what is said of that. */
function untilDaysAgo(days: number, values: LimitValues): readonly [number, string | undefined] {
  const wanted = { matcherSets: [], minTime: MIN_TIME, maxTime: NOW - days * DAY, limit: 0 };
  const { request, notes } = limitedLookup(scopeOf(values), wanted, CLOCK);
  const [note] = notes;
  return [request.minTime, note?.kind === 'remark' ? note.message : undefined];
}

test('a list with an end and no start begins when its caller may read, and says so', () => {
  const [minTime, note] = untilDaysAgo(2, { max_age: 5 * DAY });
  assert.equal(minTime, NOW - 5 * DAY);
  assert.match(note!, /^the list is of series since 2026-01-05T/);
  assert.equal(untilDaysAgo(5, { max_age: 5 * DAY })[0], NOW - 5 * DAY);
  assert.equal(untilDaysAgo(90, { max_range: DAY })[0], NOW - 91 * DAY);
});

test('a list that ends before all that its caller may read is refused', () => {
  assert.throws(() => untilDaysAgo(6, { max_age: 5 * DAY }), {
    kind: 'too_large',
    message:
      'the request reads samples of 6d ago; the limit is 5d (limits: max_age of the tenant "a"); ask for newer ones',
  });
});
