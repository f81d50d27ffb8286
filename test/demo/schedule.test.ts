import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAway, REPLICAS } from '../../src/demo/schedule.ts';

const MINUTE = 60_000;

test('each shard has two replicas, and at any time one of them is there', () => {
  for (const shard of ['eu', 'us']) {
    const scripts = REPLICAS.filter((replica) => replica.shard === shard).map(({ script }) => script);
    assert.equal(scripts.length, 2);
    for (let at = -180 * MINUTE; at < 60 * MINUTE; at += MINUTE / 4) {
      assert.ok(!scripts.every((script) => isAway(script, at)), `${shard} at minute ${at / MINUTE}`);
    }
  }
});

test('every replica is away at some time, and at the start all are there', () => {
  for (const { script } of REPLICAS) {
    const minutes = Array.from({ length: 180 }, (_, i) => -i * MINUTE);
    assert.ok(minutes.some((at) => isAway(script, at)));
    assert.ok(!isAway(script, 0));
  }
});
