import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EqualQueries } from '../../src/gateway/equal-queries.ts';
import { QueryError, type ErrorKind } from '../../src/model/errors.ts';

/** Queries whose evaluations the test ends, in the order in which they began. */
function equalQueries() {
  const clock = { time: 0, now: () => 0, monotonic: () => clock.time };
  const equal = new EqualQueries<string>(clock);
  const evaluations: {
    readonly begin: () => void;
    readonly answer: (result: string) => void;
    readonly fail: (kind: ErrorKind) => void;
  }[] = [];
  const told: string[] = [];
  const ask = (
    key = 'k',
    signal = new AbortController().signal,
    waits = false,
    whose = '',
    deadline = 120_000,
  ): Promise<string> =>
    equal.run(key, {
      signal,
      whose,
      deadline,
      evaluate: (begins) => {
        if (!waits) begins();
        const { promise, resolve, reject } = Promise.withResolvers<string>();
        evaluations.push({
          begin: begins,
          answer: resolve,
          fail: (kind) => reject(new QueryError(kind, kind)),
        });
        return promise;
      },
      onFollow: (isReading) => told.push(isReading ? 'reads' : 'queues'),
      onJoined: (result) => {
        if (result === 'large') throw new QueryError('overloaded', 'no room');
        told.push(`joined ${result}`);
      },
    });
  return { clock, ask, evaluations, told };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('equal queries', () => {
  test('are evaluated once while they are under way, and again afterwards', async () => {
    const { ask, evaluations, told } = equalQueries();
    const asked = [ask(), ask(), ask()];
    await turn();
    assert.equal(evaluations.length, 1);
    evaluations[0]!.answer('a');
    assert.deepEqual(await Promise.all(asked), ['a', 'a', 'a']);
    assert.deepEqual(told, ['reads', 'reads', 'joined a', 'joined a']);
    const later = ask();
    evaluations[1]!.answer('b');
    assert.equal(await later, 'b');
  });

  test('are other ones under another key', async () => {
    const { ask, evaluations } = equalQueries();
    const asked = [ask('k'), ask('l')];
    assert.equal(evaluations.length, 2);
    for (const [i, { answer }] of evaluations.entries()) answer(String(i));
    assert.deepEqual(await Promise.all(asked), ['0', '1']);
  });

  test('are evaluated anew where the one under way began to read a second ago', async () => {
    const { clock, ask, evaluations } = equalQueries();
    const asked = [ask()];
    clock.time = 1000;
    asked.push(ask());
    clock.time = 1001;
    asked.push(ask());
    await turn();
    assert.equal(evaluations.length, 2);
    for (const [i, { answer }] of evaluations.entries()) answer(String(i));
    assert.deepEqual(await Promise.all(asked), ['0', '0', '1']);
  });

  test('join one that waits for its turn, however long it does', async () => {
    const { clock, ask, evaluations } = equalQueries();
    const asked = [ask('k', undefined, true)];
    clock.time = 60_000;
    asked.push(ask());
    await turn();
    assert.equal(evaluations.length, 1);
    evaluations[0]!.answer('a');
    assert.deepEqual(await Promise.all(asked), ['a', 'a']);
  });

  test('follow one that waits for its turn, are told when it begins to read, and not where they have ended', async () => {
    const { ask, evaluations, told } = equalQueries();
    const controller = new AbortController();
    const asked = [ask('k', undefined, true), ask()];
    const gone = ask('k', controller.signal);
    await turn();
    assert.deepEqual(told.splice(0), ['queues', 'queues']);
    controller.abort(new QueryError('canceled', 'it went away'));
    await assert.rejects(gone, { message: 'it went away' });
    evaluations[0]!.begin();
    assert.deepEqual(told, ['reads']);
    evaluations[0]!.answer('a');
    assert.deepEqual(await Promise.all(asked), ['a', 'a']);
  });

  test('do not wait for a place in the line of another', async () => {
    const { ask, evaluations } = equalQueries();
    const asked = [ask('k', undefined, true, 'greedy'), ask('k', undefined, true, 'other')];
    await turn();
    assert.equal(evaluations.length, 2);
    for (const [i, { answer }] of evaluations.entries()) answer(String(i));
    assert.deepEqual(await Promise.all(asked), ['0', '1']);
  });

  test('do not take over what another one with less time came to', async () => {
    const { ask, evaluations } = equalQueries();
    const asked = [ask('k', undefined, false, '', 10_000), ask('k', undefined, false, '', 11_001)];
    asked.push(ask('k', undefined, false, '', 11_000));
    await turn();
    assert.equal(evaluations.length, 2);
    for (const [i, { answer }] of evaluations.entries()) answer(String(i));
    assert.deepEqual(await Promise.all(asked), ['0', '1', '0']);
  });

  test('have their own turn where there is no room for the answer once more', async () => {
    const { ask, evaluations } = equalQueries();
    const asked = [ask(), ask()];
    evaluations[0]!.answer('large');
    await turn();
    evaluations[1]!.answer('b');
    assert.deepEqual(await Promise.all(asked), ['large', 'b']);
  });

  test('end by themselves: a follower that is canceled leaves the others alone', async () => {
    const { ask, evaluations } = equalQueries();
    const first = ask();
    const controller = new AbortController();
    const second = ask('k', controller.signal);
    const third = ask();
    controller.abort(new QueryError('canceled', 'it went away'));
    await assert.rejects(second, { message: 'it went away' });
    evaluations[0]!.answer('a');
    assert.deepEqual(await Promise.all([first, third]), ['a', 'a']);
  });

  for (const kind of ['canceled', 'stopped', 'timeout'] as const)
    test(`go on where the one that evaluates ends as ${kind}: one of them evaluates for the others`, async () => {
      const { ask, evaluations } = equalQueries();
      const [first, ...others] = [ask(), ask(), ask()];
      evaluations[0]!.fail(kind);
      await assert.rejects(first, { kind });
      await turn();
      assert.equal(evaluations.length, 2);
      evaluations[1]!.answer('b');
      assert.deepEqual(await Promise.all(others), ['b', 'b']);
    });

  test('evaluate by themselves after they followed two that were given up', async () => {
    const { ask, evaluations } = equalQueries();
    const asked = [ask(), ask(), ask(), ask()];
    for (const n of [0, 1]) {
      evaluations[n]!.fail('canceled');
      await assert.rejects(asked[n]!, { kind: 'canceled' });
      await turn();
    }
    assert.equal(evaluations.length, 4);
    evaluations[2]!.answer('c');
    evaluations[3]!.answer('d');
    assert.deepEqual(await Promise.all(asked.slice(2)), ['c', 'd']);
  });

  for (const kind of ['bad_data', 'execution'] as const)
    test(`share an error of kind ${kind}, which is the same for all`, async () => {
      const { ask, evaluations } = equalQueries();
      const asked = [ask(), ask()];
      evaluations[0]!.fail(kind);
      for (const each of asked) await assert.rejects(each, { kind });
      assert.equal(evaluations.length, 1);
    });

  for (const kind of ['unavailable', 'too_large', 'overloaded', 'internal'] as const)
    test(`evaluate by themselves where one fails as ${kind}`, async () => {
      const { ask, evaluations } = equalQueries();
      const [first, ...others] = [ask(), ask(), ask()];
      evaluations[0]!.fail(kind);
      await assert.rejects(first, { kind });
      await turn();
      assert.equal(evaluations.length, 3);
      evaluations[1]!.answer('b');
      evaluations[2]!.answer('c');
      assert.deepEqual(await Promise.all(others), ['b', 'c']);
    });
});
