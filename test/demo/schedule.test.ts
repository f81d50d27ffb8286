import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAway, outageText, REPLICAS } from '../../src/demo/schedule.ts';

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

test('the outages that are told are those that happen', () => {
  for (const { script } of REPLICAS) {
    const { from, to, every } =
      /^down from minute (?<from>\d+) to (?<to>\d+), then every (?<every>\d+) minutes$/.exec(
        outageText(script),
      )!.groups!;
    for (let minute = 0; minute < 3 * Number(every); minute++) {
      const inCycle = minute % Number(every);
      assert.equal(
        isAway(script, minute * MINUTE),
        inCycle >= Number(from) && inCycle < Number(to),
        `${outageText(script)}: minute ${minute}`,
      );
    }
  }
});
