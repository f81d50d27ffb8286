import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScript } from './run-script.ts';

const DATA = `
load 1m
  m{a="x"} 1 2 3
  m{a="y"} 4 5 6
  h {{schema:0 sum:1 count:3 buckets:[1 2]}}x2

`;

async function problemOf(evaluation: string): Promise<string | undefined> {
  const [result, ...rest] = await runScript(DATA + evaluation);
  assert.ok(result !== undefined && rest.length === 0);
  return result.problem;
}

const passes = [
  'eval instant at 1m m\n  m{a="x"} 2\n  m{a="y"} 5',
  'eval instant at 1m sum(m)\n  {} 7',
  'eval instant at 1m h\n  h {{schema:0 sum:1 count:3 buckets:[1 2]}}',
  'eval instant at 1m h\n  h {{schema:0 sum:1 count:3 buckets:[1 2 0] counter_reset_hint:not_reset}}',
  'eval instant at 1m nothing',
  'eval instant at 1m "text"\n  expect string "text"',
  'eval range from 0 to 2m step 1m m{a="x"}\n  m{a="x"} 1 2 3',
  'eval instant at 1m m + on () m\n  expect fail',
  'eval_fail instant at 1m m + on () m',
];

for (const evaluation of passes) {
  test(`passes: ${evaluation.split('\n').join(' ')}`, async () => {
    assert.equal(await problemOf(evaluation), undefined);
  });
}

const fails: readonly (readonly [string, RegExp])[] = [
  ['eval instant at 1m m\n  m{a="x"} 2', /unexpected series m\{a="y"\} with 5/],
  ['eval instant at 1m m{a="x"}\n  m{a="x"} 2\n  m{a="z"} 3', /expected series m\{a="z"\} is missing/],
  ['eval instant at 1m m{a="x"}\n  m{a="x"} 2.00001', /expected 2.00001 for m\{a="x"\}, got 2/],
  ['eval instant at 1m m{a="x"} - 2\n  {a="x"}', /expected nothing for \{a="x"\}, got 0/],
  ['eval instant at 1m h\n  h 3', /expected 3 for h\{\}, got schema 0/],
  ['eval instant at 1m h\n  h {{schema:0 sum:1 count:3 buckets:[2 1]}}', /expected schema 0 .* got schema 0/],
  [
    'eval instant at 1m h\n  h {{schema:0 sum:1 count:3 buckets:[1 2] counter_reset_hint:gauge}}',
    /expected .* gauge for h\{\}, got .* notReset/,
  ],
  ['eval instant at 1m 1\n  2', /expected 2, got 1/],
  ['eval instant at 1m 1\n  {} 1', /expected a series, got the scalar 1/],
  ['eval instant at 1m "text"\n  expect string "other"', /got the string "text"/],
  ['eval range from 0 to 2m step 1m m{a="x"}\n  m{a="x"} 1 _ 3', /the next point is at 60000/],
  ['eval range from 0 to 2m step 1m m{a="x"}\n  m{a="x"} 1 2', /expected 2 points for m\{a="x"\}, got 3/],
  ['eval range from 0 to 1m step 1m m{a="x"}\n  m{a="x"} 1 2 3', /too short a time/],
  ['eval instant at 1m sort(m)\n  expect ordered\n  m{a="y"} 5\n  m{a="x"} 2', /stands at 0 instead of 1/],
  ['eval instant at 1m m\n  expect fail', /expected a failure, got a value/],
  [
    'eval instant at 1m m + on () m\n  expect fail msg: something else',
    /expected a failure saying "something/,
  ],
  ['eval instant at 1m m + on () m', /expected a value, got the failure found duplicate series/],
  ['eval instant at 1m quantile(2, m)\n  expect no_warn\n  {} Inf', /unexpected warning "PromQL warning/],
  ['eval instant at 1m sum(m)\n  expect info\n  {} 7', /expected a info of any kind, got \[\]/],
  ['eval_warn instant at 1m sum(m)\n  {} 7', /expected a warning, got none/],
];

for (const [evaluation, problem] of fails) {
  test(`fails: ${evaluation.split('\n').join(' ')}`, async () => {
    assert.match((await problemOf(evaluation)) ?? 'it passed', problem);
  });
}
