import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HANGS_AFTER_MS } from '../../../src/cluster/vitals/breaker.ts';
import { QueryError } from '../../../src/model/errors.ts';
import { failed, success } from '../../../src/model/result.ts';
import type { TimeWindow } from '../../../src/model/time-bound.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { NEVER, messages, scopeOf } from '../support.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { MINUTE, START, gatewayOver, named, read, type Gateway, type World } from './world.ts';

const ALWAYS = { from: 0, to: Infinity };
const NOW = 300 * MINUTE;

function target(instance: string, more: Partial<World['targets'][number]> = {}): World['targets'][number] {
  return { instance, intervalMs: 15_000, life: ALWAYS, failures: [[], []], series: [], ...more };
}

function pair(more: Partial<World> = {}): World {
  return {
    spanMs: NOW,
    replicas: [
      { phase: 0, away: [] },
      { phase: 0.3, away: [] },
    ],
    targets: [target('t0'), target('t1')],
    ...more,
  };
}

/** Reads five minutes that end at a time, in ms after the start. */
async function ask(gateway: Gateway, name = 'm', to = NOW - 30 * MINUTE): ReturnType<typeof read> {
  return read(gateway.once, named(name), to - 5 * MINUTE, to);
}

/** A gateway that has read a selector in full, with the margin that it needs from then on. */
async function learned(world: World, name?: string, to?: number, timers?: ManualTimers): Promise<Gateway> {
  const gateway = gatewayOver(world, NOW, timers);
  await gateway.refresh();
  await ask(gateway, name, to);
  await ask(gateway, name, to);
  forget(gateway);
  return gateway;
}

function forget({ asked, reasons }: Gateway): void {
  for (const each of asked) each.length = 0;
  reasons.length = 0;
}

function calls({ asked }: Gateway): readonly number[] {
  return asked.map(({ length }) => length);
}

describe('a shard whose preferred replica has all', () => {
  it('is read in full where a range reaches beyond what its replicas are asked for', async () => {
    const since = (ms: number): TimeWindow => ({ min: { kind: 'at', ms: START + ms } });
    const inside = await learned(pair({ window: since(NOW - 120 * MINUTE) }));
    await ask(inside);
    assert.deepEqual(inside.reasons, ['once']);
    const beyond = await learned(pair({ window: since(NOW - 32 * MINUTE) }));
    await ask(beyond);
    assert.deepEqual([calls(beyond), beyond.reasons], [[1, 1], ['other_options']]);
  });

  it('is read from that alone', async () => {
    const gateway = await learned(pair());
    const { series } = await ask(gateway);
    assert.equal(series.length, 2);
    assert.deepEqual(calls(gateway), [1, 0]);
    assert.deepEqual(gateway.reasons, ['once']);
  });

  it('is read in full again after a while', async () => {
    const gateway = await learned(pair());
    gateway.clock.ticks = 120_001;
    await ask(gateway);
    assert.deepEqual(calls(gateway), [1, 1]);
    assert.deepEqual(gateway.reasons, ['unproven']);
  });

  it('is read in full where a range begins before the one that was read', async () => {
    const gateway = await learned(pair());
    await ask(gateway, 'm', NOW - 40 * MINUTE);
    assert.deepEqual(gateway.reasons, ['unproven']);
  });

  it('is read in full where replicas are not merged by the usual labels', async () => {
    const gateway = await learned(pair());
    const request = {
      matchers: named('m'),
      minTime: START,
      maxTime: START + NOW,
      hints: { range: 0, func: '' },
    };
    await gateway.once.source(scopeOf({ replicaLabels: ['other'] })).select(request, NEVER);
    await gateway.once.source(scopeOf({ dedupMode: 'chain' })).select(request, NEVER);
    // By another label they are no replicas at all.
    assert.deepEqual(gateway.reasons, ['other_options']);
  });

  it('is explained', async () => {
    const gateway = await learned(pair());
    const [from, to] = [START + NOW - 35 * MINUTE, START + NOW - 30 * MINUTE];
    const request = { matchers: named('m'), minTime: from, maxTime: to, hints: { range: 0, func: '' } };
    const { shards } = await gateway.once.explain(scopeOf(), request, { series: 0, windows: 0 });
    const outcomes = shards[0]!.endpoints.map(({ outcome }) => outcome);
    assert.equal(outcomes[0]!.kind, 'answered');
    assert.deepEqual(outcomes[1], {
      kind: 'spared',
      reason:
        'replica a speaks for it: it missed no scrape of these targets, and both had the same series lately',
    });
  });
});

describe('series that no scrape proves', () => {
  const rule = { __name__: 'm', job: 'api', instance: 'none', i: 'x' };
  for (const [what, strays] of [
    ['on one replica', [{ replica: 1, labels: rule }]],
    ['on both', [0, 1].map((replica) => ({ replica, labels: rule }))],
    [
      'whose name is that of a rule',
      [0, 1].map((replica) => ({ replica, labels: { __name__: 'a:b', job: 'api', instance: 't0' } })),
    ],
  ] as const)
    it(`${what} have their shard read in full`, async () => {
      const name = strays[0].labels.__name__;
      const gateway = await learned(pair({ strays }), name);
      const { series } = await ask(gateway, name);
      assert.equal(series.length, name === 'm' ? 3 : 1);
      assert.deepEqual(calls(gateway), [1, 1]);
      assert.deepEqual(gateway.reasons, ['unproven']);
    });
});

describe('a hole', () => {
  const to = NOW - 30 * MINUTE;
  const hole = { from: to - 3 * MINUTE, to: to - 2 * MINUTE };

  it('of one target is filled from the sibling, which is asked for that target alone', async () => {
    const world = pair({ targets: [target('t0'), target('t1', { failures: [[hole], []] })] });
    const gateway = await learned(world);
    const { series } = await ask(gateway);
    assert.deepEqual(series, (await read(gateway.inFull, named('m'), to - 5 * MINUTE, to)).series);
    assert.deepEqual(gateway.reasons, ['once_but_holes']);
    assert.deepEqual(
      gateway.asked[1]![0]!.matchers.map(({ name, value }) => `${name}=${value}`),
      ['__name__=m', 'instance=t1', 'job=api'],
    );
  });

  it(
    'waits for no replica that was read alone and is found to hang meanwhile',
    { timeout: 10_000 },
    async () => {
      const timers = new ManualTimers();
      const world = pair({ targets: [target('t0'), target('t1', { failures: [[hole], []] })] });
      const gateway = await learned(world, 'm', undefined, timers);
      const [a] = gateway.endpoints;
      const ended = Promise.withResolvers<void>();
      a!.backend.select = async ({ signal }) => {
        await once(signal, 'abort');
        ended.resolve();
        return failed({ kind: 'canceled', endpoint: a!.id, reason: 'it was cut' });
      };
      const answer = ask(gateway);
      while (!timers.delays().includes(250)) await nextTurn();
      const vitals = gateway.vitals.of(a!.backend);
      vitals.see({ kind: 'probe-began' });
      gateway.clock.pass(HANGS_AFTER_MS);
      vitals.see({ kind: 'unanswered' });
      await timers.fire(250);
      await ended.promise;
      const { series } = await answer;
      assert.equal(series.length, 2);
    },
  );

  it('ends the request, and nothing else, where the call to the replica that is read alone throws', async () => {
    const world = pair({ targets: [target('t0'), target('t1', { failures: [[hole], []] })] });
    const gateway = await learned(world);
    const [a] = gateway.endpoints;
    a!.backend.select = async () => {
      await nextTurn();
      throw new QueryError('overloaded', 'the gateway was too busy');
    };
    // What nobody waits for would fail this test, and end a process.
    await assert.rejects(ask(gateway), { kind: 'overloaded' });
    await nextTurn();
  });

  it('that the sibling has as well does not make anyone wait for a sibling that is frozen', async () => {
    const timers = new ManualTimers();
    const world = pair({ targets: [target('t0'), target('t1', { failures: [[hole], [hole]] })] });
    const gateway = await learned(world, 'up', undefined, timers);
    const [, b] = gateway.endpoints;
    const asked = Promise.withResolvers<void>();
    b!.backend.select = async ({ signal }) => {
      asked.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return failed({ kind: 'canceled', endpoint: b!.id, reason: 'it was cut' });
    };
    const answer = ask(gateway, 'up');
    await asked.promise;
    for (let turn = 0; turn < 100 && !timers.delays().includes(100); turn++) await nextTurn();
    assert.ok(timers.delays().includes(100), 'it is waited for without end');
    gateway.clock.pass(100);
    await timers.fire(100);
    const { series, annotations } = await answer;
    assert.equal(series.length, 2);
    assert.match(
      messages(annotations as never).join('\n'),
      /^info: .* much slower than its replicas, .*; nothing is missing/,
    );
  });

  it('of a series whose target was scraped has the sibling asked after all', async () => {
    const many = Array.from({ length: 20 }, () => [ALWAYS]);
    const spans = [
      { from: 0, to: hole.from },
      { from: hole.to, to: Infinity },
    ];
    const gateway = await learned(pair({ targets: [target('t0', { series: [...many, spans] })] }));
    const { series } = await ask(gateway);
    assert.deepEqual(series, (await read(gateway.inFull, named('m'), to - 5 * MINUTE, to)).series);
    assert.deepEqual(gateway.reasons, ['once_but_series']);
    const [asked] = gateway.asked[1]!;
    assert.ok(asked!.matchers.some(({ name, value }) => name === 'i' && value === '21'));
  });

  it('that is newer than what is known of scrapes has the sibling asked after all', async () => {
    const end = NOW - 1000;
    const failures = [[{ from: end - 20_000, to: Infinity }], []];
    for (const name of ['m', 'up']) {
      const gateway = gatewayOver(pair({ spanMs: end, targets: [target('t0', { failures })] }), NOW - 40_000);
      await gateway.refresh();
      gateway.clock.at = START + end;
      for (let round = 0; round < 3; round++) {
        const { series } = await ask(gateway, name, end);
        assert.deepEqual(series, (await read(gateway.inFull, named(name), end - 5 * MINUTE, end)).series);
      }
      assert.equal(gateway.reasons.at(-1), 'once_but_series');
    }
  });
});

describe('the replica that is read alone', () => {
  it('has its siblings asked where it sends fewer series than it had, such as none', async () => {
    const gateway = await learned(pair());
    const [a] = gateway.endpoints;
    const select = a!.backend.select.bind(a!.backend);
    a!.backend.select = async (scope, wanted) => {
      const never = { kind: '=', name: 'instance', value: 'lost' } as const;
      return select(scope, { ...wanted, matchers: [...wanted.matchers, never] });
    };
    const { series } = await ask(gateway);
    assert.equal(series.length, 2);
    assert.deepEqual(gateway.reasons, ['once_but_series']);
    await ask(gateway);
    assert.equal(gateway.reasons.at(-1), 'unproven');
  });

  it('has its siblings asked where it sends one series twice in the place of another', async () => {
    const gateway = await learned(pair());
    const [a] = gateway.endpoints;
    const select = a!.backend.select.bind(a!.backend);
    a!.backend.select = async (scope, wanted) => {
      const answer = await select(scope, wanted);
      if (!answer.ok) return answer;
      const [first] = answer.value.series;
      const series = new SeriesBatch();
      for (let i = 0; i < 2; i++) series.add(first!.labels, first!.data);
      return success({ ...answer.value, series });
    };
    const { series } = await ask(gateway);
    assert.equal(series.length, 2);
    assert.deepEqual(gateway.reasons, ['once_but_series']);
    await ask(gateway);
    assert.equal(gateway.reasons.at(-1), 'unproven');
  });

  it('is replaced by its sibling where it fails, and nothing is missing', async () => {
    const gateway = await learned(pair());
    const [a] = gateway.endpoints;
    a!.backend.select = async () => failed({ kind: 'unavailable', endpoint: 'a', reason: 'refused' });
    const { series, annotations } = await ask(gateway);
    assert.equal(series.length, 2);
    assert.deepEqual(gateway.reasons, ['not_answered']);
    assert.equal(gateway.failed.length, 1);
    assert.ok(!messages(annotations as never).some((message) => message.startsWith('warning: shard')));
  });

  it('is not waited for where it takes much longer than before', async () => {
    const timers = new ManualTimers();
    const gateway = await learned(pair(), 'm', undefined, timers);
    const [a] = gateway.endpoints;
    const select = a!.backend.select.bind(a!.backend);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    a!.backend.select = async (...call) => {
      await released;
      return select(...call);
    };
    const answer = ask(gateway);
    while (!timers.delays().includes(250)) await nextTurn();
    await timers.fire(250);
    assert.deepEqual(calls(gateway), [0, 1]);
    release();
    const { series } = await answer;
    assert.equal(series.length, 2);
    assert.deepEqual(calls(gateway), [1, 1]);
    assert.deepEqual(gateway.reasons, ['not_answered']);
  });

  it('has had a part of its time where it does not answer, so its sibling is held up for the rest of it alone', async () => {
    const timers = new ManualTimers();
    const gateway = await learned(pair(), 'm', undefined, timers);
    const [a] = gateway.endpoints;
    a!.backend.select = async ({ signal }) => {
      await once(signal, 'abort');
      return failed({ kind: 'canceled', endpoint: a!.id, reason: 'it was cut' });
    };
    const answer = ask(gateway);
    while (!timers.delays().includes(250)) await nextTurn();
    gateway.clock.pass(250);
    await timers.fire(250);
    // It is known how long it takes, so it has the least time, which is over.
    const { series } = await answer;
    assert.equal(series.length, 2);
    assert.deepEqual(gateway.reasons, ['not_answered']);
  });

  it('is none where a replica was too slow lately', async () => {
    const gateway = await learned(pair());
    const vitals = gateway.vitals.of(gateway.endpoints[0]!.backend);
    vitals.see({ kind: 'cut', bytes: 1 });
    assert.equal(vitals.state, 'slow');
    await ask(gateway);
    assert.deepEqual(gateway.reasons, ['unhealthy']);
  });

  it('is none where a sibling is down', async () => {
    const gateway = await learned(pair());
    Object.assign(gateway.endpoints[1]!, {
      health: { kind: 'down', failure: { kind: 'unavailable', endpoint: 'b', reason: 'refused' }, since: 0 },
    });
    await ask(gateway);
    assert.deepEqual(gateway.reasons, ['unhealthy']);
  });
});
