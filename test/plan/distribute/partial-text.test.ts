import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partialText } from '../../../src/plan/distribute/partial-text.ts';
import { planQuery } from '../../../src/plan/plan-query.ts';
import type { AggregateNode } from '../../../src/plan/plan-node.ts';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';

const SETTINGS = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };
const WINDOW = { text: '', start: 0, end: 0, step: 0 };

function aggregate(query: string): AggregateNode {
  const { root } = planQuery(parse(query, ALL_FEATURES), WINDOW, SETTINGS);
  assert.equal(root.kind, 'aggregate');
  return root;
}

test('the matchers of the selector are those that the server is asked with', () => {
  const text = partialText(aggregate('sum(a{zone="eu"})'), [{ kind: '=~', name: 'odd name', value: 'a"b' }]);
  assert.equal(text, String.raw`sum({"odd name"=~"a\"b",__name__!=""})`);
});

test('labels that must show are kept, by which grouping it may be', () => {
  const kept = new Set(['cluster', 'replica']);
  assert.equal(
    partialText(aggregate('max by (job, cluster) (a)'), [], kept),
    'max by (job, cluster, replica) ({__name__!=""})',
  );
  assert.equal(
    partialText(aggregate('max without (pod, cluster) (a)'), [], kept),
    'max without (pod) ({__name__!=""})',
  );
  assert.equal(partialText(aggregate('max(a)'), [], kept), 'max by (cluster, replica) ({__name__!=""})');
});

test('numbers are written so that they read back the same', () => {
  const text = partialText(aggregate('sum(a * 1e300 + 5e-324 - NaN)'), []);
  const numbers = [...text.matchAll(/ [*+-] ([^ )]+)/g)].map(([, number]) => Number(number));
  assert.deepEqual(numbers, [1e300, 5e-324, NaN]);
});

test('texts are written so that they read back the same', () => {
  const text = partialText(aggregate(String.raw`sum(label_replace(a, "x", "\\\"$1", "y", "\\d(.*)"))`), []);
  assert.ok(text.includes(String.raw`"\\\"$1", "y", "\\d(.*)"`), text);
});
