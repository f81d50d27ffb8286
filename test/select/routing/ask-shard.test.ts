import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { CALLS_AT_ONCE } from '../../../src/backend/connection-options.ts';
import type { Leave } from '../../../src/model/fair-queue.ts';
import { ALWAYS } from '../../../src/model/time-range.ts';
import type { BackendFailure } from '../../../src/model/loss.ts';
import { CallLanes } from '../../../src/cluster/call-lanes.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { NEVER_LATE, type Lateness } from '../../../src/model/lateness.ts';
import { failed, success } from '../../../src/model/result.ts';
import type { Result } from '../../../src/model/result.ts';
import { HANGS_AFTER_MS } from '../../../src/cluster/vitals/breaker.ts';
import { Vitals } from '../../../src/cluster/vitals/vitals.ts';
import { askShard, type Call } from '../../../src/select/routing/ask-shard.ts';
import {
  FIRST_LOOK_MS,
  FIRST_PATIENCE_MS,
  MOST_ATTEMPTS,
} from '../../../src/select/routing/fan-out-policy.ts';
import type { Route } from '../../../src/select/routing/route.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { coveredBy, failingEndpoint, scopeOf } from '../support.ts';

type Answer = Result<string, BackendFailure>;

/** Two replicas that replace each other; each answers when the test says so. */
function shard(
  fraction: number,
  more: Partial<Endpoint> = {},
  call: Partial<Call<string>> = {},
  deadline = Infinity,
  world: { readonly lanes?: Pick<CallLanes, 'of'>; readonly lateness?: Lateness } = {},
) {
  const timers = new ManualTimers();
  let now = 0;
  const clock = { now: () => now, monotonic: () => now };
  const failures: string[] = [];
  const doubts: string[] = [];
  const hanging: string[] = [];
  const vitals = new Vitals(clock, world.lateness ?? NEVER_LATE);
  const replies = new Map<string, (answer: Answer) => void>();
  const route = (address: string, other: string): Route => {
    const endpoint: Endpoint = failingEndpoint(
      address,
      {},
      { ...coveredBy(other, fraction), timeoutMs: 30_000, ...more },
    );
    return { endpoint, within: ALWAYS, matcherSets: [], wanted: [] };
  };
  const routes = [route('a:1', 'b:1'), route('b:1', 'a:1')];
  const outcomes = askShard<string>(
    {
      timers,
      clock,
      lateness: NEVER_LATE,
      vitals,
      lanes: new CallLanes(),
      ...world,
      onFailure: ({ endpoint, isUnwell }) => isUnwell && failures.push(endpoint.address),
      onDoubt: ({ address }) => doubts.push(address),
      onHang: ({ address }) => hanging.push(address),
    },
    { ...scopeOf(), deadline },
    routes,
    {
      kind: 'samples',
      ask: (_, { endpoint }) => new Promise((resolve) => replies.set(endpoint.address, resolve)),
      ...call,
    },
  );
  const reply = async (address: string, answer: Answer, at: number): Promise<void> => {
    now = at;
    replies.get(address)!(answer);
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** Lets time pass until a timer that is due then. */
  const wait = async (until: number): Promise<void> => {
    const ms = until - now;
    now = until;
    await timers.fire(ms);
  };
  /** Something else than this request shows something of an endpoint. */
  const see = (address: string, kind: 'probe-began' | 'unanswered', at: number): void => {
    now = at;
    const { backend } = routes.find(({ endpoint }) => endpoint.address === address)!.endpoint;
    vitals.of(backend).see({ kind });
  };
  return { outcomes, reply, wait, timers, failures, doubts, hanging, see };
}

const DEAD: Answer = failed({ kind: 'unavailable', endpoint: 'a:1', reason: 'gone' });

/** When one is given up of which it is not known how long it takes; ms. */
const PATIENCE_END = FIRST_PATIENCE_MS;

test('a frozen replica is not waited for once its proven sibling has answered', async () => {
  const { outcomes, reply, wait, timers } = shard(1);
  await reply('a:1', success('a'), 100);
  assert.deepEqual(timers.delays(), [PATIENCE_END - 100, 30_000]);
  await wait(PATIENCE_END);
  const [a, b] = await outcomes;
  assert.deepEqual(a!.result, success('a'));
  assert.ok(!b!.result.ok);
  assert.equal(b!.result.failure.kind, 'timeout');
  assert.match(b!.result.failure.reason, /much slower than its replicas/);
  assert.deepEqual(timers.delays(), []);
});

test('no replica is given up for an answer that says that it lacks something', async () => {
  const { outcomes, reply, timers } = shard(1, {}, { lacks: (answer) => answer === 'a part' });
  await reply('a:1', success('a part'), 10);
  assert.deepEqual(timers.delays(), [FIRST_LOOK_MS - 10, 30_000]);
  await reply('b:1', success('b'), 900);
  assert.ok((await outcomes).every(({ result }) => result.ok));
});

test('a replica gets as long again as its sibling took', async () => {
  const { outcomes, reply, wait } = shard(1);
  await reply('a:1', success('a'), 900);
  await wait(FIRST_LOOK_MS);
  await reply('b:1', success('b'), 1799);
  assert.ok((await outcomes).every(({ result }) => result.ok));
});

test('how long an endpoint took is never less than nothing, however late this process was', async () => {
  let late = 0;
  const { outcomes, reply } = shard(1, {}, {}, Infinity, { lateness: { soFar: () => late } });
  late = 1000;
  await reply('a:1', success('a'), 100);
  await reply('b:1', success('b'), 150);
  assert.deepEqual(
    (await outcomes).map(({ elapsedMs }) => elapsedMs),
    [100, 150],
  );
});

test('a replica that answers within its time counts', async () => {
  const { outcomes, reply, timers } = shard(1);
  await reply('a:1', success('a'), 100);
  await reply('b:1', success('b'), 400);
  assert.ok((await outcomes).every(({ result }) => result.ok));
  assert.deepEqual(timers.delays(), []);
});

test('the time of a call that goes on already counts for its patience, and for when its health is looked into', async () => {
  const headStartMs: Call<string>['headStartMs'] = ({ endpoint }) => (endpoint.address === 'b:1' ? 200 : 0);
  const replaced = shard(1, {}, { headStartMs });
  await replaced.reply('a:1', success('a'), 100);
  assert.deepEqual(replaced.timers.delays(), [PATIENCE_END - 300, 30_000]);

  const needed = shard(0.8, {}, { headStartMs });
  await needed.reply('a:1', success('a'), 100);
  assert.deepEqual(needed.timers.delays(), [FIRST_LOOK_MS - 300, 30_000]);
});

test('an endpoint that is not proven to be replaceable is waited for, and its health is looked into', async () => {
  const { reply, wait, timers, doubts } = shard(0.8);
  await reply('a:1', success('a'), 100);
  assert.deepEqual(timers.delays(), [FIRST_LOOK_MS - 100, 30_000]);
  await wait(FIRST_LOOK_MS);
  assert.deepEqual(doubts, ['b:1']);
  assert.deepEqual(timers.delays(), [FIRST_LOOK_MS, 30_000]);
});

test('an endpoint whose sibling failed is waited for', async () => {
  const { reply, timers } = shard(1);
  await reply('a:1', DEAD, 100);
  assert.deepEqual(timers.delays(), [FIRST_LOOK_MS - 100, 30_000]);
});

test('a suspect is not waited for at all once its proven sibling has answered', async () => {
  const { outcomes, reply, timers } = shard(1, { health: { kind: 'up', isSuspect: true } });
  await reply('a:1', success('a'), 100);
  assert.deepEqual(
    (await outcomes).map(({ result }) => result.ok),
    [true, false],
  );
  assert.deepEqual(timers.delays(), []);
});

test('an endpoint that does not answer, or too late, is looked into', async () => {
  const { outcomes, reply, wait, failures, doubts } = shard(1);
  await reply('a:1', success('a'), 100);
  await wait(PATIENCE_END);
  await outcomes;
  assert.deepEqual([failures, doubts], [['b:1'], ['b:1']]);

  const gone = shard(1);
  await gone.reply('a:1', DEAD, 100);
  assert.deepEqual([gone.failures, gone.doubts], [['a:1'], ['a:1']]);
});

test('an endpoint that another request finds to hang is not waited for any more', async () => {
  const { outcomes, reply, timers, failures, hanging, see } = shard(0);
  see('b:1', 'probe-began', 1000);
  see('b:1', 'unanswered', 1000 + HANGS_AFTER_MS);
  assert.deepEqual(hanging, ['b:1']);
  await reply('a:1', success('a'), 5000);
  const [a, b] = await outcomes;
  assert.ok(a!.result.ok);
  assert.ok(!b!.result.ok);
  assert.match(b!.result.failure.reason, /^it hangs/);
  assert.equal(b!.elapsedMs, 1000 + HANGS_AFTER_MS);
  assert.deepEqual(failures, ['b:1']);
  assert.deepEqual(timers.delays(), []);
});

test('an endpoint that refuses one request is not looked into', async () => {
  const { reply, failures, doubts } = shard(1);
  await reply('a:1', failed({ kind: 'too_large', endpoint: 'a:1', reason: 'too much' }), 100);
  assert.deepEqual([failures, doubts], [[], []]);
});

test('a replica is waited for, though its sibling has answered, where the answer would lack something without it', async () => {
  const asked: string[] = [];
  const { outcomes, reply, wait, timers } = shard(
    1,
    {},
    {
      losesWithout: async (_, lost, answered) => {
        asked.push(`${lost.address} with ${answered.map(({ address }) => address).join()}`);
        return true;
      },
    },
  );
  await reply('a:1', success('a'), 100);
  await wait(PATIENCE_END);
  assert.deepEqual(asked, ['b:1 with a:1']);
  assert.deepEqual(timers.delays(), [FIRST_LOOK_MS - PATIENCE_END, 30_000]);
  await reply('b:1', success('b'), 3000);
  assert.deepEqual(
    (await outcomes).map(({ result }) => result),
    [success('a'), success('b')],
  );
});

test('a bug in what decides about a cut ends the request', async () => {
  const { outcomes, reply, wait } = shard(
    1,
    {},
    {
      losesWithout: () => Promise.reject(new TypeError('x is not a function')),
    },
  );
  const ended = assert.rejects(outcomes, { message: 'x is not a function' });
  await reply('a:1', success('a'), 100);
  await wait(PATIENCE_END);
  await ended;
});

test('an endpoint gets a little less than the request has left, and is not blamed for it', async () => {
  const { outcomes, reply, timers, failures } = shard(0, {}, {}, 5000);
  await reply('a:1', success('a'), 100);
  assert.deepEqual(timers.delays(), [FIRST_LOOK_MS - 100, 4500]);
  await timers.fire(4500);
  const [, b] = await outcomes;
  assert.ok(!b!.result.ok);
  assert.match(
    b!.result.failure.reason,
    /^no complete answer within 4.5 s, which is what the timeout of the request/,
  );
  assert.deepEqual(failures, []);
});

test('time in which the gateway itself was late counts neither against a timeout nor against a replica', async () => {
  let late = 0;
  const lateness = { soFar: () => late };
  const { outcomes, reply, wait, timers, failures } = shard(1, {}, {}, Infinity, { lateness });
  await reply('a:1', success('a'), 100);
  late = 5000;
  await wait(PATIENCE_END);
  assert.deepEqual(timers.delays(), [5000, 30_000]);
  await timers.fire(30_000);
  assert.deepEqual(timers.delays(), [5000, 5000]);
  await reply('b:1', success('b'), 5400);
  assert.ok((await outcomes).every(({ result }) => result.ok));
  assert.deepEqual(failures, []);
});

describe('where all lanes to an endpoint are in use', () => {
  /** Lanes to the second endpoint only; `leave` frees one. */
  function busy(deadline = Infinity) {
    const lanes = new CallLanes();
    const leave: Leave[] = [];
    const tested = shard(1, {}, {}, deadline, {
      lanes: {
        of: (backend) => {
          const lane = lanes.of(backend);
          if (backend.address === 'b:1' && leave.length === 0)
            for (let i = 0; i < CALLS_AT_ONCE; i++) leave.push(lane.tryEnter('other')!);
          return lane;
        },
      },
    });
    return { ...tested, free: () => leave.pop()!() };
  }

  test('its timeout begins when it is asked', async () => {
    const { timers, reply, free, outcomes } = busy();
    assert.deepEqual(timers.delays(), [FIRST_LOOK_MS, 30_000]);
    await reply('a:1', DEAD, 100);
    assert.deepEqual(timers.delays(), []);
    free();
    await nextTurn();
    assert.deepEqual(timers.delays(), [FIRST_LOOK_MS, 30_000]);
    await reply('b:1', success('b'), 50_000);
    assert.deepEqual(
      (await outcomes).map(({ result }) => result.ok),
      [false, true],
    );
  });

  test('it is not held up for, and not to blame, where its sibling has answered', async () => {
    const { wait, reply, failures, outcomes } = busy();
    await reply('a:1', success('a'), 100);
    await wait(PATIENCE_END);
    assert.deepEqual(
      (await outcomes).map(({ result }) => result.ok),
      [true, false],
    );
    assert.deepEqual(failures, []);
  });

  test('the answer goes on without it before the request is due, and says why', async () => {
    const { timers, reply, failures, outcomes } = busy(5000);
    await reply('a:1', DEAD, 100);
    await timers.fire(4500);
    const [, b] = await outcomes;
    assert.ok(!b!.result.ok);
    assert.match(b!.result.failure.reason, /^it was not asked within 4\.5 s/);
    assert.deepEqual(failures, ['a:1']);
  });
});

describe('a call that may be made again', () => {
  const RESET: Answer = failed({ kind: 'unavailable', endpoint: 'a:1', reason: 'reset', retryAfterMs: 0 });

  test('is made again, and nobody hears of it', async () => {
    const { outcomes, reply, failures, doubts } = shard(0);
    await reply('b:1', success('b'), 100);
    await reply('a:1', RESET, 200);
    await reply('a:1', success('a'), 300);
    assert.deepEqual(
      (await outcomes).map(({ result }) => result),
      [success('a'), success('b')],
    );
    assert.deepEqual([failures, doubts], [[], []]);
  });

  test('is not made again where nothing else is heard of the endpoint either', async () => {
    const { outcomes, reply, hanging, see } = shard(0);
    await reply('b:1', success('b'), 100);
    see('a:1', 'probe-began', 200);
    await reply('a:1', RESET, 200 + HANGS_AFTER_MS);
    assert.deepEqual(hanging, ['a:1']);
    assert.deepEqual(
      (await outcomes).map(({ result }) => result.ok),
      [false, true],
    );
  });

  test('fails where it fails again and again', async () => {
    const { outcomes, reply, failures } = shard(0);
    await reply('b:1', success('b'), 100);
    for (let times = 1; times <= MOST_ATTEMPTS; times++) await reply('a:1', RESET, 100 + times);
    const [a] = await outcomes;
    assert.ok(!a!.result.ok && a!.result.failure.reason === 'reset');
    assert.deepEqual(failures, ['a:1']);
  });

  test('is not made again where a sibling has it all', async () => {
    let calls = 0;
    const { outcomes, reply } = shard(1, {}, { losesWithout: async () => (calls++, false) });
    await reply('b:1', success('b'), 100);
    await reply('a:1', RESET, 200);
    assert.deepEqual(
      (await outcomes).map(({ result }) => result.ok),
      [false, true],
    );
    assert.equal(calls, 1);
  });
});
