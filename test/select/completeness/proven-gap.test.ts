import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { LEAST_PATIENCE_MS } from '../../../src/select/routing/fan-out-policy.ts';
import { failingBackend, type Fault } from '../../support/failing-backend.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { MINUTE, START, indexAt, replicaOf, scraped } from '../coverage/support.ts';
import { NEVER, REQUEST, messages, scopeOf, type Samples } from '../support.ts';

type Targets = Readonly<Record<string, Samples>>;

interface World {
  readonly a: Targets;
  readonly b: Targets;
  /** When `b` is read for the last time, minutes after the start. */
  readonly lostAt: number;
  /** When the query is asked. */
  readonly now: number;
  readonly range: readonly [from: number, to: number];
  /** As a select has it, ms. */
  readonly lookback?: number;
  readonly matchers?: typeof REQUEST.matchers;
  /** Whether the targets of both are the same now. */
  readonly areSame: boolean;
  /** How `b` fails. */
  readonly lost?: Fault;
}

const REFUSED: Fault = { failWith: { kind: 'unavailable', reason: 'connection refused' } };

/** The two replicas, of which `b` is lost once both were read and queried. */
async function lostIn(world: World, timers = SYSTEM_TIMERS) {
  const { lostAt, now, areSame } = world;
  const { index, clock } = indexAt(lostAt);
  const fault: Fault = {};
  const read: string[] = [];
  const [a, b] = (['a', 'b'] as const).map((name): Endpoint => {
    const other = endpointId(name === 'a' ? 'b:1' : 'a:1');
    const covered = new Map(areSame ? [[other, 1]] : []);
    const endpoint = replicaOf(name, world[name], 'chunks', { covered });
    const { backend } = endpoint;
    const failing = failingBackend(backend, name === 'b' ? fault : {});
    const counting: Endpoint['backend'] = {
      ...failing,
      select: (scope, request) => {
        read.push(`${name} ${request.matchers.map(({ value }) => value).join()}`);
        return failing.select(scope, request);
      },
    };
    return { ...endpoint, backend: counting };
  }) as [Endpoint, Endpoint];
  for (const endpoint of [a, b]) await index.refresh(endpoint);
  const [from, to] = world.range;
  const request = {
    ...REQUEST,
    matchers: world.matchers ?? [{ kind: '=', name: '__name__', value: 'm' } as const],
    minTime: START + from * MINUTE,
    maxTime: START + to * MINUTE,
    lookback: world.lookback,
  };
  const topology = fixedTopology([a, b]);
  const selection = createSelection({ topology: () => topology, coverage: index, timers, clock });
  const ask = async () => (await selection.source(scopeOf()).select(request, NEVER)).annotations;
  return {
    ask,
    read,
    lose: async () => {
      clock.at = START + now * MINUTE;
      Object.assign(fault, world.lost ?? REFUSED);
      read.length = 0;
    },
  };
}

async function remarks(world: World): Promise<readonly string[]> {
  const { ask, lose } = await lostIn(world);
  await lose();
  return messages(await ask());
}

const WHOLE = /^info: .*nothing is missing/;
const LIVE = { lostAt: 300, now: 301, range: [200, 301], areSame: true } as const;

describe('a lost replica, by the scrapes of the queried time,', () => {
  it('is replaced by one that has all of its targets, and their `up` is read once for that', async () => {
    const targets = { 1: scraped(0, 400), 2: scraped(0, 400) };
    const { ask, lose, read } = await lostIn({ ...LIVE, a: targets, b: targets });
    await lose();
    for (let times = 0; times < 3; times++) assert.match(messages(await ask()).join(), WHOLE);
    assert.deepEqual(read, ['a m', 'b m', 'a up', 'a m', 'b m', 'a m', 'b m']);
  });

  it('is missed where its sibling was away', async () => {
    const a = { 1: scraped(0, 400, [250, 260]), 2: scraped(0, 400, [250, 260]) };
    const b = { 1: scraped(0, 400), 2: scraped(0, 400) };
    assert.match(
      (await remarks({ ...LIVE, a, b })).join(),
      /^warning: .*its replica a:1 was away itself from .*/,
    );
  });

  it('is missed where its sibling did not reach one of the targets, but for selectors that cannot match it', async () => {
    const a = { 1: scraped(0, 400, [250, 260]), 2: scraped(0, 400) };
    const b = { 1: scraped(0, 400), 2: scraped(0, 400) };
    assert.match(
      (await remarks({ ...LIVE, a, b })).join(),
      /^warning: .*its replica a:1 did not scrape a target of it from/,
    );
    const matchers = [{ kind: '=', name: 'instance', value: '2' } as const];
    assert.match((await remarks({ ...LIVE, a, b, matchers })).join(), WHOLE);
  });

  it('is not missed by an instant vector that finds newer samples, and is by one that finds none', async () => {
    const a = { 1: scraped(0, 400, [250, 260]) };
    const b = { 1: scraped(0, 400) };
    const steps = (first: number, to: number): Partial<World> => ({
      range: [first - 20, to],
      lookback: 20 * MINUTE,
    });
    assert.match((await remarks({ ...LIVE, a, b, ...steps(265, 265) })).join(), WHOLE);
    assert.match(
      (await remarks({ ...LIVE, a, b, ...steps(255, 265) })).join(),
      /its replica a:1 was away itself/,
    );
    assert.match(
      (await remarks({ ...LIVE, a, b, ...steps(258, 258) })).join(),
      /its replica a:1 was away itself/,
    );
    assert.match(
      (await remarks({ ...LIVE, a, b, range: [245, 265] })).join(),
      /its replica a:1 was away itself/,
    );
  });

  it('is missed at as many times as are said', async () => {
    const a = { 1: scraped(0, 400, [250, 260], [270, 280]) };
    const b = { 1: scraped(0, 400) };
    assert.match(
      (await remarks({ ...LIVE, a, b })).join(),
      /was away itself from \S+ to \S+, and at another time/,
    );
  });

  it('is not missed where it was away together with its sibling', async () => {
    const targets = { 1: scraped(0, 400, [250, 260]) };
    assert.match((await remarks({ ...LIVE, a: targets, b: targets })).join(), WHOLE);
  });

  it('is missed where its sibling was away since both were read, which is read then', async () => {
    const a = { 1: scraped(0, 400, [301, 309]) };
    const b = { 1: scraped(0, 400) };
    const { ask, lose, read } = await lostIn({ ...LIVE, now: 310, range: [200, 310], a, b });
    await lose();
    assert.match(messages(await ask()).join(), /^warning: .*its replica a:1 was away itself from/);
    assert.deepEqual(read, ['a m', 'b m', 'a up']);
  });

  it('is missed where it has just begun to scrape other targets than its sibling, however few scrapes of it are known', async () => {
    const [a, b] = [{ 1: scraped(299, 400) }, { 2: scraped(299, 400) }];
    for (const lostAt of [299.05, 299.3, 300]) {
      const world = { a, b, lostAt, now: lostAt + 0.1, range: [298, 302], areSame: false } as const;
      assert.match((await remarks(world)).join(), /^warning: /, `lost at ${lostAt}`);
    }
  });

  for (const areSame of [true, false])
    it(`is missed where it took its targets over from its sibling, which goes on with others${areSame ? ' and seems to have the same' : ''}`, async () => {
      const [a, b] = [{ 1: scraped(0, 299), 2: scraped(0, 400) }, { 1: scraped(299, 400) }];
      for (const lostAt of [299.3, 300, 301]) {
        const world = { ...LIVE, a, b, areSame, lostAt, now: lostAt + 2 } as const;
        const asked = { range: [lostAt - 3, lostAt + 2], lookback: 5 * MINUTE } as const;
        assert.match((await remarks({ ...world, ...asked })).join(), /^warning: /, `lost at ${lostAt}`);
      }
    });

  it('is not missed where a target was taken away from both', async () => {
    const [a, b] = [
      { 1: scraped(0, 302), 2: scraped(0, 400) },
      { 1: scraped(0, 302), 2: scraped(0, 400) },
    ];
    assert.match((await remarks({ ...LIVE, a, b, now: 310, range: [200, 310] })).join(), WHOLE);
  });

  it('is missed where its sibling went away after it was lost', async () => {
    const a = { 1: scraped(0, 400, [320, 330]) };
    const b = { 1: scraped(0, 400) };
    const world = { ...LIVE, now: 350, range: [200, 350], a, b } as const;
    assert.match((await remarks(world)).join(), /^warning: .*its replica a:1 was away itself from/);
  });
});

describe('a lost replica of servers that scrape no more', () => {
  const DAYS = 24 * 60;
  const world = {
    a: { 1: scraped(0, 600) },
    b: { 1: scraped(0, 600) },
    lostAt: 30 * DAYS,
    now: 30 * DAYS + 1,
    range: [200, 500],
    areSame: false,
  } as const;

  it('is replaced once the queried time was read of both', async () => {
    const { ask, lose } = await lostIn(world);
    await ask();
    // What is read ahead goes on behind the answer.
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    await lose();
    assert.match(messages(await ask()).join(), WHOLE);
  });

  it('is not proven to be replaced before that, nor where its sibling lacks something', async () => {
    assert.match((await remarks(world)).join(), /^warning: .*it is not proven that a:1 holds the same ones/);
    const { ask, lose } = await lostIn({ ...world, a: { 1: scraped(0, 600, [300, 320]) } });
    await ask();
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    await lose();
    assert.match(messages(await ask()).join(), /^warning: .*it is not proven that a:1 holds the same ones/);
  });

  for (const areSame of [true, false])
    for (const now of [701, 720])
      it(`is replaced up to now, ${now - 700} minutes after it was lost${areSame ? ', by one that had the same targets' : ''}`, async () => {
        const { ask, lose } = await lostIn({ ...world, areSame, lostAt: 700, now, range: [500, now] });
        await ask();
        for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
        await lose();
        assert.match(messages(await ask()).join(), WHOLE);
      });

  it('is replaced where both scraped nothing in the range, if they had the same targets before', async () => {
    const idle = { ...world, lostAt: 700, now: 720, range: [690, 720] } as const;
    assert.match((await remarks({ ...idle, areSame: true })).join(), WHOLE);
    assert.match((await remarks(idle)).join(), /^warning: .*it is not proven that a:1 holds the same ones/);
  });

  it('is missed up to now where it still scraped, and its sibling did not', async () => {
    const b = { 1: scraped(0, 700) };
    const { ask, lose } = await lostIn({ ...world, b, lostAt: 700, now: 720, range: [500, 720] });
    await ask();
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    await lose();
    assert.match(messages(await ask()).join(), /^warning: /);
  });

  it('that freezes is cut when its time is over', async () => {
    const timers = new ManualTimers();
    const { ask, lose } = await lostIn({ ...world, lost: { delay: new Promise(() => {}) } }, timers);
    await ask();
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    await lose();
    const asked = ask();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await timers.fire(LEAST_PATIENCE_MS);
    assert.match(messages(await asked).join(), WHOLE);
  });
});
