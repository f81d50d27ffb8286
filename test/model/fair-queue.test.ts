import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { QueryError } from '../../src/model/errors.ts';
import { FairQueue } from '../../src/model/fair-queue.ts';

const FOREVER = new AbortController().signal;

/** Work that notes when it starts and ends at the next turn of the event loop. */
function work(name: string, started: string[]): () => Promise<void> {
  return async () => {
    started.push(name);
    await nextTurn();
  };
}

/** Shares without bounds of their own. */
const free = (...keys: readonly string[]) => keys.map((key) => ({ key }));

describe('a fair queue', () => {
  it('lets as many in as it has places, in the order of their arrival', async () => {
    const queue = new FairQueue({ places: 2 });
    const started: string[] = [];
    let most = 0;
    await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) =>
        queue.run('one', FOREVER, async () => {
          most = Math.max(most, queue.active);
          await work(name, started)();
        }),
      ),
    );
    assert.deepEqual(started, ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual([most, queue.active, queue.waiting], [2, 0, 0]);
  });

  it('gives each key a turn before any gets a second', async () => {
    const queue = new FairQueue({ places: 1 });
    const started: string[] = [];
    const greedy = ['g0', 'g1', 'g2', 'g3'].map((name) => queue.run('greedy', FOREVER, work(name, started)));
    const modest = queue.run('modest', FOREVER, work('m', started));
    const other = queue.run('other', FOREVER, work('o', started));
    await Promise.all([...greedy, modest, other]);
    assert.deepEqual(started, ['g0', 'g1', 'm', 'o', 'g2', 'g3']);
  });

  it('keeps places for what needs several of them, once enough others went by', async () => {
    const queue = new FairQueue({ places: 9 });
    const shares = (...keys: readonly string[]) => keys.map((key) => ({ key, most: 1 }));
    const holding = new Map(['a', 'b'].map((key) => [key, queue.tryEnter(key, shares(key))!]));
    const waiting = new Map(['a', 'b'].map((key) => [key, queue.enter(key, FOREVER, shares(key))]));
    const both: (() => void)[] = [];
    void queue.enter('a|b', FOREVER, shares('a', 'b')).then((leave) => both.push(leave));
    let rounds = 0;
    for (; both.length === 0 && rounds < 100; rounds++) {
      // One of the two leaves, the next of its line takes the place, and one more comes.
      const key = rounds % 2 === 0 ? 'a' : 'b';
      holding.get(key)?.();
      const next = await Promise.race([waiting.get(key)!, nextTurn(undefined)]);
      if (next === undefined) holding.delete(key);
      else {
        holding.set(key, next);
        waiting.set(key, queue.enter(key, FOREVER, shares(key)));
      }
      assert.equal(queue.tryEnter(key, shares(key)), undefined, 'nobody walks past');
      await nextTurn();
    }
    assert.ok(both.length === 1 && rounds < 20, `${rounds} rounds`);
    both[0]!();
  });

  it('lets nobody have more places than one may have, and others pass by', async () => {
    const queue = new FairQueue({ places: 3, mostOfOne: 2 });
    const leave = [queue.tryEnter('a')!, queue.tryEnter('a')!];
    assert.equal(queue.tryEnter('a'), undefined);
    const third = queue.enter('a', FOREVER);
    assert.equal(queue.waiting, 1);
    leave.push(queue.tryEnter('b')!);
    assert.equal(queue.tryEnter('b'), undefined, 'all places are taken');
    leave.pop()!();
    assert.deepEqual([queue.active, queue.waiting], [2, 1], 'a place is free, and not for `a`');
    leave.pop()!();
    (await third)();
    leave.pop()!();
    assert.deepEqual([queue.active, queue.waiting], [0, 0]);
  });

  it('gives a place to the key that has the fewest, so that long work does not come to hold all', async () => {
    const queue = new FairQueue({ places: 4 });
    const leaves = [queue.tryEnter('slow')!, queue.tryEnter('slow')!, queue.tryEnter('slow')!];
    const quick = queue.tryEnter('quick')!;
    const entered: string[] = [];
    const enter = async (key: string): Promise<void> => {
      leaves.push(await queue.enter(key, FOREVER));
      entered.push(key);
    };
    for (const key of ['slow', 'slow', 'quick', 'quick', 'new']) void enter(key);
    quick();
    await nextTurn();
    leaves.shift()!();
    await nextTurn();
    leaves.shift()!();
    await nextTurn();
    assert.deepEqual(entered, ['quick', 'new', 'slow']);
  });

  it('holds a key to a share of its own, and forgets it with its last place', async () => {
    const queue = new FairQueue({ places: 5 });
    const full = (): QueryError => new QueryError('overloaded', 'own');
    const own = [{ key: 'a', most: 1, mostWaiting: 1, full }];
    const leave = queue.tryEnter('a', own)!;
    const second = queue.enter('a', FOREVER, own);
    await assert.rejects(queue.enter('a', FOREVER, own), /own/);
    assert.deepEqual([queue.active, queue.waiting, queue.refused], [1, 1, 1]);
    queue.tryEnter('b')!();
    leave();
    (await second)();
    assert.deepEqual(
      [queue.tryEnter('a'), queue.tryEnter('a')].map((each) => typeof each),
      ['function', 'function'],
    );
  });

  it('lets those in at once that wait by a share that is no more, or has grown', async () => {
    const queue = new FairQueue({ places: 5 });
    const full = (): QueryError => new QueryError('overloaded', 'own');
    const own = [{ key: 'a', most: 1, mostWaiting: 9, full }];
    queue.tryEnter('a', own);
    const entered = [queue.enter('a', FOREVER, own), queue.enter('a', FOREVER, own)];
    assert.deepEqual([queue.active, queue.waiting], [1, 2]);
    assert.equal(typeof queue.tryEnter('a', [{ key: 'a', most: 2 }]), 'undefined');
    assert.deepEqual([queue.active, queue.waiting], [2, 1]);
    assert.equal(typeof queue.tryEnter('a'), 'function');
    assert.deepEqual([queue.active, queue.waiting, queue.shares], [4, 0, 0]);
    await Promise.all(entered);
  });

  it('remembers no share of who comes when its time is over, or does not wait', async () => {
    const queue = new FairQueue({ places: 1 });
    const own = (key: string) => [{ key, most: 1 }];
    queue.tryEnter('a');
    const late = AbortSignal.abort(new Error('late'));
    for (const key of ['b', 'c']) {
      assert.equal(queue.tryEnter(key, own(key)), undefined);
      await assert.rejects(queue.enter(key, late, own(key)), /late/);
    }
    assert.equal(queue.shares, 0);
    const leaving = new AbortController();
    const waiting = queue.enter('b', leaving.signal, own('b'));
    assert.equal(queue.shares, 1);
    leaving.abort(new Error('gone'));
    await assert.rejects(waiting, /gone/);
    assert.equal(queue.shares, 0);
  });

  describe('for what is for several', () => {
    const full = (key: string) => (): QueryError => new QueryError('overloaded', `full ${key}`);
    const of = (...keys: readonly string[]) =>
      keys.map((key) => ({ key, most: 2, mostWaiting: 2, full: full(key) }));

    it('takes a place of each, and waits for whichever has none', async () => {
      const queue = new FairQueue({ places: 9 });
      const [first, second] = [queue.tryEnter('a', of('a'))!, queue.tryEnter('a+b', of('a', 'b'))!];
      assert.equal(queue.active, 2);
      assert.equal(queue.tryEnter('a', of('a')), undefined, 'a has both of its places');
      assert.equal(queue.tryEnter('a+c', of('a', 'c')), undefined);
      const third = queue.enter('a+b', FOREVER, of('a', 'b'));
      queue.tryEnter('b', of('b'))!();
      first();
      assert.deepEqual([queue.active, queue.waiting], [2, 0]);
      (await third)();
      second();
      assert.deepEqual([queue.active, queue.shares], [0, 0]);
    });

    it('has no more that wait for one by naming it in other company', async () => {
      const queue = new FairQueue({ places: 9 });
      for (let i = 0; i < 2; i++) queue.tryEnter('a', of('a'));
      const waiting = [queue.enter('a', FOREVER, of('a')), queue.enter('a+b', FOREVER, of('a', 'b'))];
      await assert.rejects(queue.enter('a+c', FOREVER, of('a', 'c')), /full a/);
      await assert.rejects(queue.enter('c+a', FOREVER, of('c', 'a')), /full a/);
      assert.deepEqual([queue.waiting, queue.refused], [2, 2]);
      assert.equal(typeof queue.tryEnter('b', of('b')), 'function');
      assert.equal(waiting.length, 2);
    });

    it('counts for the one that has the most places', async () => {
      const queue = new FairQueue({ places: 2, mostOfOne: 2 });
      const [first] = [queue.tryEnter('a')!, queue.tryEnter('a+b', free('a', 'b'))];
      const entered: string[] = [];
      const enter = async (key: string, keys: readonly string[]): Promise<void> => {
        await queue.enter(key, FOREVER, free(...keys));
        entered.push(key);
      };
      void enter('a+d', ['a', 'd']);
      void enter('c', ['c']);
      first();
      await nextTurn();
      assert.deepEqual(entered, ['c'], 'a has a place already');
    });

    it('makes room for others where one has most that wait, in whichever company', async () => {
      const queue = new FairQueue({ places: 1, mostWaiting: 3 });
      queue.tryEnter('x');
      const waits = ['b', 'c', 'd'].map((other) => queue.enter(`a+${other}`, FOREVER, free('a', other)));
      const told = Promise.allSettled(waits);
      const late = queue.enter('e', FOREVER);
      assert.equal(queue.waiting, 3);
      assert.equal(queue.refused, 1);
      queue.resize({ places: 9 });
      (await late)();
      const refused = (await told).filter(({ status }) => status === 'rejected');
      assert.equal(refused.length, 1);
    });
  });

  it('lets more in at once where it gets more places, and ends nothing where it gets fewer', async () => {
    const queue = new FairQueue({ places: 1 });
    const leaves = [queue.tryEnter('a')!];
    const second = queue.enter('a', FOREVER);
    queue.resize({ places: 2, mostWaiting: 5 });
    leaves.push(await second);
    queue.resize({ places: 1, mostWaiting: 5 });
    assert.equal(queue.active, 2);
    leaves[0]!();
    assert.equal(queue.tryEnter('a'), undefined);
    leaves[1]!();
    assert.notEqual(queue.tryEnter('a'), undefined);
  });

  it('gives the place of work that fails to the next', async () => {
    const queue = new FairQueue({ places: 1 });
    const failing = queue.run('a', FOREVER, () => Promise.reject(new Error('no')));
    const next = queue.run('a', FOREVER, async () => 'yes');
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'yes');
  });

  it('forgets who gives up', async () => {
    const queue = new FairQueue({ places: 1 });
    const leave = queue.tryEnter('a')!;
    const impatient = new AbortController();
    const waiting = queue.enter('a', impatient.signal);
    assert.equal(queue.waiting, 1);
    impatient.abort(new Error('too long'));
    await assert.rejects(waiting, /too long/);
    assert.deepEqual([queue.active, queue.waiting], [1, 0]);
    await assert.rejects(queue.enter('a', AbortSignal.abort(new Error('late'))), /late/);
    leave();
    leave();
    assert.equal(queue.active, 0);
  });

  it('lets nobody slip in before those who wait', () => {
    const queue = new FairQueue({ places: 1, isOpen: () => false });
    const leave = queue.tryEnter('a')!;
    void queue.enter('a', FOREVER);
    assert.equal(queue.tryEnter('a'), undefined);
    leave();
    assert.deepEqual([queue.active, queue.waiting], [1, 0]);
  });

  it('refuses who comes when too many wait, but one of the key that has most of them where that is another', async () => {
    const full = (): QueryError => new QueryError('overloaded', 'full');
    const queue = new FairQueue({ places: 1, mostWaiting: 3, full });
    const leave = queue.tryEnter('a')!;
    const greedy = ['g0', 'g1', 'g2'].map(() => queue.enter('greedy', FOREVER));
    const last = assert.rejects(greedy[2]!, { kind: 'overloaded' });
    await assert.rejects(queue.enter('greedy', FOREVER), { message: 'full' });
    const modest = queue.enter('modest', FOREVER);
    await last;
    assert.deepEqual([queue.waiting, queue.refused], [3, 2]);
    await assert.rejects(queue.enter('modest', FOREVER), { message: 'full' });
    leave();
    (await greedy[0]!)();
    (await modest)();
    (await greedy[1]!)();
  });

  it('lets one in at a time while it is not open', async () => {
    let isOpen = false;
    const queue = new FairQueue({ places: 3, isOpen: () => isOpen });
    const leave = queue.tryEnter('a')!;
    assert.equal(queue.tryEnter('a'), undefined);
    const entered = [queue.enter('a', FOREVER), queue.enter('a', FOREVER)];
    leave();
    assert.deepEqual([queue.active, queue.waiting], [1, 1]);
    isOpen = true;
    queue.look();
    assert.deepEqual([queue.active, queue.waiting], [2, 0]);
    await Promise.all(entered);
  });
});
