import assert from 'node:assert/strict';
import { test } from 'node:test';
import { responseProblem } from './compare-responses.ts';
import type { ApiHistogram, ApiResponse, ApiSeries } from './corpus.ts';

function vector(...result: readonly ApiSeries[]): ApiResponse {
  return { status: 'success', data: { resultType: 'vector', result } };
}

function sample(label: string, value: string): ApiSeries {
  return { metric: { a: label, b: '1' }, value: [10, value] };
}

function histogram(h: ApiHistogram): ApiSeries {
  return { metric: {}, histogram: [10, h] };
}

test('order of series and of labels, and rounding, do not matter', () => {
  const actual = vector(
    { metric: { b: '1', a: 'y' }, value: [10, '0.30000000000000004'] },
    sample('x', 'NaN'),
  );
  assert.equal(responseProblem('m', vector(sample('x', 'NaN'), sample('y', '0.3')), actual), undefined);
});

test('other values, times and series do', () => {
  const expected = vector(sample('x', '1'));
  const problem = (actual: ApiResponse): string => responseProblem('m', expected, actual) ?? '';
  assert.match(problem(vector(sample('x', '1.00000001'))), /expected 1, got 1.00000001/);
  assert.match(problem(vector(sample('x', '+Inf'))), /expected 1, got \+Inf/);
  assert.match(problem(vector({ ...sample('x', '1'), value: [11, '1'] })), /the next one is at 11/);
  assert.match(problem(vector()), /series .* is missing, got none/);
  assert.match(problem(vector(sample('x', '1'), sample('y', '1'))), /unexpected series .*"y"/);
  assert.match(problem(vector(sample('x', '1'), sample('x', '1'))), /the same labels come twice/);
  assert.match(problem({ status: 'error', errorType: 'execution', error: 'no' }), /expected .*success/);
});

test('of histograms, bounds have to be the same text', () => {
  const h: ApiHistogram = { count: '3', sum: '1', buckets: [[0, '0.5', '1', '3']] };
  const problem = (actual: ApiHistogram): string =>
    responseProblem('h', vector(histogram(h)), vector(histogram(actual))) ?? '';
  assert.equal(problem({ ...h, sum: '1.0000000000001' }), '');
  assert.match(problem({ ...h, buckets: [[0, '0.50', '1', '3']] }), /expected buckets/);
  assert.match(problem({ ...h, buckets: [[0, '0.5', '1', '4']] }), /expected buckets/);
  assert.match(problem({ ...h, count: '4' }), /count: expected 3, got 4/);
});

test('topk may keep other series of the same values', () => {
  const [x, y] = [vector(sample('x', '1')), vector(sample('y', '1'))];
  assert.equal(responseProblem('topk(1, m)', x, y), undefined);
  assert.match(responseProblem('topk(1, m)', x, vector(sample('y', '2'))) ?? '', /is missing/);
  assert.match(responseProblem('max(m)', x, y) ?? '', /is missing/);
});

test('remarks are compared with their positions, in any order', () => {
  const remarked = (...warnings: readonly string[]): ApiResponse => ({ ...vector(), warnings });
  assert.equal(
    responseProblem('m', remarked('a (1:1)', 'b (1:2)'), remarked('b (1:2)', 'a (1:1)')),
    undefined,
  );
  assert.match(responseProblem('m', remarked('a (1:1)'), remarked('a (1:2)')) ?? '', /expected warnings/);
  assert.match(responseProblem('m', remarked('a (1:1)'), remarked()) ?? '', /got \[\]/);
});
