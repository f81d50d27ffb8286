import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { annotationsOf } from '../../../src/backend/prometheus/api-call.ts';

/** What is said beside an answer with these warnings. */
const said = (warnings: unknown): readonly string[] =>
  annotationsOf({ warnings }).map((note) => (note.kind === 'incomplete' ? note.message : note.kind));

const UNREADABLE = 'the server says something beside its answer, but not in a form that can be read';

describe('warnings of a server', () => {
  test('are none where there are none', () => {
    for (const none of [undefined, null, []]) assert.deepEqual(said(none), []);
  });

  test('are never left out, whatever their form is', () => {
    assert.deepEqual(said(['one', 'two']), ['one', 'two']);
    assert.deepEqual(said('half is missing'), ['half is missing']);
    assert.deepEqual(said([null, 'one', 2]), [UNREADABLE, 'one']);
    for (const odd of [{ a: 1 }, 1, true, [[]]]) assert.deepEqual(said(odd), [UNREADABLE]);
  });

  test('are counted where they are many', () => {
    const many = said(Array.from({ length: 102 }, (_, i) => `w${i}`));
    assert.deepEqual([many.length, many.at(-1)], [101, 'and 2 more']);
  });
});
