import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf } from '../../../src/http/parameters/form.ts';
import { parseDedupFunc, readWishes } from '../../../src/http/parameters/wishes.ts';
import { refuses } from './refuses.ts';

test('endpoints are chosen by selectors, each of which is an alternative', () => {
  const form = formOf([
    ['storeMatch[]', '{a="b",__address__=~"10[.].*"}'],
    ['storeMatch[]', '{a!="c"}'],
  ]);
  assert.deepEqual(readWishes(form).endpoints, [
    [
      { kind: '=', name: 'a', value: 'b' },
      { kind: '=~', name: '__address__', value: '10[.].*' },
    ],
    [{ kind: '!=', name: 'a', value: 'c' }],
  ]);
});

test('a choice of endpoints that is no selector is refused, and so are too many', () => {
  assert.throws(() => readWishes(formOf([['storeMatch[]', '{a=']])), {
    kind: 'bad_data',
    message: /^invalid parameter "storeMatch\[\]": /,
  });
  const many = Array.from({ length: 501 }, () => ['storeMatch[]', '{a="b"}'] as const);
  assert.throws(() => readWishes(formOf(many)), { kind: 'bad_data', message: /501 selectors in storeMatch/ });
});

test('a choice of endpoints by regular expressions that are too large together is refused', () => {
  const large = Array.from(
    { length: 30 },
    (_, i) => ['storeMatch[]', `{a=~"${'a.b'.repeat(500)}${i}"}`] as const,
  );
  assert.throws(() => readWishes(formOf(large)), {
    kind: 'bad_data',
    message: /the first 14 regular expressions are too large together/,
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

test('whether servers may compute parts of aggregations is auto or off', () => {
  assert.equal(readWishes(formOf([])).pushdown, undefined);
  assert.equal(readWishes(formOf([['pushdown', 'auto']])).pushdown, true);
  assert.equal(readWishes(formOf([['pushdown', 'off']])).pushdown, false);
  assert.throws(() => readWishes(formOf([['pushdown', 'on']])), {
    kind: 'bad_data',
    message: 'invalid parameter "pushdown": expected auto or off, got "on"',
  });
});
