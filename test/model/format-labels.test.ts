import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLabels, formatMetric } from '../../src/model/format-labels.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { quote, quoteRune } from '../../src/model/quote.ts';

test('a label set is printed as in the errors of Prometheus', () => {
  assert.equal(
    formatLabels(labelsFromRecord({ b: 'x"y', __name__: 'up', 'a.b': '' })),
    '{__name__="up", b="x\\"y"}',
  );
  assert.equal(formatLabels(labelsFromRecord({ 'a.b': 'c' })), '{"a.b"="c"}');
  assert.equal(formatLabels(labelsFromRecord({})), '{}');
});

test('a series is printed with its name in front', () => {
  assert.equal(formatMetric(labelsFromRecord({ __name__: 'up', a: 'b' })), 'up{a="b"}');
  assert.equal(formatMetric(labelsFromRecord({ __name__: 'up' })), 'up');
  assert.equal(formatMetric(labelsFromRecord({ __name__: 'my.up', a: 'b' })), '{"my.up", a="b"}');
  assert.equal(formatMetric(labelsFromRecord({ a: 'b' })), '{a="b"}');
});

test('text is quoted as Go quotes it', () => {
  assert.equal(quote('a"b\\c\n\x00\x7f\u00a0é😀\u{e0001}'), '"a\\"b\\\\c\\n\\x00\\x7f\\u00a0é😀\\U000e0001"');
  assert.equal(quoteRune("'"), String.raw`'\''`);
});
