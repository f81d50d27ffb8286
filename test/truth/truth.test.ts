import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTrials } from '../support/property.ts';
import { byDedupe, measure } from './measure.ts';
import { bySketch } from './sketch.ts';
import { FULL_SIZE, MEASURED_SEEDS } from './workload.ts';

/** All targets, so that phases and outages are those of the full workload, with few series each. */
const SCALED = { ...FULL_SIZE, countersPerTarget: 2, gaugesPerTarget: 1, histogramsPerTarget: 1 };

test('answers over deduplicated replicas are as near to the truth as they must be', () => {
  const [table] = measure(MEASURED_SEEDS[0], FULL_SIZE, [byDedupe]);
  for (const { figure, found, met } of table!)
    assert.ok(met, `${figure.query}: ${JSON.stringify(found)} beyond ${JSON.stringify(figure.bounds)}`);
});

/** One draw here, and as many as it runs times in the long run: the same first ones, whatever its seed. */
const DRAWS = resolveTrials({ seed: 1, numRuns: 1 }, process.env).numRuns;

test('no figure is worse than with one replica and its holes filled, whatever the phases', () => {
  for (let seed = 1; seed <= DRAWS; seed++) {
    const [simple, mine] = measure(seed, SCALED, [bySketch, byDedupe]);
    for (const [i, { figure, found }] of mine!.entries()) {
      assert.ok(found.meanPercent <= simple![i]!.found.meanPercent, `${figure.query}, seed ${seed}`);
      assert.ok(found.worstPercent <= simple![i]!.found.worstPercent, `${figure.query}, seed ${seed}`);
    }
  }
});
