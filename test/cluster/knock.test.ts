import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { FIRST_KNOCK_MS, KNOCK_MS, NEXT_KNOCK_MS, knockUntil } from '../../src/cluster/knock.ts';
import { HANGS_AFTER_MS } from '../../src/cluster/vitals/breaker.ts';
import { EndpointVitals } from '../../src/cluster/vitals/vitals.ts';
import { NEVER_LATE, type Lateness } from '../../src/model/lateness.ts';
import type { Timers } from '../../src/model/timers.ts';
import { assertProperty } from '../support/property.ts';

/** How long an endpoint is looked at. */
const LONGEST_LOOK_MS = 20_000;
/** From the last sign of life to where it is found to hang. */
const MOST_SILENCE_MS = NEXT_KNOCK_MS + 2 * KNOCK_MS;

/** Timers of a time that passes when a test says so. */
class SimulatedTime implements Timers {
  now = 0;
  readonly #pending = new Map<() => void, number>();

  after(ms: number, callback: () => void): () => void {
    const due = (): void => callback();
    this.#pending.set(due, this.now + ms);
    return () => this.#pending.delete(due);
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  async passUntil(end: number): Promise<void> {
    for (;;) {
      await nextTurn();
      const [first] = [...this.#pending].toSorted(([, a], [, b]) => a - b);
      if (first === undefined || first[1] > end) break;
      this.now = first[1];
      this.#pending.delete(first[0]);
      first[0]();
    }
    this.now = end;
    await nextTurn();
  }
}

/** Looks at an endpoint. @param delays how long it takes for each sign of life, ms; Infinity where it gives none any more. */
function look(delays: readonly number[], lateness: Lateness = NEVER_LATE) {
  const time = new SimulatedTime();
  const over = new AbortController();
  const vitals = new EndpointVitals(
    () => time.now - lateness.soFar(),
    () => time.now,
  );
  const asked: number[] = [];
  const knock = async (signal: AbortSignal): Promise<boolean> => {
    const ms = delays[asked.length] ?? delays.at(-1)!;
    asked.push(time.now);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    if (ms < Infinity) time.after(ms, () => resolve(true));
    signal.addEventListener('abort', () => resolve(false));
    return promise;
  };
  vitals.see({ kind: 'probe-began' });
  let openedAt: number | undefined;
  const ended = knockUntil(over.signal, { knock }, { timers: time, lateness, vitals }).then((isHanging) => {
    openedAt = isHanging ? time.now : undefined;
    return isHanging;
  });
  return { time, over, vitals, asked, ended, openedAt: () => openedAt };
}

describe('an endpoint that is looked at', () => {
  it('hangs where it leaves the look and the question for a sign of life unanswered', async () => {
    const { time, vitals, ended, openedAt, asked } = look([Infinity]);
    await time.passUntil(FIRST_KNOCK_MS + KNOCK_MS - 1);
    assert.equal(vitals.state, 'closed');
    await time.passUntil(FIRST_KNOCK_MS + KNOCK_MS);
    assert.equal(await ended, true);
    assert.equal(openedAt(), FIRST_KNOCK_MS + HANGS_AFTER_MS);
    assert.deepEqual(asked, [FIRST_KNOCK_MS]);
    assert.ok(time.isIdle);
  });

  it('is asked for no sign of life where the look is answered soon', async () => {
    const { time, over, ended, asked } = look([Infinity]);
    await time.passUntil(FIRST_KNOCK_MS - 1);
    over.abort();
    assert.equal(await ended, false);
    assert.deepEqual(asked, []);
    assert.ok(time.isIdle);
  });

  it('does not hang where the look is over while it is asked', async () => {
    const { time, over, vitals, ended } = look([Infinity]);
    await time.passUntil(FIRST_KNOCK_MS + KNOCK_MS - 1);
    over.abort();
    assert.equal(await ended, false);
    assert.equal(vitals.state, 'closed');
    assert.ok(time.isIdle);
  });

  it('does not hang where this process was late for most of the time', async () => {
    let late = 0;
    const { time, vitals } = look([Infinity], { soFar: () => late });
    await time.passUntil(FIRST_KNOCK_MS);
    late = KNOCK_MS - 10;
    await time.passUntil(FIRST_KNOCK_MS + KNOCK_MS);
    assert.equal(vitals.state, 'closed');
    await time.passUntil(FIRST_KNOCK_MS + 2 * KNOCK_MS);
    assert.equal(vitals.state, 'open');
  });

  it('hangs only where nothing else was heard of it either', async () => {
    const { time, vitals } = look([Infinity]);
    await time.passUntil(FIRST_KNOCK_MS + KNOCK_MS - 1);
    vitals.see({ kind: 'answered', bytes: 1 });
    await time.passUntil(FIRST_KNOCK_MS + KNOCK_MS);
    assert.equal(vitals.state, 'closed');
  });

  it('is not asked where its backend cannot', async () => {
    const time = new SimulatedTime();
    const vitals = new EndpointVitals(
      () => time.now,
      () => time.now,
    );
    const never = new AbortController().signal;
    assert.equal(await knockUntil(never, {}, { timers: time, lateness: NEVER_LATE, vitals }), false);
    assert.ok(time.isIdle);
  });

  it('never hangs as long as it gives signs of life, however slow it is', async () => {
    const delay = fc.integer({ min: 0, max: KNOCK_MS - 1 });
    await assertProperty(
      fc.asyncProperty(fc.array(delay, { minLength: 1 }), async (delays) => {
        const { time, over, vitals, ended } = look(delays);
        await time.passUntil(LONGEST_LOOK_MS);
        assert.equal(vitals.state, 'closed');
        over.abort();
        assert.equal(await ended, false);
      }),
      { seed: 4711 },
    );
  });

  it('hangs soon after its last sign of life, at whatever time that is', async () => {
    const delay = fc.integer({ min: 0, max: KNOCK_MS - 1 });
    await assertProperty(
      fc.asyncProperty(fc.array(delay, { maxLength: 5 }), async (delays) => {
        const { time, ended, openedAt } = look([...delays, Infinity]);
        const last = FIRST_KNOCK_MS + delays.reduce((sum, ms) => sum + ms + NEXT_KNOCK_MS, 0);
        await time.passUntil(last + MOST_SILENCE_MS);
        assert.equal(await ended, true);
        assert.ok(openedAt()! >= last + KNOCK_MS);
      }),
      { seed: 4712 },
    );
  });
});
