import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from './same-answer.ts';

const EXACT = { values: 1e-9, percentOff: 0 };

function matrix(series: Readonly<Record<string, readonly string[]>>, warnings?: readonly string[]): Buffer {
  const result = Object.entries(series).map(([job, values]) => ({
    metric: { job },
    values: values.map((value, i) => [i * 15, value]),
  }));
  return Buffer.from(
    JSON.stringify({
      status: 'success',
      data: { resultType: 'matrix', result },
      ...(warnings && { warnings }),
    }),
  );
}

test('answers that differ in the order of series and in the last bit are the same', () => {
  const [a, b] = [matrix({ x: ['0.3'], y: ['1'] }), matrix({ y: ['1'], x: ['0.30000000000000004'] })];
  assert.equal(differenceOf(a, b, EXACT), undefined);
});

test('a value, a point that is missing and one that is too much are named', () => {
  const expected = matrix({ x: ['1', '2'] });
  assert.match(differenceOf(expected, matrix({ x: ['1', '3'] }), EXACT)!, /1 of 2 points.*is 3, not 2/);
  assert.match(differenceOf(expected, matrix({ x: ['1'] }), EXACT)!, /is missing/);
  assert.match(differenceOf(expected, matrix({ x: ['1', '2', '3'] }), EXACT)!, /is too much/);
  assert.match(differenceOf(expected, matrix({ x: ['1', 'NaN'] }), EXACT)!, /is NaN, not 2/);
});

test('with a tolerance small differences and a few points off are allowed, no more', () => {
  const tolerance = { values: 0.1, percentOff: 50 };
  assert.equal(
    differenceOf(matrix({ x: ['10', '10'] }), matrix({ x: ['10.9', '20'] }), tolerance),
    undefined,
  );
  assert.match(differenceOf(matrix({ x: ['10', '10'] }), matrix({ x: ['12', '20'] }), tolerance)!, /2 of 2/);
});

test('a warning and an empty answer are no ground for comparing times', () => {
  const one = matrix({ x: ['1'] });
  assert.match(differenceOf(one, matrix({ x: ['1'] }, ['shard 2 is lost']), EXACT)!, /shard 2 is lost/);
  assert.match(differenceOf(matrix({}), matrix({}), EXACT)!, /empty/);
});
