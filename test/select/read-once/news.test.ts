import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failed } from '../../../src/model/result.ts';
import { MINUTE, START, gatewayOver, named, read, type Gateway, type Stray, type World } from './world.ts';

const NOW = 300 * MINUTE;
const ALWAYS = { from: 0, to: Infinity };
/** When something comes up on replica b alone; b scrapes 5 s before, and a 7 s after. */
const THEN = NOW + 20_000;
const LATER_MS = 22_000;

function pair(more: Partial<World> = {}, series: World['targets'][number]['series'] = []): World {
  return {
    spanMs: NOW + 60 * MINUTE,
    replicas: [
      { phase: 0.9, away: [] },
      { phase: 0.5, away: [] },
    ],
    targets: ['t0', 't1'].map((instance) => ({
      instance,
      intervalMs: 30_000,
      life: ALWAYS,
      failures: [[], []],
      series: instance === 't0' ? series : [],
    })),
    ...more,
  };
}

function stray(how: NonNullable<Stray['how']>, name = 'm'): Partial<World> {
  const labels = { __name__: name, job: 'api', instance: 't0', i: 'stray' };
  return { strays: [{ replica: 1, labels, from: THEN, how }] };
}

async function labelsOf(gateway: Gateway, which: 'once' | 'inFull', name = 'm'): Promise<readonly string[]> {
  const at = gateway.clock.at - START;
  const { series } = await read(gateway[which], named(name), at - 5 * MINUTE, at);
  return series.map((text) => text.slice(0, text.indexOf(': ')));
}

/** A gateway that asks one replica alone. */
async function learned(world: World, name?: string): Promise<Gateway> {
  const gateway = gatewayOver(world, NOW);
  await gateway.refresh();
  for (let round = 0; round < 3; round++) await labelsOf(gateway, 'once', name);
  assert.equal(gateway.reasons.at(-1), 'once');
  return gateway;
}

/** How a shard is read when something has come up, once it is sure that nothing is missing. */
async function readLater(world: World, name?: string): Promise<string> {
  const gateway = await learned(world, name);
  gateway.clock.pass(LATER_MS);
  gateway.reasons.length = 0;
  const expected = await labelsOf(gateway, 'inFull', name);
  assert.deepEqual(await labelsOf(gateway, 'once', name), expected);
  return gateway.reasons.join();
}

describe('what came up on a sibling alone since all were read', () => {
  it('is asked for where a scrape of it had a new series', async () => {
    assert.equal(await readLater(pair({}, [[{ from: NOW + 10_000, to: Infinity }]])), 'once_but_new');
  });

  it('is asked for where one scrape alone had the series', async () => {
    const world = pair({}, [[{ from: NOW + 10_000, to: NOW + 20_000 }]]);
    assert.equal(await readLater(world), 'once_but_new');
    // The sibling is asked for that target alone.
    const gateway = await learned(world);
    gateway.clock.pass(LATER_MS);
    gateway.asked[1]!.length = 0;
    await labelsOf(gateway, 'once');
    const matchers = gateway.asked[1]![0]!.matchers.map(({ name, value }) => `${name}=${value}`);
    assert.ok(matchers.includes('instance=t0') && !matchers.includes('instance=t1'), matchers.join());
  });

  it('is asked for where its target is new and fails', async () => {
    const { targets, ...rest } = pair();
    const [t0] = targets;
    const fresh = {
      ...t0!,
      instance: 'new',
      life: { from: NOW + 10_000, to: Infinity },
      failures: [[ALWAYS], [ALWAYS]],
    };
    assert.equal(await readLater({ ...rest, targets: [...targets, fresh] }, 'up'), 'once_but_new');
  });

  it('is asked for, with all else, where a rule was loaded or a block was put there', async () => {
    for (const how of ['rule', 'backfilled'] as const)
      assert.equal(await readLater(pair(stray(how))), 'once_but_changed', how);
  });

  it('is asked for, with all else, where scrapes may rename what they add', async () => {
    assert.equal(await readLater(pair(stray('renamed'))), 'once_but_new');
  });

  it('is asked for, with all else, where a replica does not tell', async () => {
    const gateway = await learned(pair());
    gateway.clock.pass(LATER_MS);
    gateway.endpoints[1]!.backend.origins!.news = async () =>
      failed({ kind: 'unavailable', endpoint: 'b', reason: 'refused' });
    await labelsOf(gateway, 'once');
    assert.deepEqual([gateway.reasons.at(-1), gateway.asked[1]!.length > 0], ['once_but_changed', true]);
    await labelsOf(gateway, 'once');
    assert.equal(gateway.reasons.at(-1), 'other_origins');
  });
});

describe('series that may come from elsewhere than scrapes', () => {
  it('are read from all replicas: those of a rule, and no others', async () => {
    const world = pair({
      strays: [{ replica: 1, labels: { __name__: 'by_rule', job: 'api', instance: 't0' }, how: 'rule' }],
    });
    const gateway = await learned(world);
    await labelsOf(gateway, 'once', 'by_rule');
    assert.equal(gateway.reasons.at(-1), 'other_origins');
  });

  it('are read from all replicas, whatever their names, where others may write to one', async () => {
    const gateway = gatewayOver(pair(stray('written', 'other')), NOW);
    await gateway.refresh();
    for (let round = 0; round < 5; round++) await labelsOf(gateway, 'once');
    assert.deepEqual(new Set(gateway.reasons), new Set(['other_origins']));
  });
});

describe('what replicas tell', () => {
  it('serves all queries of a second', async () => {
    const gateway = await learned(pair());
    let asked = 0;
    for (const { backend } of gateway.endpoints) {
      const { origins } = backend;
      const news = origins!.news.bind(origins);
      origins!.news = async (signal) => {
        asked++;
        return news(signal);
      };
    }
    gateway.clock.pass(LATER_MS);
    await Promise.all([1, 2, 3].map(async () => labelsOf(gateway, 'once')));
    gateway.clock.pass(1000);
    await labelsOf(gateway, 'once');
    assert.equal(asked, 2);
    gateway.clock.pass(1);
    await labelsOf(gateway, 'once');
    assert.equal(asked, 4);
  });
});
