import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConcurrencyGate } from '../../src/gateway/concurrency-gate.ts';
import { openBudget } from '../../src/model/budget.ts';
import { UNLIMITED, type CallerLimits } from '../../src/model/caller-limits.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { scopeWith } from '../support/scopes.ts';

/** A gate, and requests of clients that come to it. */
function gate(places: number, mostWaiting = 10, memory = 0) {
  const ceiling = new MemoryCeiling(memory);
  const tested = new ConcurrencyGate({ places, mostWaiting, ceiling });
  const started: string[] = [];
  /** Its work ends at once; its answer is sent when the test says so. */
  const come = (name: string, client = 'one', signal = new AbortController().signal, tenant = '') => {
    const scope: RequestScope = {
      ...scopeWith({}, signal),
      budget: openBudget(ceiling, { bytes: 0, series: 0 }),
    };
    const done = tested.run({ ...scope, caller: { ...scope.caller, client, tenant } }, async () => {
      started.push(name);
    });
    const sent = async (): Promise<void> => {
      await done;
      scope.budget.release();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { done, sent, budget: scope.budget };
  };
  return { tested, started, come, ceiling };
}

describe('the gate of requests', () => {
  it('holds a place until the answer was sent', async () => {
    const { tested, started, come } = gate(1);
    const first = come('first');
    const second = come('second');
    await first.done;
    assert.deepEqual([started, tested.load()], [['first'], { active: 1, waiting: 1, refused: 0 }]);
    await first.sent();
    await second.sent();
    assert.deepEqual([started, tested.load().active], [['first', 'second'], 0]);
  });

  it('holds a place until the work has ended, also where the client left before', async () => {
    const { tested } = gate(1);
    const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
    const work = Promise.withResolvers<void>();
    const running = tested.run({ ...scopeWith(), budget }, () => work.promise);
    budget.release();
    assert.equal(tested.load().active, 1);
    work.resolve();
    await running;
    assert.equal(tested.load().active, 0);
  });

  it('takes a tenant for one, from however many addresses it asks', async () => {
    const { started, come } = gate(1);
    const signal = new AbortController().signal;
    const all = [
      come('a0', '::1', signal, 'a'),
      come('a1', '::2', signal, 'a'),
      come('a2', '::3', signal, 'a'),
      come('b0', '::1', signal, 'b'),
    ];
    for (const i of [0, 1, 3, 2]) await all[i]!.sent();
    assert.deepEqual(started, ['a0', 'a1', 'b0', 'a2']);
  });

  it('takes tenants that are named together for one more, in whatever order', async () => {
    const { started, come } = gate(1);
    const signal = new AbortController().signal;
    const all = ['a|b', 'b|a', 'a|b|a', 'a'].map((tenant, i) =>
      come(`${tenant} ${i}`, '::1', signal, tenant),
    );
    for (const i of [0, 1, 3, 2]) await all[i]!.sent();
    assert.deepEqual(started, ['a|b 0', 'b|a 1', 'a 3', 'a|b|a 2']);
  });

  it('holds tenants that are named together to the places of each', async () => {
    const { tested } = gate(9);
    const limits = (whose: string, most: number): CallerLimits => ({
      ...UNLIMITED,
      whose,
      values: { max_concurrent: most, max_queued: 1 },
    });
    const of = { a: limits('the tenant "a"', 2), b: limits('the tenant "b"', 1) };
    const running: Promise<void>[] = [];
    const started: string[] = [];
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const come = (tenant: keyof typeof of | 'a|b' | 'b|a'): Promise<void> => {
      const names = tenant.split('|') as (keyof typeof of)[];
      const ofEach = names.map((name) => of[name]);
      const own = ofEach.length === 1 ? ofEach[0]! : { ...UNLIMITED, values: { max_concurrent: 1 }, ofEach };
      const scope = scopeWith();
      const caller = { ...scope.caller, tenant, limits: own };
      const done = tested.run({ ...scope, caller }, async () => {
        started.push(tenant);
        await end;
        scope.budget.release();
      });
      running.push(done);
      return done;
    };
    void come('a|b');
    void come('a');
    void come('b|a');
    await assert.rejects(come('b'), { message: /\(limits: max_queued of the tenant "b"\)/ });
    await assert.rejects(come('a'), { message: /\(limits: max_queued of the tenant "a"\)/ });
    assert.deepEqual(started, ['a|b', 'a']);
    resolve();
    await Promise.allSettled(running);
    assert.deepEqual(started, ['a|b', 'a', 'b|a']);
    assert.equal(tested.load().active, 0);
  });

  it('gives clients their turn one after the other, however many requests one of them sends', async () => {
    const { started, come } = gate(1);
    const all = [
      come('a0', 'a'),
      come('a1', 'a'),
      come('a2', 'a'),
      come('b0', 'b'),
      come('c0', 'c'),
      come('b1', 'b'),
    ];
    const order = [0, 1, 3, 4, 2, 5];
    for (const i of order) await all[i]!.sent();
    assert.deepEqual(started, ['a0', 'a1', 'b0', 'c0', 'a2', 'b1']);
  });

  it('keeps one place in ten for others than the client that has the rest', async () => {
    const { tested, started, come } = gate(20, 100);
    const held = Array.from({ length: 30 }, (_, i) => come(`slow ${i}`, 'slow reader'));
    assert.deepEqual(tested.load(), { active: 18, waiting: 12, refused: 0 });
    for (const name of ['a', 'b']) await come(name, 'other').done;
    assert.deepEqual(started.slice(18), ['a', 'b']);
    assert.equal(tested.load().active, 20);
    for (const each of held.slice(0, 18)) await each.sent();
    assert.equal(started.length, 32);
  });

  it('refuses requests beyond those that may wait, and names the limit and the flag', async () => {
    const { tested, come } = gate(1, 1);
    const first = come('first');
    const second = come('second');
    await assert.rejects(come('third').done, {
      kind: 'overloaded',
      message:
        '1 requests wait for their turn already, which is the limit (--query.max-queued); ' +
        'try again later, or ask less at once',
    });
    assert.equal(tested.load().refused, 1);
    await first.sent();
    await second.sent();
  });

  it('lets who gives up go', async () => {
    const { tested, come, started } = gate(1);
    const first = come('first');
    const impatient = new AbortController();
    const second = come('second', 'one', impatient.signal);
    impatient.abort(new Error('too long'));
    await assert.rejects(second.done, /too long/);
    await first.sent();
    assert.deepEqual([started, tested.load()], [['first'], { active: 0, waiting: 0, refused: 0 }]);
  });

  it('lets requests wait while the memory of the process is nearly used up, unless none runs', async () => {
    const { started, come } = gate(5, 10, 1000);
    const first = come('first');
    first.budget.take(900);
    const second = come('second');
    const third = come('third');
    assert.deepEqual(started, ['first']);
    first.budget.give(200);
    await Promise.all([second.done, third.done]);
    assert.deepEqual(started, ['first', 'second', 'third']);
    second.budget.take(200);
    await first.sent();
    await third.sent();
    second.budget.take(600);
    await second.sent();
    const alone = come('alone');
    alone.budget.take(850);
    await alone.done;
    assert.deepEqual(started.at(-1), 'alone');
  });
});
