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

/** What the check says of each series. */
function accepted(series: readonly Labels[], wanted: readonly (readonly Matcher[])[]): readonly boolean[] {
  const batch = new SeriesBatch();
  const check = new SeriesCheck(batch.table, wanted);
  return series.map((labels, i) => {
    batch.add(labels, { kind: 'chunks', chunks: [] });
    return check.accepts(batch.labelIds, batch.labelStart(i), batch.labelEnd(i));
  });
}

describe('the check of series', () => {
  it('accepts what their labels match', () => {
    assertProperty(
      fc.property(
        fc.array(LABELS, { maxLength: 6 }),
        fc.array(fc.array(MATCHER, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        (series, wanted) => {
          const matches = wanted.map((matchers) => compileMatchers(matchers));
          assert.deepEqual(
            accepted(series, wanted),
            series.map((labels) => matches.some((match) => match(labels))),
          );
        },
      ),
      { seed: 20_260_104, numRuns: 1000 },
    );
  });

  it('refuses a series that has a label twice, if it does not match with both', () => {
    const twice = ['t', 'a', 't', 'b'] as unknown as Labels;
    assert.deepEqual(accepted([twice], [[{ kind: '=', name: 't', value: 'a' }]]), [false]);
  });
});
