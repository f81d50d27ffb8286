import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf } from '../support/evaluate-text.ts';
import { exponential } from '../support/histograms.ts';
import { PointSource } from '../support/point-source.ts';
import { told } from '../support/scopes.ts';

const h = exponential({ positive: { 0: 1 } });
const SOURCE = new PointSource({
  'left{i="1"}': [[0, h]],
  'left{i="2"}': [[0, 2]],
  'right{i="1"}': [[0, h]],
  'right{i="2"}': [[0, h]],
});

async function remarksOf(text: string): Promise<readonly string[]> {
  const { annotations } = await answerOf(text, SOURCE, { start: 0 });
  return told(annotations).map(({ message }) => message);
}

test('of the pairs of a step that cannot be combined the last one is reported', async () => {
  assert.deepEqual(await remarksOf('left % on (i) right'), [
    'PromQL info: incompatible sample types encountered for binary operator "%": float % histogram',
  ]);
});

test('of the elements that cannot be combined with a scalar the last one is reported', async () => {
  assert.deepEqual(await remarksOf('2 >/ left'), [
    'PromQL info: incompatible sample types encountered for binary operator ">/": float >/ float',
  ]);
});

test('a function that gets no samples of a subquery still evaluates it', async () => {
  const remarks = await remarksOf('predict_linear((min(right))[1m:1m] @ 0, 60)');
  assert.deepEqual(remarks, ['PromQL info: ignored histogram in min aggregation']);
});
