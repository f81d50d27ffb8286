import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestNames } from '../../../src/gateway/search/best-names.ts';
import { nameFilter, type NamePattern } from '../../../src/gateway/search/name-filter.ts';
import type { Scorer } from '../../../src/gateway/search/scoring.ts';
import { eagerPace, NO_PAUSE } from '../../support/pace.ts';

const patternOf = (terms: readonly string[], pattern: Partial<NamePattern> = {}): Scorer =>
  nameFilter({ terms, algorithm: 'subsequence', threshold: 0, caseSensitive: true, ...pattern });

const ABC = ['a', 'b', 'c'];
const everything = patternOf([]);

describe('the best names', () => {
  it('are the first ones of a list, or the last ones', async () => {
    const valuesIn = async (order: 'ascending' | 'descending', limit: number): Promise<unknown> => {
      const { names, hasMore } = await bestNames(ABC, everything, order, limit, NO_PAUSE);
      return [names.map(({ value }) => value).join(''), hasMore];
    };
    assert.deepEqual(await valuesIn('ascending', 2), ['ab', true]);
    assert.deepEqual(await valuesIn('descending', 2), ['cb', true]);
    assert.deepEqual(await valuesIn('ascending', 3), ['abc', false]);
  });

  it('by score are the same whatever the limit, equal ones in the order of the list', async () => {
    const scoreOf = (i: number): number => ((i * 7919) % 13) / 13 || 1;
    const names = Array.from({ length: 500 }, (_, i) => String(i).padStart(3, '0'));
    const scorer: Scorer = function* score(text) {
      yield;
      return Number(text) % 2 === 0 ? scoreOf(Number(text)) : undefined;
    };
    const expected = names
      .filter((name) => Number(name) % 2 === 0)
      .toSorted((a, b) => scoreOf(Number(b)) - scoreOf(Number(a)) || (a < b ? -1 : 1));
    for (const limit of [1, 2, 13, 249, 250, 251]) {
      const found = await bestNames(names, scorer, 'score', limit, NO_PAUSE);
      assert.deepEqual(
        found.names.map(({ value }) => value),
        expected.slice(0, limit),
      );
      assert.equal(found.hasMore, limit < 250);
    }
  });

  it('are looked for with pauses', async () => {
    const pace = eagerPace();
    const names = Array.from({ length: 6400 }, (_, i) => `name_${i}`);
    await bestNames(names, patternOf(['nothing']), 'ascending', 1, pace);
    assert.equal(pace.pauses, 100);
  });

  it('are compared with pauses where one is long', async () => {
    for (const pattern of [
      patternOf(['a'.repeat(1000) + 'b']),
      patternOf(['b'.repeat(999) + 'a'], { algorithm: 'jarowinkler', threshold: 1 }),
    ]) {
      const pace = eagerPace();
      const { names } = await bestNames(
        ['x'.repeat(500) + 'a'.repeat(20_000) + 'cb'],
        pattern,
        'score',
        1,
        pace,
      );
      assert.ok(pace.pauses > 50, String(pace.pauses));
      assert.ok(names.length <= 1);
    }
  });
});

describe('a pattern', () => {
  it('folds characters one by one', async () => {
    const find = async (term: string, value: string): Promise<boolean> => {
      const pattern = patternOf([term], { caseSensitive: false });
      return (await bestNames([value], pattern, 'ascending', 1, NO_PAUSE)).names.length === 1;
    };
    assert.ok(await find('ΟΔΟΣ', 'οδοσ'));
    assert.ok(await find('i', 'İ'));
    assert.ok(!(await find('ß', 'SS')));
  });

  it('needs one of its terms alone', async () => {
    const { names } = await bestNames(
      ['ax', 'bx', 'cx'],
      patternOf(['b', '', 'c']),
      'ascending',
      9,
      NO_PAUSE,
    );
    assert.deepEqual(
      names.map(({ value }) => value),
      ['bx', 'cx'],
    );
  });
});
