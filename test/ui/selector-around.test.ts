import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Text } from '@codemirror/state';
import { parser } from '@prometheus-io/lezer-promql';
import { isInPattern, selectorAround } from '../../ui/query/completion/selector-around.ts';

/** What is selected around the `|` of a query. */
function around(marked: string): string | undefined {
  const [text, position] = [marked.replace('|', ''), marked.indexOf('|')];
  return selectorAround(parser.parse(text), Text.of(text.split('\n')), position);
}

test('what is selected is the metric and the other matchers', () => {
  assert.equal(around('rate(up{job="x", instance="|", zone!~"a b"}[5m])'), 'up{job="x",zone!~"a b"}');
  assert.equal(around('up{ins|}'), 'up');
  assert.equal(around('{"my metric", "a b"="c", job="|"}'), '{"my metric","a b"="c"}');
});

test('a matcher that is not written to its end is left out', () => {
  assert.equal(around('up{job=, zone, a="b", instance="|"}'), 'up{a="b"}');
});

test('nothing is selected where there is no other matcher', () => {
  assert.equal(around('{job="|"}'), undefined);
});

test('a grouping is about the first selector of what is aggregated', () => {
  assert.equal(around('sum by (|) (rate(up{job="x"}[5m]) / down)'), 'up{job="x"}');
  assert.equal(around('up * on (|) down'), undefined);
});

test('a value is a pattern behind the operators of patterns', () => {
  for (const [operator, expected] of [
    ['=', false],
    ['!=', false],
    ['=~', true],
    ['!~', true],
  ] as const)
    assert.equal(isInPattern(parser.parse(`up{job${operator}"a"}`), 'up{job'.length + 4), expected, operator);
});
