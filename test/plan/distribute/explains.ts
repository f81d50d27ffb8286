import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../../src/plan/explain.ts';
import { planQuery } from '../../../src/plan/plan-query.ts';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';

const SETTINGS = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };
const WINDOW = { text: '', start: 1_000_000, end: 2_000_000, step: 10_000 };

const INDENT = ' '.repeat(4);

function planText(query: string, distribute: boolean): string {
  return explain(planQuery(parse(query, ALL_FEATURES), WINDOW, { ...SETTINGS, distribute }));
}

/** Plans whose aggregations may be computed elsewhere, as text; the expected text is indented for reading. */
export function distributes(query: string, expected: string): void {
  test(`the plan of ${query} where servers compute parts`, () => {
    const lines = expected.split('\n').slice(1, -1);
    assert.equal(planText(query, true), lines.map((line) => line.slice(INDENT.length)).join('\n'));
  });
}

/** Queries of which no server computes anything. */
export function keeps(query: string): void {
  test(`all of ${query} is computed here`, () => {
    assert.equal(planText(query, true), planText(query, false));
  });
}
