import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';
import { prettyPrint } from '../../../src/promql/pretty-print.ts';
import { print } from '../../../src/promql/print.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { sampleSource } from '../../support/differential/sample-source.ts';
import { floatSeries } from '../../support/differential/sample-series.ts';
import { CURRENT, CURRENT_FLOATS } from '../../support/differential/vocabularies.ts';
import { chunkedFloats, rangeFrom, textOf, unnamed } from './world.ts';
import { assertProperty } from '../../support/property.ts';

const minute = fc.integer({ min: 0, max: 20 });

/** Without the positions that remarks and errors name. */
function withoutPositions(text: string): string {
  return text.replace(/ \(\d+:\d+\)/g, '').replace(/\b\d+:\d+: /g, '');
}

test('a query that is asked again has the same answer, byte by byte', async () => {
  await assertProperty(
    fc.asyncProperty(randomQuery(CURRENT), minute, async (query, at) => {
      const question = rangeFrom(query, at);
      const [first, ...others] = await Promise.all([1, 2, 3].map(async () => textOf(question)));
      for (const other of others) assert.equal(other, first, query);
    }),
    { seed: 150_401, numRuns: 400, endOnFailure: true },
  );
});

test('a printed query has the answer of the query', async () => {
  let compared = 0;
  await assertProperty(
    fc.asyncProperty(randomQuery(CURRENT), minute, async (query, at) => {
      const expected = withoutPositions(await textOf(rangeFrom(query, at)));
      for (const printed of texts(query)) {
        assert.equal(
          withoutPositions(await textOf(rangeFrom(printed, at))),
          expected,
          `${query}\n${printed}`,
        );
        compared++;
      }
    }),
    { seed: 150_402, numRuns: 400, endOnFailure: true },
  );
  assert.ok(compared > 600, `only ${compared} printed queries were asked`);
});

/** The query printed in both ways; none where it cannot be parsed. */
function texts(query: string): readonly string[] {
  try {
    const expr = parse(query, ALL_FEATURES);
    return [print(expr), prettyPrint(expr)];
  } catch {
    return [];
  }
}

test('samples have the same answer however they are cut into chunks', async () => {
  const columns = sampleSource(floatSeries());
  const layouts = [1, 7, 120, 10_000].map(chunkedFloats);
  await assertProperty(
    fc.asyncProperty(randomQuery(CURRENT_FLOATS), minute, async (query, at) => {
      const question = rangeFrom(query, at);
      const expected = unnamed(await textOf(question, columns));
      for (const layout of layouts) assert.equal(unnamed(await textOf(question, layout)), expected, query);
    }),
    { seed: 150_403, numRuns: 300, endOnFailure: true },
  );
});
