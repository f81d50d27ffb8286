import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginEach } from '../../src/model/begin-each.ts';
import { watchTurns } from '../support/busy-turns.ts';

/** Keeps the processor for so long, ms. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function scope(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('what is begun for each of many', () => {
  it('begins in order, without waiting for the ends', async () => {
    const begunFor: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = await beginEach(scope(), [1, 2, 3], async (item) => {
      begunFor.push(item);
      await promise;
      return 10 * item;
    });
    assert.deepEqual(begunFor, [1, 2, 3]);
    resolve();
    assert.deepEqual(await Promise.all(begun.map(({ end }) => end)), [10, 20, 30]);
  });

  it('gives way, also where the work stands behind something that was there already', async () => {
    const { longestTurn } = await watchTurns(async () => {
      const items = Array.from({ length: 100 }, (_, i) => i);
      const begun = await beginEach(scope(), items, async () => {
        await Promise.resolve().then(() => undefined);
        work(1);
      });
      await Promise.all(begun.map(({ end }) => end));
    });
    assert.ok(longestTurn < 50, `${longestTurn} ms`);
  });

  it('is not begun any more once the request is aborted', async () => {
    const { signal, abort } = scope();
    const begunFor: number[] = [];
    const begun = await beginEach({ signal }, [1, 2, 3], async (item) => {
      begunFor.push(item);
      if (item === 2) abort();
    });
    assert.deepEqual(begunFor, [1, 2]);
    assert.equal(begun.length, 2);
  });

  it('may fail before all have begun', async () => {
    const begun = await beginEach(scope(), [1, 2, 3], async (item) => {
      if (item === 1) throw new Error('the first');
      work(12);
    });
    await assert.rejects(begun[0]!.end, /the first/);
    await begun[2]!.end;
  });
});
