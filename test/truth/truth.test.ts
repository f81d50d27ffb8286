import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byDedupe, measure } from './measure.ts';
import { bySketch } from './sketch.ts';
import { FULL_SIZE, MEASURED_SEEDS } from './workload.ts';

/** All targets, so that phases and outages are those of the full workload, with few series each. */
const SCALED = { ...FULL_SIZE, countersPerTarget: 2, gaugesPerTarget: 1, histogramsPerTarget: 1 };

test('answers over deduplicated replicas are as near to the truth as they must be', () => {
  for (const { figure, found, met } of measure(MEASURED_SEEDS[0], FULL_SIZE, byDedupe))
    assert.ok(met, `${figure.query}: ${JSON.stringify(found)} beyond ${JSON.stringify(figure.bounds)}`);
});

test('no figure is worse than with one replica and its holes filled, whatever the phases', () => {
  for (const seed of [1, 2]) {
    const simple = measure(seed, SCALED, bySketch);
    const found = measure(seed, SCALED, byDedupe);
    for (const [i, { figure, found: mine }] of found.entries()) {
      assert.ok(mine.meanPercent <= simple[i]!.found.meanPercent, figure.query);
      assert.ok(mine.worstPercent <= simple[i]!.found.worstPercent, figure.query);
    }
  }
});
