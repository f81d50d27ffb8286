import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evaluated } from '../../../src/backend/evaluate-call.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { columnsOf } from '../support.ts';
import { MINUTE, type Gateway } from '../read-once/world.ts';
import { altered, askOf, between, NOW, shard, warmGateway } from './world.ts';

const ONE = columnsOf([[NOW, 1]]);

/** The lengths of the windows that the server is asked about, ms: by its series, and by its scrapes alone. */
function asked(gateway: Gateway): { readonly series: number[]; readonly scrapes: number[] } {
  const windows = { series: [] as number[], scrapes: [] as number[] };
  between(gateway, async (own, scope, request) => {
    const fact = /"(series|constant)"/.exec(request.text)?.[1];
    if (fact !== undefined) {
      const length = Number(/\[(\d+)ms\]/.exec(request.text)![1]);
      windows[fact === 'series' ? 'series' : 'scrapes'].push(length);
    }
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
  assert.equal(windows.series.length, 1);
  assert.equal(windows.scrapes.length, 0);
});

test('what was proven is remembered also where targets begin inside of the range', async () => {
  const gateway = await warmGateway(shard('eu'));
  const windows = asked(gateway);
  for (let round = 0; round < 3; round++) await askOf(gateway, 55, 30);
  assert.deepEqual(gateway.pushes, ['unproven', 'pushed', 'pushed']);
  assert.equal(windows.series.length, 1);
  assert.equal(windows.scrapes.length, 0);
});

test('at the live edge only what came since is asked for, and a little before that', async () => {
  const gateway = await warmGateway(shard('eu'));
  const windows = asked(gateway);
  for (let round = 0; round < 3; round++) {
    await askOf(gateway, 15, 0);
    gateway.clock.pass(2000);
  }
  assert.deepEqual(gateway.pushes, ['pushed', 'pushed', 'pushed']);
  assert.equal(windows.series.length, 1);
  assert.ok(windows.series[0]! > 15 * MINUTE, windows.series.join(' '));
  // The scrapes of a target follow one another, so only what comes behind its last one is open; and a few scrapes before that.
  assert.equal(windows.scrapes.length, 2);
  for (const window of windows.scrapes) assert.ok(window < 1.5 * MINUTE, windows.scrapes.join(' '));
});

test('while scrapes have the same series, samples are counted once in ten minutes', async () => {
  const gateway = await warmGateway(shard('eu'));
  const windows = asked(gateway);
  for (let i = 0; i < 14; i++) {
    gateway.clock.pass(50_000);
    await gateway.refresh();
    await askOf(gateway, 15, 0);
  }
  // The first question is as long as its range, the second one reaches from what was counted to now.
  assert.equal(windows.series.length, 2);
  assert.ok(windows.series[1]! < 2.5 * MINUTE, windows.series.join(' '));
  assert.ok(windows.scrapes.length >= 10, String(windows.scrapes.length));
});

test('series with times of their own are counted each time', async () => {
  const gateway = await warmGateway(shard('eu'));
  altered(gateway, (given, { text }) =>
    text.includes('"apart"')
      ? {
          ...given,
          series: [...given.series, { labels: labelsFromRecord({ __part__: 'apart' }), values: ONE }],
        }
      : given,
  );
  const windows = asked(gateway);
  for (let round = 0; round < 3; round++) {
    await askOf(gateway, 15, 0);
    gateway.clock.pass(2000);
  }
  assert.deepEqual(gateway.pushes, ['pushed', 'pushed', 'pushed']);
  assert.equal(windows.series.length, 3);
  assert.equal(windows.scrapes.length, 0);
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

for (const [what, change] of [
  ['do not tell of themselves', (given) => without(given, 'constant')],
  ['are fewer than is known', (given) => without(given, 'scrapes')],
  ['have a remark', (given) => ({ ...given, isPlain: false })],
] as const satisfies readonly (readonly [string, (given: Evaluated) => Evaluated])[])
  test(`where scrapes ${what}, samples are counted`, async () => {
    const gateway = await warmGateway(shard('eu'));
    altered(gateway, (given, { text }) => (text.includes('"constant"') ? change(given) : given));
    const windows = asked(gateway);
    for (let round = 0; round < 2; round++) {
      await askOf(gateway, 15, 0);
      gateway.clock.pass(2000);
    }
    assert.deepEqual(gateway.pushes, ['pushed', 'pushed']);
    assert.deepEqual([windows.series.length, windows.scrapes.length], [2, 1]);
  });

function without(given: Evaluated, fact: string): Evaluated {
  return { ...given, series: given.series.filter(({ labels }) => !labels.includes(fact)) };
}
