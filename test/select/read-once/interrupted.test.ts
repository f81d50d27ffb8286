import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from '../../support/evaluate-text.ts';
import { scopeOf } from '../support.ts';
import { gatewayOver, MINUTE, named, read, START, type Gateway, type World } from './world.ts';

const ALWAYS = { from: 0, to: Infinity };
const NOW = 480 * MINUTE;
/** The preferred replica was away then. */
const OUTAGE = { from: 200 * MINUTE, to: 210 * MINUTE };
const [FROM, TO] = [60 * MINUTE, 440 * MINUTE];
/** For 15 s, with room. */
const MARGIN = 9 * MINUTE;

function target(instance: string, more: Partial<World['targets'][number]> = {}): World['targets'][number] {
  return { instance, intervalMs: 15_000, life: ALWAYS, failures: [[], []], series: [], ...more };
}

function pair(more: Partial<World> = {}): World {
  return {
    spanMs: NOW,
    samplesPerChunk: 20,
    replicas: [
      { phase: 0, away: [OUTAGE] },
      { phase: 0.3, away: [] },
    ],
    targets: [target('t0'), target('t1')],
    ...more,
  };
}

/** Asks until the intervals and the proof are known, and once more, and holds the answer against that of all replicas. */
async function asked(world: World, from = FROM, to = TO): Promise<Gateway> {
  const gateway = gatewayOver(world, NOW);
  await gateway.refresh();
  const ask = async (): ReturnType<typeof read> => read(gateway.once, named('m'), from, to);
  for (let i = 0; i < 2; i++) await ask();
  for (const each of gateway.asked) each.length = 0;
  gateway.reasons.length = 0;
  const answer = await ask();
  const calls = gateway.asked.map((each) => [...each]);
  assert.deepEqual(answer, await read(gateway.inFull, named('m'), from, to));
  calls.forEach((each, r) => gateway.asked[r]!.splice(0, Infinity, ...each));
  return gateway;
}

/** More than there are matchers for; they are scraped more seldom, which takes less time here. */
const MANY = Array.from({ length: 101 }, (_, i) => target(`t${i}`, { intervalMs: 60_000 }));

/** What a replica was asked for, in minutes after the start. */
function spans({ asked: all }: Gateway, replica: number): readonly (readonly [from: number, to: number])[] {
  return all[replica]!.map(({ minTime, maxTime }) => [
    Math.round((minTime - START) / MINUTE),
    Math.round((maxTime - START) / MINUTE),
  ]);
}

describe('an outage of the preferred replica', () => {
  it('does not let a target live on that was taken away meanwhile', async () => {
    for (const to of [OUTAGE.from + 5000, OUTAGE.from + 12_000, OUTAGE.from + 3 * MINUTE]) {
      const gone = target('gone', { intervalMs: 60_000, life: { from: 0, to } });
      await asked(pair({ targets: [target('t0'), target('t1'), gone] }));
    }
  });

  it('has its sibling asked for the time about it alone', async () => {
    const gateway = await asked(pair());
    assert.deepEqual(gateway.reasons, ['once_but_holes']);
    const [[from, to], more] = spans(gateway, 1) as [[number, number], undefined];
    assert.equal(more, undefined);
    assert.deepEqual([from, to], [200 - 18, 210 + 18]);
    assert.equal(spans(gateway, 0).length, 1);
  });

  it('has it asked for all targets where there are many', async () => {
    const gateway = await asked(pair({ targets: MANY }));
    assert.deepEqual(gateway.reasons, ['once_but_holes']);
    const [[from, to]] = spans(gateway, 1) as [[number, number]];
    assert.ok(to - from < 120, `${from} to ${to}`);
    assert.deepEqual(gateway.asked[1]![0]!.matchers, named('m'));
  });

  it('is none where it lies before what is read, or behind, though chunks that are read reach over it', async () => {
    for (const [from, to] of [
      [OUTAGE.to + 2 * MARGIN, TO],
      [FROM, OUTAGE.from - 2 * MARGIN],
    ] as const) {
      const gateway = await asked(pair({ samplesPerChunk: 200 }), from, to);
      assert.deepEqual([gateway.reasons, spans(gateway, 1).length], [['once'], 0]);
    }
  });

  it('does not keep servers from computing parts of what lies behind it', async () => {
    const gateway = gatewayOver(pair({ targets: MANY.slice(0, 3), metric: 'm_total' }), NOW);
    await gateway.refresh();
    const times = { start: START + OUTAGE.to + 60 * MINUTE, end: START + TO, step: 10 * MINUTE };
    const count = async (source: Gateway['once']): Promise<readonly string[]> =>
      linesOf('count by (job) (m_total)', source.source(scopeOf({ pushdown: true })), times);
    for (let i = 0; i < 2; i++) await count(gateway.pushing);
    gateway.pushes.length = 0;
    assert.deepEqual(await count(gateway.pushing), await count(gateway.inFull));
    assert.deepEqual(gateway.pushes, ['pushed']);
  });

  it('that goes on where a range begins or ends has it asked for that end', async () => {
    for (const [from, to] of [
      [OUTAGE.from + 5 * MINUTE, TO],
      [FROM, OUTAGE.to - 5 * MINUTE],
    ] as const) {
      const gateway = await asked(pair(), from, to);
      assert.deepEqual(gateway.reasons, ['once_but_holes'], `${from} to ${to}`);
      const [[first, last]] = spans(gateway, 1) as [[number, number]];
      assert.ok(last - first < 50, `${first} to ${last}`);
    }
  });

  it('has it asked for all of a range that is not much longer', async () => {
    const gateway = await asked(pair(), OUTAGE.from - 5 * MINUTE, OUTAGE.to + 5 * MINUTE);
    assert.deepEqual(gateway.reasons, ['once_but_holes']);
    assert.deepEqual(spans(gateway, 1), spans(gateway, 0));
  });

  it('has it asked for all of the range where another target failed as well', async () => {
    const failed = target('t1', { failures: [[{ from: 100 * MINUTE, to: 105 * MINUTE }], []] });
    const gateway = await asked(pair({ targets: [target('t0'), failed] }));
    assert.deepEqual(gateway.reasons, ['once_but_holes']);
    assert.deepEqual(spans(gateway, 1), spans(gateway, 0));
  });

  it('has it asked for the time about it alone where another target is dead on both', async () => {
    const dead = target('t2', { failures: [[ALWAYS], [ALWAYS]] });
    const gateway = await asked(pair({ targets: [target('t0'), target('t1'), dead] }));
    assert.deepEqual(gateway.reasons, ['once_but_holes']);
    assert.deepEqual(spans(gateway, 1), [[200 - 18, 210 + 18]]);
  });

  it('has it asked for all where a series lacks what was scraped at another time', async () => {
    const series = [[{ from: 0, to: 300 * MINUTE }]];
    const gateway = await asked(pair({ targets: [target('t0', { series }), target('t1')] }));
    assert.deepEqual(gateway.reasons, ['once_but_series']);
    assert.deepEqual(spans(gateway, 1).at(-1), spans(gateway, 0)[0]);
  });

  it('lets no server compute parts where there are many targets', async () => {
    const gateway = gatewayOver(pair({ targets: MANY }), NOW);
    await gateway.refresh();
    const times = { start: START + FROM, end: START + TO, step: 10 * MINUTE };
    const count = async (source: Gateway['once']): Promise<readonly string[]> =>
      linesOf('count by (job) (m)', source.source(scopeOf({ pushdown: true })), times);
    for (let i = 0; i < 2; i++) await count(gateway.pushing);
    assert.deepEqual(await count(gateway.pushing), await count(gateway.inFull));
    assert.deepEqual(gateway.pushes, ['unproven', 'unproven', 'unproven']);
  });
});

describe('a target that nobody reached', () => {
  /** The names of series that both ways to read have, up to now. */
  async function seriesOf(gateway: Gateway, name: string): Promise<readonly (readonly string[])[]> {
    const now = gateway.clock.at - START;
    const answers = [];
    for (const selection of [gateway.once, gateway.inFull]) {
      const { series } = await read(selection, named(name), now - 60 * MINUTE, now);
      answers.push(series.map((text) => text.slice(0, text.indexOf(': '))));
    }
    return answers;
  }

  it('is there as soon as a sibling reaches it again', async () => {
    const again = NOW + 10_000;
    // Its series were there before, so they are no new ones.
    const from = 30 * MINUTE;
    const dead = target('x', { failures: [[{ from, to: Infinity }], [{ from, to: again }]] });
    const gateway = gatewayOver(
      pair({ spanMs: NOW + 10 * MINUTE, targets: [target('t0'), target('t1'), dead] }),
      NOW,
    );
    await gateway.refresh();
    for (let i = 0; i < 2; i++) await seriesOf(gateway, 'm');
    for (let passed = 0; passed < 80_000; passed += 20_000) {
      gateway.clock.pass(20_000);
      const [once, inFull] = await seriesOf(gateway, 'm');
      assert.deepEqual(once, inFull, `${passed} ms later`);
      assert.equal(inFull!.length, 3);
    }
  });

  it('is down as soon as a sibling tried it', async () => {
    const replicas = [
      { phase: 0.9, away: [] },
      { phase: 0.1, away: [] },
    ];
    const life = { from: NOW, to: Infinity };
    const failures = [[ALWAYS], [ALWAYS]];
    const down = target('y', { intervalMs: 60_000, life, failures });
    const gateway = gatewayOver(
      pair({ spanMs: NOW + 10 * MINUTE, replicas, targets: [target('t0'), down] }),
      NOW - MINUTE,
    );
    await gateway.refresh();
    for (let i = 0; i < 2; i++) await seriesOf(gateway, 'up');
    gateway.clock.pass(MINUTE + 10_000);
    await gateway.refresh();
    for (let passed = 0; passed < 60_000; passed += 15_000) {
      const [once, inFull] = await seriesOf(gateway, 'up');
      assert.deepEqual(once, inFull, `${passed} ms later`);
      assert.equal(inFull!.length, 2);
      gateway.clock.pass(15_000);
    }
  });
});
