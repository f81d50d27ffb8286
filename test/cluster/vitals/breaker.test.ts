import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CLOSED_BREAKER,
  HANGS_AFTER_MS,
  isTrialDue,
  nextBreaker,
  type Breaker,
  type BreakerEvent,
} from '../../../src/cluster/vitals/breaker.ts';

function after(...events: readonly BreakerEvent[]): Breaker {
  return events.reduce(nextBreaker, CLOSED_BREAKER);
}

const cut = (at: number, bytes = 1000): BreakerEvent => ({ kind: 'cut', at, bytes });
const answered = (at: number, bytes = 1000): BreakerEvent => ({ kind: 'answered', at, bytes });

describe('a slow endpoint', () => {
  it('is one that was cut, until it answers as much as it was too slow for', () => {
    assert.equal(after(cut(0)).kind, 'slow');
    assert.equal(after(cut(0), answered(5, 500)).kind, 'closed');
    assert.equal(after(cut(0), answered(5, 499)).kind, 'slow');
  });

  it('is believed in the end where there is nothing but small answers', () => {
    const small = Array.from({ length: 11 }, (_, i) => answered(i, 1));
    assert.equal(after(cut(0), ...small).kind, 'closed');
  });

  it('is tried after 1, 2, 4 … 30 s, by one request at a time', () => {
    let breaker = CLOSED_BREAKER;
    let at = 0;
    const waits: number[] = [];
    for (let trial = 0; trial < 7; trial++) {
      breaker = nextBreaker(breaker, cut(at));
      waits.push(breaker.trialAt - at);
      assert.ok(!isTrialDue(breaker, breaker.trialAt - 1));
      at = breaker.trialAt;
      assert.ok(isTrialDue(breaker, at));
      breaker = nextBreaker(breaker, { kind: 'tried', at });
      assert.ok(!isTrialDue(breaker, at));
    }
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('is tried at once where a look at its health was held up and then answered', () => {
    const frozen = after(cut(0), cut(1000), { kind: 'probe-began', at: 1000 });
    assert.ok(isTrialDue(nextBreaker(frozen, { kind: 'probe-answered', at: 2500 }), 2500));
    assert.ok(!isTrialDue(nextBreaker(frozen, { kind: 'probe-answered', at: 1500 }), 2500));
  });
});

describe('an open breaker', () => {
  const probing: BreakerEvent = { kind: 'probe-began', at: 0 };
  const unanswered: BreakerEvent = { kind: 'unanswered', at: HANGS_AFTER_MS };

  it('is that of an endpoint that answers neither a call nor a look at its health', () => {
    assert.equal(after(probing, unanswered).kind, 'open');
    assert.equal(after(cut(0), probing, unanswered).kind, 'open');
  });

  it('needs a look that goes on, and long enough', () => {
    assert.equal(after(unanswered).kind, 'closed');
    assert.equal(after(probing, { ...unanswered, at: HANGS_AFTER_MS - 1 }).kind, 'closed');
    assert.equal(after(probing, { kind: 'probe-answered', at: 5 }, unanswered).kind, 'closed');
    assert.equal(after(probing, { kind: 'probe-failed', at: 5 }, unanswered).kind, 'closed');
  });

  it('counts looks that ended without an answer, one after the other, but none of before something was heard', () => {
    const lost: BreakerEvent = { kind: 'probe-unanswered', at: 1000 };
    const again: BreakerEvent = { kind: 'probe-began', at: 2000 };
    assert.equal(after(probing, lost, unanswered).kind, 'open');
    assert.equal(after(probing, lost, again, unanswered).kind, 'open');
    assert.equal(after(probing, lost, { kind: 'refused', at: 1500 }, unanswered).kind, 'closed');
    assert.equal(after(probing, lost, { kind: 'refused', at: 1500 }, again, unanswered).kind, 'closed');
  });

  it('is none where the endpoint answered anything meanwhile', () => {
    for (const sign of [answered(1), { kind: 'refused', at: 1 } as const]) {
      assert.equal(after(probing, sign, unanswered).kind, 'closed');
      assert.equal(after(probing, sign, { ...unanswered, at: 1 + HANGS_AFTER_MS }).kind, 'open');
    }
  });

  it('closes with the first answer', () => {
    for (const sign of [answered(9000), { kind: 'probe-answered', at: 9000 } as const])
      assert.deepEqual(after(probing, unanswered, sign), CLOSED_BREAKER);
    for (const other of [cut(9000), { kind: 'probe-failed', at: 9000 } as const])
      assert.equal(after(probing, unanswered, other).kind, 'open');
  });
});
