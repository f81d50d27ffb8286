import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';
import { prettyPrint } from '../../src/promql/pretty-print.ts';
import { print } from '../../src/promql/print.ts';
import { typeOf } from '../../src/promql/type-of.ts';
import { randomExpr, randomExprs } from '../support/random-expr.ts';
import { withoutPositions } from '../support/without-positions.ts';
import { assertProperty, sampled } from '../support/property.ts';

const RUNS = { seed: 31_400, numRuns: 3000, endOnFailure: true };

test('a printed expression parses to the same expression', () => {
  assertProperty(
    fc.property(randomExpr, (expr) => {
      assert.deepEqual(withoutPositions(parse(print(expr), ALL_FEATURES)), withoutPositions(expr));
    }),
    RUNS,
  );
});

test('an expression spread over lines parses to the same expression', () => {
  assertProperty(
    fc.property(randomExpr, (expr) => {
      assert.deepEqual(withoutPositions(parse(prettyPrint(expr), ALL_FEATURES)), withoutPositions(expr));
    }),
    { ...RUNS, numRuns: 500 },
  );
});

for (const [type, arbitrary] of Object.entries(randomExprs)) {
  test(`typeOf knows an expression of type ${type}`, () => {
    assertProperty(
      fc.property(arbitrary, (expr) => assert.equal(typeOf(expr), type)),
      { ...RUNS, numRuns: 300 },
    );
  });
}

test('the grammar of the Prometheus page accepts what is printed', () => {
  const refused: string[] = [];
  let seen = 0;
  for (const expr of sampled(randomExpr, RUNS)) {
    const text = print(expr);
    if (KNOWN_LIMITS.some((limit) => limit.test(text))) continue;
    seen++;
    if (lezerRefuses(text)) refused.push(text);
  }
  assert.ok(seen > 500, `only ${seen} expressions were compared`);
  assert.deepEqual(refused, []);
});

/** Forms that Prometheus 3.14 takes and the editor's grammar does not know. */
const KNOWN_LIMITS: readonly RegExp[] = [
  /\b(?:start|end|step|range|min_of|max_of|and|sum)\b/,
  /<\/|>\//,
  /start_timestamp|histogram_quantiles/,
];

function lezerRefuses(text: string): boolean {
  let refused = false;
  parser.parse(text).iterate({
    enter: (node) => {
      refused ||= node.type.isError;
    },
  });
  return refused;
}
