import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import { commonSpacing, IntervalSurvey } from '../../../src/select/series/interval-survey.ts';

const A = endpointId('a:1');
const B = endpointId('b:1');
const C = endpointId('c:1');

function surveyOf(...seen: readonly (readonly [typeof A, number])[]): IntervalSurvey {
  const survey = new IntervalSurvey();
  for (const [endpoint, interval] of seen) survey.saw(endpoint, interval);
  return survey;
}

describe('a survey of intervals', () => {
  it('finds the slowest of each endpoint, and that others have no series', () => {
    const survey = surveyOf([A, 15_000], [A, 30_000], [A, 20_000], [B, 5000]);
    assert.deepEqual(
      [...survey.found([A, B, C])],
      [
        [A, 30_000],
        [B, 5000],
        [C, 0],
      ],
    );
  });

  it('finds a slow one only where all are', () => {
    assert.deepEqual([...surveyOf([A, 15_000], [A, 300_000]).found([A])], [[A, 15_000]]);
    assert.deepEqual([...surveyOf([A, 600_000], [A, 300_000]).found([A])], [[A, 600_000]]);
  });

  it('tells nothing where nothing is known', () => {
    assert.deepEqual([...surveyOf().found([A])], []);
    const survey = surveyOf();
    survey.sawMean(A, Infinity);
    assert.deepEqual([...survey.found([A, B])], []);
    survey.saw(B, 15_000);
    assert.deepEqual([...survey.found([A, B])], [[B, 15_000]]);
  });

  it('takes no mean for more than it can be, and an interval as it is', () => {
    const survey = surveyOf([C, 30_000]);
    survey.sawMean(A, 29_000);
    survey.sawMean(B, 10_000);
    survey.sawMean(C, 29_000);
    survey.longestMean = 15_000;
    assert.deepEqual(
      [...survey.found([A, B, C])],
      [
        [A, 15_000],
        [B, 10_000],
        [C, 30_000],
      ],
    );
  });

  it('takes for common what half of the series stay below', () => {
    const kinds = [29_000, 0, 15_000, 15_000, 15_000, 29_000, 15_000];
    const spacings = Float64Array.from({ length: 100_000 }, (_, i) => kinds[i % kinds.length]!);
    assert.equal(commonSpacing(spacings), 15_000);
    assert.equal(commonSpacing(new Float64Array(3)), 0);
  });
});
