import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SelectedSet, SelectRequest, SeriesSource } from '../../src/engine/series-source.ts';
import { limitSelects } from '../../src/gateway/limit-selects.ts';

const FOREVER = new AbortController().signal;

/** A source that answers when the test says so. */
function source() {
  const asked: number[] = [];
  const answers: ((set: SelectedSet) => void)[] = [];
  const inner: SeriesSource = {
    readsByFunction: true,
    select: ({ minTime }) => {
      asked.push(minTime);
      return new Promise((resolve) => answers.push(resolve));
    },
  };
  return { inner, asked, answer: (i: number) => answers[i]!({ series: [], annotations: [] }) };
}

const request = (minTime: number): SelectRequest => ({
  matchers: [],
  minTime,
  maxTime: minTime,
  hints: { range: 0, func: '' },
});

test('of the selects of a query, so many run at once, and the others follow in order', async () => {
  const { inner, asked, answer } = source();
  const limited = limitSelects(inner, 2);
  assert.equal(limited.readsByFunction, true);
  const selects = [0, 1, 2, 3].map((i) => limited.select(request(i), FOREVER));
  assert.deepEqual(asked, [0, 1]);
  answer(1);
  await selects[1];
  await nextTurn();
  assert.deepEqual(asked, [0, 1, 2]);
  answer(0);
  answer(2);
  await Promise.all([selects[0], selects[2]]);
  await nextTurn();
  answer(3);
  await selects[3];
  assert.deepEqual(asked, [0, 1, 2, 3]);
});

test('selects that wait are not made once the query has ended', async () => {
  const { inner, asked } = source();
  const limited = limitSelects(inner, 1);
  const ending = new AbortController();
  void limited.select(request(0), ending.signal);
  const waiting = limited.select(request(1), ending.signal);
  ending.abort(new Error('over'));
  await assert.rejects(waiting, /over/);
  assert.deepEqual(asked, [0]);
});
