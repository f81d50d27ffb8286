import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { QueryContext } from '../../../../src/engine/context.ts';
import type { Operator } from '../../../../src/engine/operator.ts';
import { Buffered } from '../../../../src/engine/operators/shape/buffered.ts';
import { SampleBudget } from '../../../../src/engine/sample-budget.ts';
import { StepRow } from '../../../../src/engine/step-row.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { Pacer } from '../../../../src/model/pacer.ts';
import { nextTurn } from '../../../../src/model/turns.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const QUERY = {
  pacer: new Pacer({ signal: new AbortController().signal }),
  budget: new SampleBudget(1000, 'x'),
} as unknown as QueryContext;

/** Three series, of which the second has no value. */
function child(): Operator {
  let index = -1;
  return {
    open: async () => {},
    series: ['a', 'b', 'c'].map((i) => ({ labels: labelsFromRecord({ i }), dropName: i === 'c' })),
    next: (row) => {
      row.clear();
      if (++index === 3) return -1;
      if (index !== 1) row.setFloat(0, index);
      return index;
    },
  };
}

test('a buffer has the series and rows of its child, and lets the child go', async () => {
  let inner: Operator | undefined = child();
  const reference = new WeakRef(inner);
  const buffered = new Buffered(QUERY, inner, 1);
  inner = undefined;
  await buffered.open();
  await nextTurn();
  collectGarbage();
  assert.equal(reference.deref(), undefined);

  assert.deepEqual(
    [...buffered.series].map(({ labels, dropName }) => [labels.join('='), dropName]),
    [
      ['i=a', false],
      ['i=b', false],
      ['i=c', true],
    ],
  );
  const row = new StepRow(1);
  const rows: [number, number][] = [];
  for (let index = buffered.next(row); index >= 0; index = buffered.next(row)) rows.push([index, row.v[0]!]);
  assert.deepEqual(rows, [
    [0, 0],
    [2, 2],
  ]);
});
