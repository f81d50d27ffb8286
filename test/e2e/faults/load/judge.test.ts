import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointsOf, type Answer } from './answer.ts';
import { judge, type Expectation, type Verdict } from './judge.ts';

const WHOLE: Expectation = { kind: 'whole' };
const WITHOUT: Expectation = { kind: 'without', shard: '1' };
const HOLED: Expectation = {
  kind: 'holed',
  shard: '1',
  from: Date.UTC(2030, 0, 1, 0, 0, 10),
  to: Date.UTC(2030, 0, 1, 0, 0, 20),
  slackMs: 1000,
  lookBackMs: 4000,
};
const HOLE =
  'in shard {shard="1"} replica b was away itself from 2030-01-01T00:00:10.400Z to 2030-01-01T00:00:19.900Z';
const MISSING = 'shard {shard="1"} is missing';

/** `sum` of each shard at some seconds of the hole's minute; undefined for no such series. */
function answerOf(one: readonly number[] | undefined, warning?: string, value = '7'): Answer {
  const at = (second: number, text: string) => [Date.UTC(2030, 0, 1, 0, 0, second) / 1000, text] as const;
  const other = { metric: { shard: '0' }, values: [0, 15, 40].map((second) => at(second, value)) };
  const own = one && { metric: { shard: '1' }, values: one.map((second) => at(second, '8')) };
  return {
    status: 'success',
    data: { result: own ? [other, own] : [other] },
    ...(warning !== undefined && { warnings: [warning] }),
  };
}

const ALL = [0, 15, 40];
const right = pointsOf(answerOf(ALL));

function kindOf(expectation: Expectation, answer: Answer, isStrict = false, status = 200): Verdict['kind'] {
  return judge(expectation, right, { status, isStrict, answer }).kind;
}

test('a whole answer is right, and a value, a point or a series that differs is wrong', () => {
  for (const expectation of [WHOLE, WITHOUT, HOLED]) {
    assert.equal(kindOf(expectation, answerOf(ALL)), 'right');
    assert.equal(kindOf(expectation, answerOf(ALL, undefined, '7.1')), 'wrong');
  }
  assert.equal(kindOf(WHOLE, answerOf([0, 15])), 'wrong');
  assert.equal(kindOf(WHOLE, answerOf([0, 15, 40, 41])), 'wrong');
  assert.equal(kindOf(WHOLE, answerOf(undefined)), 'wrong');
});

test('a warning beside a whole answer is counted', () => {
  assert.deepEqual(judge(WHOLE, right, { status: 200, isStrict: false, answer: answerOf(ALL, MISSING) }), {
    kind: 'right',
    isWarned: true,
    isRefused: false,
  });
});

test('a shard may be missing where it is named, and not in a strict answer', () => {
  assert.equal(kindOf(WITHOUT, answerOf(undefined, MISSING)), 'right');
  assert.equal(kindOf(WITHOUT, answerOf(undefined)), 'wrong');
  assert.equal(kindOf(WITHOUT, answerOf(undefined, MISSING.replace('1', '2'))), 'wrong');
  assert.equal(kindOf(WITHOUT, answerOf(undefined, MISSING, '7.1')), 'wrong');
  assert.equal(kindOf(WITHOUT, answerOf(undefined, MISSING), true), 'wrong');
});

test('a strict query may be refused for a loss that is named, and for nothing else', () => {
  const refused = (error: string): Answer => ({ status: 'error', error });
  assert.equal(kindOf(WITHOUT, refused(MISSING), true, 503), 'right');
  assert.equal(kindOf(WITHOUT, refused(MISSING), false, 503), 'failed');
  assert.equal(kindOf(WITHOUT, refused(MISSING), true, 500), 'failed');
  assert.equal(kindOf(WITHOUT, refused('too busy'), true, 503), 'failed');
  assert.equal(kindOf(WHOLE, refused(MISSING), true, 503), 'failed');
  assert.equal(kindOf(HOLED, refused(HOLE), true, 503), 'right');
});

test('points of a hole may be missing where it is named with its times, and others may not', () => {
  assert.equal(kindOf(HOLED, answerOf([0, 40], HOLE)), 'right');
  assert.equal(kindOf(HOLED, answerOf([0, 40])), 'wrong');
  assert.equal(kindOf(HOLED, answerOf([0, 40], HOLE.replace('00:10.4', '00:12.4'))), 'wrong');
  assert.equal(kindOf(HOLED, answerOf([0, 15], HOLE)), 'wrong');
});
