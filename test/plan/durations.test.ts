import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveDuration } from '../../src/plan/durations.ts';
import { planQuery } from '../../src/plan/plan-query.ts';
import type { DurationExpr } from '../../src/promql/ast.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';

const WINDOW = { text: ' '.repeat(100), start: 0, end: 3_600_000, step: 15_000 };

function rangeOf(text: string): DurationExpr {
  const expr = parse(`a[${text}]`, ALL_FEATURES);
  assert.ok(expr.kind === 'matrixSelector');
  return expr.range;
}

const resolved: readonly (readonly [text: string, ms: number])[] = [
  ['5m', 300_000],
  ['step() * 4', 60_000],
  ['range() / 2', 1_800_000],
  ['max_of(step(), 1m)', 60_000],
  ['min_of(step(), 1m)', 15_000],
  ['-(-1m)', 60_000],
  ['1m + 30s - 10', 80_000],
  ['(1m % 45s) ^ 2', 225_000],
  ['1.0004', 1_000],
  ['1 ^ ((-1m) ^ 2.5)', 1_000],
];

for (const [text, ms] of resolved) {
  test(`${text} is ${ms} ms`, () => assert.equal(resolveDuration(rangeOf(text), WINDOW, false), ms));
}

const refused: readonly (readonly [text: string, message: RegExp])[] = [
  ['step() - 1h', /^\d+:\d+: duration must be greater than 0$/],
  ['1m / (step() - 15)', /^\d+:\d+: division by zero$/],
  ['1m % (step() - 15)', /^\d+:\d+: modulo by zero$/],
  ['1h ^ 100', /^\d+:\d+: duration is NaN or infinite$/],
  ['1h ^ 4', /^\d+:\d+: duration is out of range$/],
];

for (const [text, message] of refused) {
  test(`${text} is refused`, () => {
    assert.throws(() => resolveDuration(rangeOf(text), WINDOW, false), { kind: 'bad_data', message });
  });
}

test('an offset may be negative', () => {
  assert.equal(resolveDuration(rangeOf('step() - 1m'), WINDOW, true), -45_000);
});

const placed: readonly (readonly [text: string, message: string])[] = [
  ['max_of(step(), 1m) - 1h', '9:25: duration must be greater than 0'],
  ['-max_of(1m, range())', '2:21: duration must be greater than 0'],
];

for (const [text, message] of placed) {
  test(`an error in ${text} names the place of its operands`, () => {
    assert.throws(() => resolveDuration(rangeOf(text), WINDOW, false), { kind: 'bad_data', message });
  });
}

test('places are counted in bytes', () => {
  const query = '{"größe"}[step() - 1h]';
  const expr = parse(query, ALL_FEATURES);
  assert.ok(expr.kind === 'matrixSelector');
  assert.throws(() => resolveDuration(expr.range, { ...WINDOW, text: query }, false), {
    message: '12:23: duration must be greater than 0',
  });
});

test('of several wrong durations the outermost is named', () => {
  const query = 'max_over_time((sum_over_time(a[step() - 1h]))[1h:step() - 2h])';
  const at = query.lastIndexOf('step()');
  const settings = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };
  assert.throws(() => planQuery(parse(query, ALL_FEATURES), { ...WINDOW, text: query }, settings), {
    message: `${at}:${at + 11}: duration must be greater than 0`,
  });
});
