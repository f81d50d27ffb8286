import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSignificant } from '../../../src/engine/kernels/format-significant.ts';
import { quote } from '../../../src/model/quote.ts';
import { forcedMonotonicity, counterNameRemark } from '../../../src/engine/kernels/remarks.ts';

test('names are quoted as by Go', () => {
  assert.equal(quote('up'), '"up"');
  assert.equal(quote('a\x00é\u200b😀"\\ \n'), '"a\\x00é\\u200b😀\\"\\\\ \\n"');
});

test('significant digits are rounded half to even and lose their zeros', () => {
  assert.equal(formatSignificant(125, 2), '1.2e+02');
  assert.equal(formatSignificant(135, 2), '1.4e+02');
  assert.equal(formatSignificant(10, 2), '10');
  assert.equal(formatSignificant(5, 2), '5');
  assert.equal(formatSignificant(0.00001234, 2), '1.2e-05');
  assert.equal(formatSignificant(0.0001234, 2), '0.00012');
  assert.equal(formatSignificant(Infinity, 2), '+Inf');
});

test('forced monotonicity tells buckets, depth, samples and times', () => {
  const extent = { minBucket: 2, maxBucket: 6, maxDiff: 1.234, samples: 3, minTime: 0, maxTime: 60_999 };
  assert.equal(
    forcedMonotonicity('m', extent),
    'PromQL info: input to histogram_quantile needed to be fixed for monotonicity ' +
      '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) ' +
      'for metric name "m", from buckets 2 to 6, with a max diff of 1.2, ' +
      'over 3 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z',
  );
});

test('names of counters are known by suffix or by type label', () => {
  for (const name of ['a_total', 'a_sum', 'a_count', 'a_bucket', '']) {
    assert.equal(counterNameRemark(name, undefined), undefined);
  }
  assert.equal(
    counterNameRemark('memory', undefined),
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "memory"',
  );
  assert.equal(counterNameRemark('memory', 'counter'), undefined);
  assert.equal(
    counterNameRemark('memory', 'gauge'),
    'PromQL info: metric might not be a counter, __type__ label is not set to "counter" or "histogram", got "gauge": "memory"',
  );
});
