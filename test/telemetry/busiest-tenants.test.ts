import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusiestTenants, OTHERS } from '../../src/telemetry/busiest-tenants.ts';

test('tenants are named as long as there are few', () => {
  const busiest = new BusiestTenants(() => assert.fail('nobody is displaced'), 2);
  for (const tenant of ['a', 'b', 'c', 'a']) busiest.count(tenant);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((tenant) => busiest.nameOf(tenant)),
    ['a', 'b', OTHERS, OTHERS],
  );
});

test('one with more requests takes the place of the one with the fewest, and two that ask alike take no turns', () => {
  const displaced: string[] = [];
  const busiest = new BusiestTenants((tenant) => displaced.push(tenant), 2);
  const count = (tenant: string, times: number): void => {
    for (let i = 0; i < times; i++) busiest.count(tenant);
  };
  count('a', 100);
  count('b', 10);
  count('c', 12);
  assert.deepEqual(displaced, []);
  count('c', 1);
  assert.deepEqual([displaced, busiest.nameOf('b'), busiest.nameOf('c')], [['b'], OTHERS, 'c']);
  for (let i = 0; i < 100; i++) for (const tenant of ['b', 'c']) busiest.count(tenant);
  assert.deepEqual(displaced, ['b']);
  count('b', 100);
  assert.deepEqual(displaced, ['b', 'a']);
});

test('any number of tenants is counted in bounded memory, and a busy one among them is found', () => {
  const busiest = new BusiestTenants(() => undefined);
  for (let i = 0; i < 100_000; i++) {
    busiest.count(`t${i}`);
    if (i % 100 === 0) busiest.count('busy');
  }
  assert.equal(busiest.nameOf('busy'), 'busy');
  assert.equal(busiest.nameOf('t99999'), OTHERS);
});
