import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf } from '../../../src/http/parameters/form.ts';
import { parseDedupFunc, readWishes } from '../../../src/http/parameters/wishes.ts';
import { refuses } from './refuses.ts';

test('a choice of stores is refused, since it would not be heeded', () => {
  const form = formOf([['storeMatch[]', '{a="b"}']]);
  assert.throws(() => readWishes(form), {
    kind: 'bad_data',
    message: /storeMatch\[\].*external labels/,
  });
});

test('deduplication is chosen by one of its names', () => {
  assert.equal(parseDedupFunc('gap-aware'), 'gap-aware');
  assert.equal(parseDedupFunc('chain'), 'chain');
  assert.equal(parseDedupFunc('penalty'), 'penalty');
  const message = 'unknown deduplication "toString": use one of gap-aware, chain, penalty';
  refuses(parseDedupFunc, 'toString', message);
});
