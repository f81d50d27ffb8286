import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { FIGURES } from './figures.ts';

const [figure] = FIGURES;

test('an answer is compared point by point in every group, and the three worst points are kept in order', () => {
  const truth = new Map([
    ['api', Float64Array.of(100, 100, 100, 0)],
    ['web', Float64Array.of(200, 200, 200, 200)],
  ]);
  const merged = new Map([
    ['api', Float64Array.of(100, 100.5, 96, 0)],
    ['web', Float64Array.of(208, 200, 204, 200)],
  ]);
  const { points, found, met, worst } = compare(figure!, merged, truth);
  assert.equal(points, 8);
  assert.equal(found.pointsOff, 3);
  assert.equal(found.worstPercent, 4);
  assert.ok(Math.abs(found.meanPercent - (0.5 + 4 + 4 + 2) / 8) < 1e-12);
  assert.equal(met, false);
  assert.deepEqual(
    worst.map(({ group, step, value }) => ({ group, step, value })),
    [
      { group: 'api', step: 2, value: 96 },
      { group: 'web', step: 0, value: 208 },
      { group: 'web', step: 2, value: 204 },
    ],
  );
});

test('an answer that is the truth has no worst points and is within every bound', () => {
  const truth = new Map([['', Float64Array.of(1, 0, 3)]]);
  for (const each of FIGURES) {
    const { found, met, worst } = compare(each, truth, truth);
    assert.deepEqual(found, { meanPercent: 0, pointsOff: 0, worstPercent: 0 });
    assert.ok(met);
    assert.deepEqual(worst, []);
  }
});
