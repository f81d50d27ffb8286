import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failed } from '../../../src/model/result.ts';
import type { Timers } from '../../../src/model/timers.ts';
import { linesOf } from '../../support/evaluate-text.ts';
import { gatewayOverAll, MINUTE, START, type Gateway, type Span, type World } from '../read-once/world.ts';
import { scopeOf } from '../support.ts';
import { between, pushesOf, shard } from './world.ts';

const NOW = 1000 * MINUTE;
const QUERY = 'sum by (cluster) (rate(m_total[5m]))';
const TIMES = { start: START + 100 * MINUTE, end: START + 900 * MINUTE, step: MINUTE };
const span = (from: number, to: number): Span => ({ from: from * MINUTE, to: to * MINUTE });

/** A shard of which the first replica was away, and the second one. */
function away(first: readonly Span[], second: readonly Span[] = [], more: Partial<World> = {}): World {
  const replicas = [first, second].map((spans, r) => ({ phase: 0.2 + r / 2, away: spans }));
  return shard('eu', 2, { spanMs: 2 * NOW, replicas, ...more });
}

const ask = async (gateway: Gateway, times = TIMES): Promise<readonly string[]> =>
  linesOf(QUERY, gateway.pushing.source(scopeOf({ pushdown: true })), times);

/** So many queries at most until a shard that may compute does. */
const ROUNDS = 12;

/** However busy the machine is, nobody is given up. */
const PATIENT: Timers = { after: () => () => undefined };

/** A gateway that has read all, so that replicas may be read alone. */
async function warm(...shards: readonly World[]): Promise<Gateway> {
  const gateway = gatewayOverAll(shards, NOW, PATIENT);
  await gateway.refresh();
  // What is known of scrapes so long ago is looked up beside the first queries.
  for (let round = 0; round < ROUNDS && gateway.pushes.at(-1) !== 'pushed'; round++) await ask(gateway);
  for (const asked of gateway.asked) asked.length = 0;
  gateway.pushes.length = 0;
  return gateway;
}

/** Which minutes of the world each replica is asked for, and for which minutes parts are computed. */
async function asks(gateway: Gateway, times = TIMES) {
  const computed: (readonly [number, number])[] = [];
  between(gateway, async (own, scope, request) => {
    if (request.text.includes('rate(')) computed.push([minute(request.start), minute(request.end)]);
    return own(scope, request);
  });
  const expected = await linesOf(QUERY, gateway.inFull.source(scopeOf()), times);
  for (const asked of gateway.asked) asked.length = 0;
  assert.deepEqual(await ask(gateway, times), expected);
  const read = gateway.asked.map((asked) =>
    asked.map(({ minTime, maxTime }) => [minute(minTime), minute(maxTime)] as const),
  );
  return { computed, read };
}

const minute = (time: number): number => (time - START) / MINUTE;

describe('a shard of which a replica was away', () => {
  test('computes the steps that need nothing of that time, and the others are read of all replicas', async () => {
    const gateway = await warm(away([span(400, 410)]));
    const { computed, read } = await asks(gateway);
    assert.deepEqual(gateway.pushes, ['pushed']);
    const [[begin, before], [behind, end]] = computed as [[number, number], [number, number]];
    assert.deepEqual([begin, end, computed.length], [100, 900, 2]);
    assert.ok(before < 395 && before > 370, String(before));
    assert.ok(behind > 415 && behind < 445, String(behind));
    // Each replica once, with the margin around what these steps need.
    for (const asked of read) {
      const [[from, to]] = asked as [[number, number]];
      assert.equal(asked.length, 1);
      assert.ok(from < before && from > 340 && to > behind && to < 470, JSON.stringify(asked));
    }
  });

  test('computes none of the steps between two outages', async () => {
    const { computed } = await asks(await warm(away([span(400, 402), span(430, 432)])));
    const [[, before], [behind]] = computed as [[number, number], [number, number]];
    assert.equal(computed.length, 2);
    assert.ok(before < 400 && behind > 432, JSON.stringify(computed));
  });

  test('computes the steps on one side where it was away at an end', async () => {
    const { computed } = await asks(await warm(away([span(880, 884)])));
    assert.equal(computed.length, 1);
    assert.equal(computed[0]![0], 100);
    assert.ok(computed[0]![1] < 880);
  });

  test('computes all where it was away outside of what is read', async () => {
    const { computed, read } = await asks(await warm(away([span(400, 410)])), {
      ...TIMES,
      start: START + 500 * MINUTE,
    });
    assert.deepEqual(computed, []);
    // It was never read in full for this range.
    assert.ok(read.every((asked) => asked.length === 1));
  });

  test('computes nothing where it was away for long', async () => {
    const gateway = await warm(away([span(400, 500)]));
    assert.deepEqual((await asks(gateway)).computed, []);
    assert.deepEqual(gateway.pushes, ['unproven']);
  });

  test('computes all where its sibling was away', async () => {
    const { computed, read } = await asks(await warm(away([], [span(400, 410)])));
    assert.deepEqual(computed, [[100, 900]]);
    assert.deepEqual(read, [[], []]);
  });

  test('is read where it fails to compute', async () => {
    const gateway = await warm(away([span(400, 410)]));
    const failure = { kind: 'unavailable', endpoint: 'eu-a:1', reason: 'connection refused' } as const;
    between(gateway, async (own, scope, request) =>
      request.start > START + 400 * MINUTE ? failed(failure) : own(scope, request),
    );
    const { read } = await asks(gateway);
    assert.deepEqual(gateway.pushes, ['failed']);
    assert.ok(read[0]!.some(([from, to]) => from < 100 && to > 900));
  });

  test('is not asked beside targets that failed', async () => {
    const eu = away([span(400, 410)]);
    const [first, ...others] = eu.targets;
    const targets = [{ ...first!, failures: [[span(600, 603)], []] }, ...others];
    const gateway = await warm({ ...eu, targets });
    await asks(gateway);
    assert.deepEqual(gateway.pushes, ['unproven']);
  });

  test('computes nothing of series that are scraped so seldom that more depends on the outage', async () => {
    const eu = away([span(465, 486)]);
    const [first, ...others] = eu.targets;
    const slow = { ...first!, intervalMs: 20 * MINUTE, instance: 'slow', lags: [25 * MINUTE, 0] };
    const gateway = await warm({ ...eu, targets: [first!, ...others, slow] });
    assert.deepEqual((await asks(gateway)).computed, []);
  });

  test('computes all, in two parts, where the steps are so far apart that none needs the outage', async () => {
    const times = { ...TIMES, end: START + 880 * MINUTE, step: 60 * MINUTE };
    const gateway = await warm(away([span(425, 428)]));
    for (let round = 0; round < 2; round++) await ask(gateway, times);
    gateway.pushes.length = 0;
    const { computed, read } = await asks(gateway, times);
    assert.deepEqual(computed, [
      [100, 400],
      [460, 880],
    ]);
    assert.deepEqual(read, [[], []]);
  });

  test('computes beside a target that nobody ever reaches', async () => {
    const eu = away([span(400, 410)]);
    const [first] = eu.targets;
    const dead = { ...first!, instance: 'dead', failures: [[span(0, 2000)], [span(0, 2000)]] };
    const gateway = await warm({ ...eu, targets: [...eu.targets, dead] });
    assert.equal((await asks(gateway)).computed.length, 2);
  });

  test('is read once where it turns out that it computes nothing', async () => {
    const gateway = await warm(away([span(400, 410)]));
    let computed = 0;
    between(gateway, async (own, scope, request) => {
      computed++;
      return request.start > START + 400 * MINUTE
        ? failed({ kind: 'unavailable', endpoint: 'eu-a:1', reason: 'connection refused' })
        : own(scope, request);
    });
    for (const asked of gateway.asked) asked.length = 0;
    await ask(gateway);
    assert.ok(computed >= 2);
    assert.equal(gateway.asked[0]!.length, 1);
  });

  test('is told of in an explanation', async () => {
    const gateway = await warm(away([span(400, 410)]));
    const { computed } = await asks(gateway);
    const [push] = await pushesOf(gateway, QUERY, TIMES);
    assert.deepEqual([push?.endpoint, push?.reason], ['eu-a:1', undefined]);
    const { minTime, maxTime } = push!.readSteps!;
    assert.deepEqual([minute(minTime), minute(maxTime)], [computed[0]![1] + 1, computed[1]![0] - 1]);
  });

  test('stays proven while time passes', async () => {
    const gateway = await warm(away([span(700, 705)]));
    for (let round = 0; round < 12; round++) {
      gateway.clock.pass(MINUTE);
      await gateway.refresh();
      const end = gateway.clock.at;
      await ask(gateway, { start: end - 600 * MINUTE, end, step: MINUTE });
    }
    const pushed = gateway.pushes.filter((outcome) => outcome === 'pushed').length;
    assert.ok(pushed >= 9, gateway.pushes.join());
  });
});
