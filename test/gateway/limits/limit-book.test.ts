import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LimitBook } from '../../../src/gateway/limits/limit-book.ts';
import { UNLIMITED } from '../../../src/model/caller-limits.ts';
import type { LimitName } from '../../../src/model/caller-limits.ts';

function bookAt(time: { now: number }, refused: LimitName[] = []): LimitBook {
  return new LimitBook({ now: () => time.now, monotonic: () => time.now }, (name) => refused.push(name));
}

const NONE = new Map<string, never>();

test('what a caller has of its own goes before what all have, limit by limit, and 0 is none', () => {
  const book = bookAt({ now: 0 });
  book.use({
    all: { max_points: 5, max_range: 1000 },
    tenants: new Map([['a', { max_points: 0, max_series: 3 }]]),
    clients: new Map([['10.0.0.1', { max_points: 7 }]]),
  });
  assert.deepEqual(book.of('a', '').values, { max_range: 1000, max_series: 3 });
  assert.deepEqual(book.of('b', '').values, { max_points: 5, max_range: 1000 });
  assert.deepEqual(book.of('', '10.0.0.1').values, { max_points: 7, max_range: 1000 });
  assert.deepEqual(book.of('a|b', '').values, { max_points: 5, max_range: 1000, max_series: 3 });
});

test('nobody has limits where none are configured', () => {
  const book = bookAt({ now: 0 });
  assert.equal(book.of('', 'x'), UNLIMITED);
  for (let i = 0; i < 100; i++) book.count('', 'x');
});

test('a rate counts by tenant, and one that asks for several counts for each of them', () => {
  const time = { now: 0 };
  const refused: LimitName[] = [];
  const book = bookAt(time, refused);
  book.use({ all: { requests_per_second: 2 }, tenants: NONE, clients: NONE });
  book.count('a', 'x');
  book.count('a', 'y');
  assert.throws(() => book.count('a', 'z'), { kind: 'too_often', message: /of the tenant "a"/ });
  assert.throws(() => book.count('b|a', 'z'), { kind: 'too_often' });
  book.count('b', 'x');
  assert.throws(() => book.count('b', 'x'), { kind: 'too_often' });
  time.now = 500;
  book.count('a', 'x');
  assert.deepEqual(refused, Array(3).fill('requests_per_second'));
});

test('settings that come later count for the requests that come next', () => {
  const book = bookAt({ now: 0 });
  book.use({ all: { max_points: 1 }, tenants: NONE, clients: NONE });
  assert.deepEqual(book.of('a', '').values, { max_points: 1 });
  book.use({ all: { max_points: 2 }, tenants: NONE, clients: NONE });
  assert.deepEqual(book.of('a', '').values, { max_points: 2 });
});

test('no more than a bounded number of callers is remembered', () => {
  const time = { now: 0 };
  const book = bookAt(time);
  book.use({ all: { requests_per_second: 0.001 }, tenants: NONE, clients: NONE });
  book.count('', 'first');
  assert.throws(() => book.count('', 'first'), { kind: 'too_often' });
  for (let i = 0; i < 10_000; i++) book.count('', String(i));
  book.count('', 'first');
});
