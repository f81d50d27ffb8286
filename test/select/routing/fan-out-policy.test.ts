import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING_USUAL, learnTime, type UsualTimes } from '../../../src/cluster/vitals/usual-time.ts';
import {
  beginFanOut,
  nextFanOut,
  type Facts,
  type FanOutAction,
  type FanOutEvent,
  type ReplicaFacts,
} from '../../../src/select/routing/fan-out-policy.ts';

const HEALTHY: ReplicaFacts = { isKnownToFail: false, isInDoubt: false, usual: NOTHING_USUAL };

/** Replicas of which any may replace any other. */
function group(...replicas: readonly Partial<ReplicaFacts>[]): Facts {
  return {
    replicas: replicas.map((facts) => ({ ...HEALTHY, ...facts })),
    mayBeReplaced: (_, answered) => answered.length > 0,
  };
}

function usually(ms: number): UsualTimes {
  let times = NOTHING_USUAL;
  for (let i = 0; i < 100; i++) times = learnTime(times, 100, ms);
  return times;
}

/** What is done at the beginning and after each event, as text. */
function story(facts: Facts, ...events: readonly FanOutEvent[]): readonly string[] {
  let decision = beginFanOut(facts);
  const told = [decision.actions.map(text).join(', ')];
  for (const event of events) {
    decision = nextFanOut(decision.state, event);
    told.push(decision.actions.map(text).join(', '));
  }
  return told;
}

function text(action: FanOutAction): string {
  switch (action.kind) {
    case 'wait':
      return action.until === Infinity ? 'wait' : `wait until ${action.until}`;
    case 'prove':
      return `prove ${action.replicas.join('+')} by ${action.answered.join('+')}`;
    case 'done':
      return 'done';
    default:
      return `${action.kind} ${action.replica}`;
  }
}

const sent = (replica: number, at = 0): FanOutEvent => ({ kind: 'sent', replica, at });
const answer = (replica: number, at: number): FanOutEvent => ({ kind: 'answered', replica, at, bytes: 100 });
const fail = (replica: number, at: number, retryAfterMs?: number): FanOutEvent => ({
  kind: 'failed',
  replica,
  at,
  retryAfterMs,
});
const time = (at: number): FanOutEvent => ({ kind: 'time', at });
const proven = (at: number, ...replicas: readonly number[]): FanOutEvent => ({
  kind: 'proven',
  replicas,
  at,
});

const TABLE: readonly (readonly [
  what: string,
  facts: Facts,
  ...steps: readonly (readonly [FanOutEvent | undefined, string])[],
])[] = [
  [
    'all are asked and waited for',
    group({}, {}),
    [undefined, 'ask 0, ask 1, wait'],
    [sent(0), 'wait until 1000'],
    [sent(1), 'wait until 1000'],
    [answer(0, 40), 'wait until 500'],
    [answer(1, 60), 'done'],
  ],
  [
    'one that would not answer is not asked',
    group({ isKnownToFail: true }, {}),
    [undefined, 'ask 1, wait'],
    [answer(1, 5), 'done'],
  ],
  [
    'a group that hangs as a whole costs nothing',
    group({ isKnownToFail: true }, { isKnownToFail: true }),
    [undefined, 'done'],
  ],
  [
    'a straggler is cut where nothing is lost',
    group({}, {}),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 40), 'wait until 500'],
    [time(500), 'prove 1 by 0, wait'],
    [proven(510, 1), 'cut 1, done'],
  ],
  [
    'a straggler is waited for where something is lost, and not asked about again',
    group({}, {}),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 40), 'wait until 500'],
    [time(500), 'prove 1 by 0, wait'],
    [proven(510), 'wait'],
    [time(9000), 'wait'],
    [fail(1, 30_000), 'failed 1, done'],
  ],
  [
    'it is asked about again when more have answered, also while it was being found out',
    group({}, {}, {}),
    [undefined, 'ask 0, ask 1, ask 2, wait'],
    [answer(0, 40), 'wait until 500'],
    [time(500), 'prove 1+2 by 0, wait'],
    [answer(1, 505), 'wait'],
    [proven(510), 'wait until 1010'],
    [time(1010), 'prove 2 by 0+1, wait'],
    [proven(1020, 2), 'cut 2, done'],
  ],
  [
    'one of which it is known how long it takes gets twice that',
    group({ usual: usually(20) }, { usual: usually(180) }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 20), 'wait until 360'],
  ],
  [
    'one that is quick as a rule gets a little time',
    group({ usual: usually(5) }, { usual: usually(5) }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 6), 'wait until 100'],
  ],
  [
    'one that takes long as a rule does not hold up others for longer than that',
    group({}, { usual: usually(5000) }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 6), 'wait until 750'],
  ],
  [
    'one gets as long again as its siblings took',
    group({}, { usual: usually(5) }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 4000), 'wait until 8000'],
  ],
  [
    'one whose call goes on already has had a part of its time',
    group({}, { headStartMs: 300 }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 40), 'wait until 200'],
  ],
  [
    'one that has had all of its time is not waited for any more once a sibling has answered',
    group({}, { headStartMs: 800 }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 40), 'prove 1 by 0, wait'],
    [proven(41, 1), 'cut 1, done'],
  ],
  [
    'one in doubt is not waited for',
    group({}, { isInDoubt: true }),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 40), 'prove 1 by 0, wait'],
    [proven(41, 1), 'cut 1, done'],
  ],
  [
    'one that takes long is looked into, after longer and longer times',
    group({}),
    [undefined, 'ask 0, wait'],
    [sent(0, 10), 'wait until 1010'],
    [time(1010), 'look 0, wait until 2010'],
    [time(2010), 'look 0, wait until 4010'],
    [answer(0, 3000), 'done'],
  ],
  [
    'a call that broke is made again, a few times',
    group({}),
    [undefined, 'ask 0, wait'],
    [fail(0, 10, 0), 'ask 0, wait'],
    [fail(0, 20, 500), 'wait until 520'],
    [time(520), 'ask 0, wait'],
    [fail(0, 530, 0), 'failed 0, done'],
  ],
  [
    'a call that broke is not made again while it is found out that nothing needs it',
    group({}, {}),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 10), 'wait until 500'],
    [fail(1, 20, 0), 'prove 1 by 0, wait'],
    [proven(30, 1), 'cut 1, done'],
  ],
  [
    'a call that broke is made again where something would be lost',
    group({}, {}),
    [undefined, 'ask 0, ask 1, wait'],
    [answer(0, 10), 'wait until 500'],
    [fail(1, 20, 0), 'prove 1 by 0, wait'],
    [proven(30), 'ask 1, wait'],
    [answer(1, 50), 'done'],
  ],
  [
    'nothing is made again for a request that is over',
    group({}),
    [undefined, 'ask 0, wait'],
    [fail(0, 10, 500), 'wait until 510'],
    [{ kind: 'canceled', at: 20 }, 'failed 0, done'],
  ],
];

for (const [what, facts, ...steps] of TABLE)
  test(what, () => {
    const events = steps.flatMap(([event]) => (event === undefined ? [] : [event]));
    assert.deepEqual(
      story(facts, ...events),
      steps.map(([, expected]) => expected),
    );
  });

test('one whose siblings cannot replace it is waited for without end', () => {
  const facts = { ...group({}, { isInDoubt: true }), mayBeReplaced: () => false };
  assert.deepEqual(story(facts, answer(0, 5), time(100_000)), ['ask 0, ask 1, wait', 'wait', 'wait']);
});

test('a call that failed after a long time is not made again: the next one would take as long', () => {
  assert.deepEqual(story(group({}), sent(0), fail(0, 9000, 50)).at(-1), 'wait until 9050');
  assert.deepEqual(story(group({}), sent(0), fail(0, 30_000, 50)).at(-1), 'failed 0, done');
});
