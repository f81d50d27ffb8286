import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, type Gateway } from '../read-once/world.ts';
import { askOf, NOW, shard, warmGateway } from './world.ts';

/** Asks again and again; what became of each. */
async function repeat(gateway: Gateway, times: number, pauseMs: number): Promise<readonly string[]> {
  gateway.pushes.length = 0;
  for (let i = 0; i < times; i++) {
    gateway.clock.pass(pauseMs);
    await gateway.refresh();
    await askOf(gateway, 10, 0);
  }
  return gateway.pushes;
}

test('a proof holds on while the replicas tell that nothing came up, and all are read once in ten minutes', async () => {
  const gateway = await warmGateway(shard('eu'));
  await askOf(gateway, 10, 0);
  const pushed = await repeat(gateway, 13, 50_000);
  assert.deepEqual(
    pushed.map((each, i) => (each === 'pushed' ? 'pushed' : i)),
    // What was renewed last, ten minutes after all were read, counts for two minutes more.
    Array.from({ length: 13 }, () => 'pushed'),
  );
  const rest = await repeat(gateway, 2, 50_000);
  assert.equal(rest.filter((each) => each === 'unproven').length, 1, rest.join(' '));
});

test('where nobody asked for two minutes, all are read', async () => {
  const gateway = await warmGateway(shard('eu'));
  await askOf(gateway, 10, 0);
  assert.deepEqual(await repeat(gateway, 2, 110_000), ['pushed', 'pushed']);
  assert.deepEqual(await repeat(gateway, 2, 121_000), ['unproven', 'unproven']);
});

test('a series that comes up after proofs were renewed is told of, and read', async () => {
  const begins = NOW + 6 * MINUTE;
  const eu = shard('eu');
  const [first, ...others] = eu.targets;
  const world = { ...eu, targets: [{ ...first!, series: [[{ from: begins, to: Infinity }]] }, ...others] };
  const gateway = await warmGateway(world);
  await askOf(gateway, 10, 0);
  const outcomes = await repeat(gateway, 8, 50_000);
  assert.deepEqual(
    outcomes.slice(0, 6),
    Array.from({ length: 6 }, () => 'pushed'),
  );
  assert.ok(!outcomes.slice(7).includes('pushed'), outcomes.join(' '));
});
