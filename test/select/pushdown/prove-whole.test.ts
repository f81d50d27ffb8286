import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, type Gateway } from '../read-once/world.ts';
import { askOf, between, NOW, shard, warmGateway } from './world.ts';

/** The lengths of the windows that the server is asked about, ms. */
function asked(gateway: Gateway): number[] {
  const windows: number[] = [];
  between(gateway, async (own, scope, request) => {
    const window = /count_values.*?\[(\d+)ms\]/.exec(request.text)?.[1];
    if (window !== undefined) windows.push(Number(window));
    return own(scope, request);
  });
  return windows;
}

test('what was proven of a settled range is not asked again', async () => {
  const gateway = await warmGateway(shard('eu'));
  const windows = asked(gateway);
  // Both replicas have to be read first.
  for (const from of [45, 45, 45, 44, 45]) await askOf(gateway, from, 30);
  assert.deepEqual(gateway.pushes, ['unproven', 'pushed', 'pushed', 'pushed', 'pushed']);
  assert.equal(windows.length, 1);
});

test('what was proven is remembered also where targets begin inside of the range', async () => {
  const gateway = await warmGateway(shard('eu'));
  const windows = asked(gateway);
  for (let round = 0; round < 3; round++) await askOf(gateway, 55, 30);
  assert.deepEqual(gateway.pushes, ['unproven', 'pushed', 'pushed']);
  assert.equal(windows.length, 1);
});

test('at the live edge only what came since is asked for, and a little before that', async () => {
  const gateway = await warmGateway(shard('eu'));
  const windows = asked(gateway);
  for (let round = 0; round < 3; round++) {
    await askOf(gateway, 15, 0);
    gateway.clock.pass(2000);
  }
  assert.deepEqual(gateway.pushes, ['pushed', 'pushed', 'pushed']);
  const [first, second, third] = windows;
  assert.ok(first! > 15 * MINUTE, String(first));
  // The scrapes of a target follow one another, so only what comes behind its last one is open; and a few scrapes before that.
  for (const window of [second!, third!]) assert.ok(window < 1.5 * MINUTE, `${second} ${third}`);
});

test('a series that ended between two looks is found, although it had all samples before', async () => {
  const ends = NOW + 20_000;
  const eu = shard('eu');
  const [first, ...others] = eu.targets;
  const world = { ...eu, targets: [{ ...first!, series: [[{ from: 0, to: ends }]] }, ...others] };
  const gateway = await warmGateway(world);
  await askOf(gateway, 15, 0);
  gateway.clock.pass(45_000);
  await askOf(gateway, 15, 0);
  assert.deepEqual(gateway.pushes, ['pushed', 'not_whole']);
});
