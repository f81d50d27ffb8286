import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimeRange } from '../../../src/model/time-range.ts';
import { MINUTE, START, indexAt, replicaOf, scraped } from './support.ts';

const A = replicaOf('a', { 1: scraped(0, 600, [250, 260]), 2: scraped(0, 600) });
const B = replicaOf('b', { 1: scraped(0, 600), 2: scraped(0, 600) });

function range(from: number, to: number): TimeRange {
  return { minTime: START + from * MINUTE, maxTime: START + to * MINUTE };
}

/** Both replicas as they were read 290 minutes after the start. */
async function world() {
  const { index, clock } = indexAt(290);
  for (const endpoint of [A, B]) await index.refresh(endpoint);
  return { index, clock };
}

test('nothing is lost with a replica whose sibling has all of its targets, in a range that is a little wider', async () => {
  const { index } = await world();
  const lost = (from: number, to: number) => index.nothingLost.in(B, [A], range(from, to), 2);
  assert.deepEqual(await Promise.all([lost(190, 230), lost(230, 290), lost(265, 290)]), [true, false, false]);
  assert.equal(await index.nothingLost.in(A, [B], range(190, 290), 2), true);
});

test('the answer is remembered until more is known', async () => {
  const { index, clock } = await world();
  let compared = 0;
  const compare = index.compare.bind(index);
  index.compare = (...question) => {
    compared++;
    return compare(...question);
  };
  const ask = () => index.nothingLost.in(A, [B], range(190, 290), 2);
  assert.deepEqual([await ask(), await ask(), compared], [true, true, 1]);
  clock.at += MINUTE;
  await index.refresh(B);
  assert.deepEqual([await ask(), compared], [true, 2]);
});

test('what is not known is not remembered', async () => {
  const { index } = await world();
  const older = range(30, 50);
  assert.equal(await index.nothingLost.in(A, [B], older, 2), false);
  for (const endpoint of [A, B]) await index.load(endpoint, { ...older, minTime: START });
  assert.equal(await index.nothingLost.in(A, [B], older, 2), true);
});
