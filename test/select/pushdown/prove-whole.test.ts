import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../../support/evaluate-text.ts';
import { MINUTE, type Gateway } from '../read-once/world.ts';
import { scopeOf } from '../support.ts';
import { between, NOW, shard, warmGateway } from './world.ts';

const QUERY = 'count by (cluster) (m_total)';

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

/** Asks for some minutes, told by how long ago they were. */
async function askOf(gateway: Gateway, from: number, to: number): Promise<void> {
  const now = gateway.clock.at;
  const times = { start: now - from * MINUTE, end: now - to * MINUTE, step: MINUTE };
  await linesOf(QUERY, gateway.pushing.source(scopeOf({ pushdown: true })), times);
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
  // What may not be there yet, and a few scrapes.
  assert.ok(second! < 4 * MINUTE && third! < 4 * MINUTE, `${second} ${third}`);
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
