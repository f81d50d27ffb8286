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

test('replica labels are read once each, up to 100', () => {
  const formWith = (count: number) =>
    formOf(Array.from({ length: count }, (_, i) => ['replicaLabels[]', `l${i >> 1}`] as const));
  assert.deepEqual(readWishes(formWith(4)).replicaLabels, ['l0', 'l1']);
  assert.equal(readWishes(formWith(200)).replicaLabels?.length, 100);
  assert.throws(() => readWishes(formWith(202)), {
    kind: 'bad_data',
    message: 'the request has 101 label names in replicaLabels[]; the most that are taken are 100',
  });
});
