import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelText, metricText, valueText } from '../../ui/query/completion/insert-text.ts';
import { parseMetricSelector } from '../../src/promql/parse.ts';
import { PatternTotal } from '../../src/promql/match/pattern-total.ts';
import { compileMatchers } from '../../src/promql/match/compile.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { assertProperty } from '../support/property.ts';

function matches(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const matchers = parseMetricSelector(selector, new Set(), new PatternTotal());
  return compileMatchers(matchers)(labelsFromRecord(labels));
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.stringMatching(/^["'`\\\n\u202e\u200b+*?()[\]{}|^$.a-c-]+$/),
);

test('names of metrics that are words stand as they are, and others in braces', () => {
  assert.equal(metricText('job:up:sum', 'bare'), 'job:up:sum');
  assert.equal(metricText('a "b"', 'bare'), '{"a \\"b\\""}');
  assert.equal(metricText('a "b"', '"'), 'a \\"b\\"');
});

test('names of labels that are words stand as they are, and others in quotes', () => {
  assert.equal(labelText('__proto__', 'bare'), '__proto__');
  assert.equal(labelText('a:b', 'bare'), '"a:b"');
  assert.equal(labelText('a"b', "'"), 'a"b');
});

test('what nobody would see is written as an escape', () => {
  assert.equal(valueText('a\u202eb\nc', '"', false), String.raw`a\u202eb\u000ac`);
});

test('quotes without escapes take no text that ends them', () => {
  assert.equal(valueText('a\\b', '`', false), 'a\\b');
  assert.equal(valueText('a`b', '`', false), undefined);
});

test('a metric that was written selects that metric', () => {
  assertProperty(
    fc.property(text, (name) => {
      assert.ok(matches(metricText(name, 'bare')!, { __name__: name }));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('a value that was written between any quotes selects that value, as a pattern too', () => {
  assertProperty(
    fc.property(text, fc.constantFrom('"', "'", '`'), fc.boolean(), (value, quote, isPattern) => {
      const written = valueText(value, quote, isPattern);
      if (written === undefined) return;
      const selector = `{x=${isPattern ? '~' : ''}${quote}${written}${quote}}`;
      assert.ok(matches(selector, { x: value }), selector);
    }),
    { seed: 2, numRuns: 500 },
  );
});

test('a label that was written selects that label', () => {
  assertProperty(
    fc.property(text, (name) => {
      assert.ok(matches(`{${labelText(name, 'bare')}="x"}`, { [name]: 'x' }));
    }),
    { seed: 3, numRuns: 500 },
  );
});
