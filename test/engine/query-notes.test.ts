import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QueryNotes } from '../../src/engine/query-notes.ts';

const AT = { start: 0, end: 1 };
const MOST = 10_000;

describe('the remarks of a query', () => {
  it('occur once each, and are bounded where each step raises another', () => {
    const notes = new QueryNotes();
    const place = notes.at(AT);
    for (let round = 0; round < 2; round++) for (let i = 0; i < MOST; i++) place.warn(`quantile ${i}`);
    assert.equal(notes.list().length, MOST);
    for (let i = 0; i < MOST; i++) place.warn(`other ${i}`);
    const list = notes.list();
    assert.equal(list.length, MOST + 1);
    assert.deepEqual(list.at(-1), {
      kind: 'remark',
      severity: 'warning',
      message: 'the query raises more than 10000 different remarks, and the rest are not listed',
    });
  });

  it('are bounded where each metric has one of its own', () => {
    const notes = new QueryNotes();
    const place = notes.at(AT);
    const extent = { minBucket: 0, maxBucket: 1, maxDiff: 1, samples: 1, minTime: 0, maxTime: 1 };
    for (let i = 0; i < 2 * MOST; i++) place.forcedMonotonicity(`metric_${i}`, extent);
    assert.equal(notes.list().length, MOST + 1);
  });
});
