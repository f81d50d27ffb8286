import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerOf } from './share.ts';

const TARGETS = Array.from({ length: 300 }, (_, i) => `10.0.0.${i}:9100`);
const THREE = ['alloy-0', 'alloy-1', 'alloy-2'];

test('each replica has about as many targets as the others', () => {
  for (const replica of THREE) {
    const count = TARGETS.filter((target) => ownerOf(target, THREE) === replica).length;
    assert.ok(count > 70 && count < 130, `${replica} has ${count}`);
  }
});

test('the order of the replicas changes nothing', () => {
  for (const target of TARGETS) assert.equal(ownerOf(target, THREE.toReversed()), ownerOf(target, THREE));
});

test('a replica goes: its own targets move, and no others', () => {
  for (const target of TARGETS) {
    const before = ownerOf(target, THREE);
    const after = ownerOf(target, THREE.slice(1));
    assert.ok(before === 'alloy-0' ? after !== before : after === before);
  }
});
