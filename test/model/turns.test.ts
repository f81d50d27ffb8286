import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { connectionArrived, enter, isTurnUsedUp, nextTurn } from '../../src/model/turns.ts';
import { watchTurns } from '../support/busy-turns.ts';
import { testPacer } from '../support/pace.ts';

test('each turn of the event loop lets one go on, in the order in which they came', async () => {
  const wentOn: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let slice = 1; slice <= 2; slice++) {
      await nextTurn();
      wentOn.push(`${name}${slice}`);
    }
  };
  const all = Promise.all([work('a'), work('b'), work('c')]);
  const seen: number[] = [];
  for (let turn = 0; turn < 6; turn++) {
    await tick();
    seen.push(wentOn.length);
  }
  await all;
  assert.deepEqual(wentOn, ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  for (const [turn, count] of seen.entries()) assert.ok(count <= turn + 1, `${count} in ${turn + 1} turns`);
});

/** In which order work goes on that needs so many turns each, by the names of those that it is for. */
async function orderOf(wanted: readonly (readonly [whose: string, turns: number])[]): Promise<string> {
  const wentOn: string[] = [];
  const work = async (whose: string, turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      await nextTurn(whose);
      wentOn.push(whose);
    }
  };
  await Promise.all(wanted.map(([whose, turns]) => work(whose, turns)));
  return wentOn.join('');
}

test('those for whom work is done take turns, however much is done for one of them', async () => {
  const much = Array.from({ length: 5 }, () => ['a', 2] as const);
  assert.equal(await orderOf([...much, ['b', 3], ['c', 1]]), 'abcababaaaaaaa');
});

test('work for the same one goes on in the order in which it came', async () => {
  const wentOn: number[] = [];
  await Promise.all([1, 2, 3].map((name) => nextTurn('a').then(() => wentOn.push(name))));
  assert.deepEqual(wentOn, [1, 2, 3]);
});

test('whoever begins to wait is next, and not behind the one that had the last turn', async () => {
  const wentOn: string[] = [];
  const note = (whose: string) => nextTurn(whose).then(() => wentOn.push(whose));
  const all = [note('a'), note('a'), note('a')];
  await all[0];
  all.push(note('b'));
  await Promise.all(all);
  assert.equal(wentOn.join(''), 'abaa');
});

test('work of one that needs little takes twice as long at most, however much another has to do', async (t) => {
  const clock = { now: 0 };
  t.mock.method(performance, 'now', () => clock.now);
  const isOver = { now: false };
  const takeSlice = (): void => {
    while (!isTurnUsedUp()) clock.now++;
  };
  const greedy = async (): Promise<void> => {
    while (!isOver.now) {
      await nextTurn('greedy');
      takeSlice();
    }
  };
  const all = Array.from({ length: 100 }, greedy);
  await nextTurn('modest');
  const began = clock.now;
  for (let slice = 0; slice < 10; slice++) {
    takeSlice();
    await nextTurn('modest');
  }
  const took = clock.now - began;
  isOver.now = true;
  await Promise.all(all);
  assert.ok(took <= 200, `${took} ms for 100 ms of work`);
});

test('all that is paced shares one slice of a turn, and whoever waited begins a new one', async (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  await nextTurn();
  now += 9;
  assert.equal(isTurnUsedUp(), false);
  now += 1;
  assert.equal(testPacer().due(), true, 'another request has no slice of its own');
  await nextTurn();
  assert.equal(isTurnUsedUp(), false);
});

test('a turn in which nobody waited has a slice as well', async (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  await tick();
  await tick();
  now += 50;
  assert.equal(isTurnUsedUp(), false);
  now += 10;
  assert.equal(isTurnUsedUp(), true);
  await tick();
  await tick();
  assert.equal(isTurnUsedUp(), false);
});

test('work of many keeps others waiting for one slice, not for one of each', async () => {
  const WORKERS = 40;
  let longest = Infinity;
  // On a busy machine garbage is collected in the turns of others; without slices every try takes far longer.
  for (let tries = 0; tries < 12 && longest > 150; tries++) {
    const busy = await watchTurns(async () => {
      const work = async (): Promise<void> => {
        const pacer = testPacer();
        await pacer.times(50_000, (i) => JSON.parse(`[${i}]`));
      };
      await Promise.all(Array.from({ length: WORKERS }, work));
    });
    longest = Math.min(longest, busy.longestTurn);
  }
  assert.ok(longest <= 150, `${longest} ms`);
});

/** Turns until work goes on, where a connection arrives in each of the first ones. */
async function turnsWithArrivals(count: number): Promise<number> {
  const work = { wentOn: false };
  const gone = nextTurn().then(() => (work.wentOn = true));
  let turns = 0;
  for (; !work.wentOn; turns++) {
    if (turns < count) connectionArrived();
    await tick();
  }
  await gone;
  return turns;
}

test('work waits while connections arrive, because each turn accepts one', async () => {
  assert.ok((await turnsWithArrivals(10)) > 10);
});

test('connections that never cease to arrive hold up work for a few turns alone', async () => {
  const turns = await turnsWithArrivals(1000);
  assert.ok(turns > 100 && turns < 150, `${turns} turns`);
});

test('what comes from outside is begun at once, in turns where much of it comes together, and in its order', async () => {
  await tick();
  await tick();
  const begun: number[] = [];
  for (let i = 0; i < 100; i++) enter(() => begun.push(i));
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7]);
  while (begun.length < 100) await tick();
  assert.deepEqual(
    begun,
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test('much that comes together leaves turns to others, and to work that waits', async () => {
  await tick();
  await tick();
  const seen = { begun: 0, worked: 0 };
  // What goes on behind an await counts as well.
  const busy = async (): Promise<void> => {
    seen.begun++;
    await Promise.resolve();
    const until = performance.now() + 1;
    while (performance.now() < until);
  };
  for (let i = 0; i < 60; i++) enter(() => void busy());
  const atTheSameTime: number[] = [];
  while (seen.begun < 60) {
    const before = seen.begun;
    void nextTurn().then(() => seen.worked++);
    await tick();
    atTheSameTime.push(seen.begun - before);
  }
  assert.ok(Math.max(...atTheSameTime) <= 8, `${Math.max(...atTheSameTime)} in one turn`);
  assert.ok(seen.worked >= 5, `work went on ${seen.worked} times`);
});

test('what comes from outside waits while connections arrive', async () => {
  await tick();
  await tick();
  let isBegun = false;
  connectionArrived();
  enter(() => (isBegun = true));
  for (let turn = 0; turn < 20; turn++) {
    await tick();
    assert.equal(isBegun, false);
    connectionArrived();
  }
  for (let turn = 0; turn < 4; turn++) await tick();
  assert.equal(isBegun, true);
});
