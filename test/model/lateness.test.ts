import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterOwnTime, BEAT_MS, Heartbeat, NEVER_LATE, type OwnTime } from '../../src/model/lateness.ts';
import { ManualTimers } from '../support/manual-timers.ts';

function heart(computed = (): number => 0) {
  const timers = new ManualTimers();
  let now = 0;
  const beat = new Heartbeat({ now: () => now, monotonic: () => now }, timers, computed);
  return { beat, timers, at: (ms: number) => (now = ms) };
}

describe('a heartbeat', () => {
  it('adds up what beats come later than they ought to', async () => {
    const { beat, timers, at } = heart();
    // Timers are a little late anyway.
    at(BEAT_MS + 3);
    await timers.fire();
    assert.equal(beat.soFar(), 0);
    at(2 * BEAT_MS + 3 + 700);
    await timers.fire();
    at(3 * BEAT_MS + 3 + 700 + 30);
    await timers.fire();
    assert.equal(beat.soFar(), 730);
  });

  it('knows of a beat that is late before it comes', () => {
    const { beat, at } = heart();
    at(BEAT_MS + 5000);
    assert.equal(beat.soFar(), 5000);
  });

  it('counts beats between which the process computed without a break, though they come in time', async () => {
    let computed = 0;
    const { beat, timers, at } = heart(() => computed);
    at(BEAT_MS);
    computed = BEAT_MS / 2;
    await timers.fire();
    assert.equal(beat.soFar(), 0);
    at(2 * BEAT_MS);
    computed += BEAT_MS - 1;
    await timers.fire();
    assert.equal(beat.soFar(), BEAT_MS);
  });

  it('ends', () => {
    const { beat, timers } = heart();
    beat.stop();
    assert.deepEqual(timers.delays(), []);
  });
});

describe('after own time', () => {
  function waiting(time: OwnTime, late = { ms: 0 }) {
    const timers = new ManualTimers();
    const waited: number[] = [];
    const cancel = afterOwnTime(timers, { soFar: () => late.ms }, time, (ms) => waited.push(ms));
    return { timers, waited, late, cancel };
  }

  it('is after the time where the process was never late', async () => {
    const { timers, waited } = waiting({ ms: 1000, most: Infinity });
    assert.deepEqual(timers.delays(), [1000]);
    await timers.fire();
    assert.deepEqual(waited, [1000]);
    assert.equal(NEVER_LATE.soFar(), 0);
  });

  it('is as much later as the process was late meanwhile', async () => {
    const { timers, waited, late } = waiting({ ms: 1000, most: Infinity }, { ms: 300 });
    late.ms += 400;
    await timers.fire();
    assert.deepEqual([timers.delays(), waited], [[400], []]);
    late.ms += 50;
    await timers.fire();
    assert.deepEqual([timers.delays(), waited], [[50], []]);
    await timers.fire();
    assert.deepEqual(waited, [1450]);
  });

  it('is no later than it may be at most', async () => {
    const { timers, waited, late } = waiting({ ms: 1000, most: 1200 });
    late.ms = 5000;
    await timers.fire();
    assert.deepEqual(timers.delays(), [200]);
    await timers.fire();
    assert.deepEqual(waited, [1200]);
    assert.deepEqual(waiting({ ms: 1000, most: 300 }).timers.delays(), [300]);
  });

  it('can be taken back', () => {
    const { timers, cancel } = waiting({ ms: 1000, most: Infinity });
    cancel();
    assert.deepEqual(timers.delays(), []);
  });
});
