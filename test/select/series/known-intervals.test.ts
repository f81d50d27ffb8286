import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { KnownIntervals } from '../../../src/select/series/known-intervals.ts';

const MINUTE = 60_000;
const A = endpointId('a:1');
const B = endpointId('b:1');

function selector(name: string, job?: string): readonly Matcher[] {
  const named: Matcher = { kind: '=', name: '__name__', value: name };
  return job === undefined ? [named] : [named, { kind: '=', name: 'job', value: job }];
}

/** A memory, and how far its clock has come, ms. */
function remembering(mostBytes?: number) {
  const time = { now: 1000 * MINUTE };
  const known = new KnownIntervals({ now: () => time.now }, mostBytes);
  return { time, known };
}

describe('the memory of scrape intervals', () => {
  it('tells endpoints, metrics and jobs apart', () => {
    const { known } = remembering();
    known.saw(A, selector('m', 'j'), 15_000);
    assert.equal(known.intervalOf(A, selector('m', 'j')), 15_000);
    for (const matchers of [selector('m'), selector('n', 'j'), selector('m', 'k')])
      assert.equal(known.intervalOf(A, matchers), undefined);
    assert.equal(known.intervalOf(B, selector('m', 'j')), undefined);
  });

  it('takes other matchers, and patterns of names and jobs, for all that there is', () => {
    const { known } = remembering();
    known.saw(A, [...selector('m'), { kind: '=~', name: 'job', value: 'a|b' }], 15_000);
    assert.equal(known.intervalOf(A, [...selector('m'), { kind: '=', name: 'pod', value: 'p' }]), 15_000);
  });

  it('keeps the slowest for a while, then what was seen since', () => {
    const { time, known } = remembering();
    const m = selector('m');
    known.saw(A, m, 60_000);
    known.saw(A, m, 15_000);
    assert.equal(known.intervalOf(A, m), 60_000);
    known.saw(A, m, 70_000);
    assert.equal(known.intervalOf(A, m), 70_000);
    time.now += 15 * MINUTE;
    known.saw(A, m, 15_000);
    assert.equal(known.intervalOf(A, m), 15_000);
  });

  it('forgets what was not seen for an hour, or later than now', () => {
    const { time, known } = remembering();
    const m = selector('m');
    known.saw(A, m, 15_000);
    time.now += 60 * MINUTE - 1;
    assert.equal(known.intervalOf(A, m), 15_000);
    time.now += 1;
    assert.equal(known.intervalOf(A, m), undefined);
    time.now -= 61 * MINUTE;
    assert.equal(known.intervalOf(A, m), undefined);
    known.saw(A, m, 5000);
    assert.equal(known.intervalOf(A, m), 5000);
  });

  it('is bounded by memory, however long the names are, and keeps what is used', () => {
    const { known } = remembering(10_000);
    for (let i = 0; i < 1000; i++) {
      known.saw(A, selector(`m${i}`), 15_000);
      assert.equal(known.intervalOf(A, selector('m0')), 15_000);
    }
    assert.ok(known.size > 20 && known.size < 100, `${known.size} intervals`);
    known.saw(A, selector('m'.repeat(10_000)), 15_000);
    assert.equal(known.intervalOf(A, selector('m'.repeat(10_000))), undefined);
    assert.equal(known.intervalOf(A, selector('m0')), 15_000);
  });
});
