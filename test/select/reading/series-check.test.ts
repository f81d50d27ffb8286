import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { labelsFrom, type Labels } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { compileMatchers } from '../../../src/promql/match/compile.ts';
import { SeriesCheck } from '../../../src/select/reading/series-check.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { assertProperty } from '../../support/property.ts';

const NAME = fc.constantFrom('__name__', 'a', 'é');
const LABELS = fc
  .array(fc.tuple(NAME, fc.constantFrom('x', 'y', 'z')))
  .map((pairs): Labels => labelsFrom(pairs));
const MATCHER: fc.Arbitrary<Matcher> = fc.record({
  kind: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
  name: NAME,
  value: fc.constantFrom('', 'x', 'y', '.*', '.+', 'x|y'),
});

function batchOf(series: readonly Labels[]): SeriesBatch {
  const batch = new SeriesBatch();
  for (const labels of series) batch.add(labels, { kind: 'chunks', chunks: [] });
  return batch;
}

describe('the check of series', () => {
  it('accepts what their labels match', () => {
    assertProperty(
      fc.property(
        fc.array(LABELS, { maxLength: 6 }),
        fc.array(fc.array(MATCHER, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        (series, wanted) => {
          const check = new SeriesCheck(batchOf(series), wanted);
          const matches = wanted.map((matchers) => compileMatchers(matchers));
          for (const [i, labels] of series.entries())
            assert.equal(
              check.accepts(i),
              matches.some((match) => match(labels)),
            );
        },
      ),
      { seed: 20_260_104, numRuns: 1000 },
    );
  });

  it('refuses a series that has a label twice, if it does not match with both', () => {
    const twice = ['t', 'a', 't', 'b'] as unknown as Labels;
    const check = new SeriesCheck(batchOf([twice]), [[{ kind: '=', name: 't', value: 'a' }]]);
    assert.equal(check.accepts(0), false);
  });
});
