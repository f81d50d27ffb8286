import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { TimeWindow } from '../../../src/model/time-bound.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import type { Selection } from '../../../src/select/selection.ts';
import { coveredBy, failingEndpoint, messages, NEVER, scopeOf, type Samples } from '../support.ts';
import { DAY, HOUR, MINUTE, request, scrapes, spied, times } from './spied.ts';

const NOW = 4 * DAY;
/** Samples of the store up to a day ago, and of servers of the last two days. */
const OLD: TimeWindow = { max: { kind: 'from-now', ms: -DAY } };
const NEW: TimeWindow = { min: { kind: 'from-now', ms: -2 * DAY } };
const STORE_END = NOW - DAY + 2 * MINUTE - 1;

const a = scrapes(30_000, 1000);
const b = scrapes(30_000, 12_000);
const G = { __name__: 'g', job: 'x' };

interface World {
  readonly selection: Selection;
  /** From when to when each was asked, in order; by address. */
  readonly asked: () => Readonly<Record<string, readonly (readonly [from: number, to: number])[]>>;
}

/** A store with what one of two servers wrote, and the two, or one of them alone. */
function worldOf(stored: Samples, lost: readonly string[] = [], alone = false): World {
  const servers = [
    spied('store', { cluster: 'eu' }, [G, stored]),
    spied('a', { cluster: 'eu', __replica__: 'a' }, [G, a]),
    ...(alone ? [] : [spied('b', { cluster: 'eu', __replica__: 'b' }, [G, b])]),
  ];
  const sibling = { a: 'b', b: 'a', store: '' } as const;
  const endpoints = servers.map(({ endpoint }): Endpoint => {
    const window = endpoint.address === 'store' ? OLD : NEW;
    const { address, externalLabels } = endpoint;
    const covered = coveredBy(sibling[address as keyof typeof sibling]);
    if (!lost.includes(address)) return { ...endpoint, ...covered, window };
    return { ...failingEndpoint(address, {}, { ...covered, window }), externalLabels };
  });
  const selection = createSelection({
    topology: () => fixedTopology(endpoints),
    timers: SYSTEM_TIMERS,
    clock: { now: () => NOW, monotonic: () => performance.now() },
  });
  return {
    selection,
    asked: () =>
      Object.fromEntries(
        servers.map(({ endpoint, asked }) => [
          endpoint.address,
          asked.map(({ minTime, maxTime }) => [minTime, maxTime] as const),
        ]),
      ),
  };
}

const timesOf = (samples: Samples, from: number, to: number): readonly number[] =>
  samples.map(([t]) => t).filter((t) => t >= from && t <= to);

async function told(selection: Selection, from: number, to: number): Promise<readonly string[]> {
  const set = await selection.source(scopeOf()).select(request(from, to), NEVER);
  for (const series of set.series) void series;
  return messages(set.annotations);
}

describe('servers of new samples and a store of old ones', () => {
  it('answer together what each has, and are asked for no more', async () => {
    const { selection, asked } = worldOf(a);
    const [from, to] = [HOUR, NOW - HOUR];
    assert.deepEqual(await times(selection, request(from, to)), timesOf(a, from, to));
    const { store, a: server } = asked();
    assert.ok(store!.every(([, end]) => end === STORE_END));
    assert.ok(server!.every(([begin]) => begin === NOW - 2 * DAY));
  });

  it('are asked alone where the others have nothing of what is needed', async () => {
    const recent = worldOf(a);
    assert.equal((await times(recent.selection, request(NOW - HOUR, NOW - MINUTE))).length, 118);
    assert.deepEqual(recent.asked()['store'], []);
    const old = worldOf(a);
    assert.equal((await times(old.selection, request(HOUR, 2 * HOUR))).length, 120);
    assert.deepEqual([old.asked()['a'], old.asked()['b']], [[], []]);
  });

  it('have a part in the choice where their samples are in the margin alone', async () => {
    const { selection, asked } = worldOf(a);
    await times(selection, request(STORE_END + 5 * MINUTE, STORE_END + HOUR));
    assert.equal(asked()['store']!.length, 1);
    const without = scopeOf({ dedupMode: 'chain' });
    await selection.source(without).select(request(STORE_END + 5 * MINUTE, STORE_END + HOUR), NEVER);
    assert.equal(asked()['store']!.length, 1, 'a mode that sees no further has no margin');
  });

  for (const alone of [false, true])
    it(`give the same samples whatever the range is, where the store has those of another server than ${alone ? 'the one' : 'the two'}`, async () => {
      const stored = scrapes(30_000, 21_000, [NOW - 1.5 * DAY, NOW - 1.4 * DAY]);
      const { selection } = worldOf(stored, [], alone);
      const all = await times(selection, request(HOUR, NOW - HOUR));
      const edges = [NOW - 2 * DAY, NOW - 1.5 * DAY, STORE_END];
      for (const edge of edges)
        for (let shift = -30; shift <= 30; shift += 3) {
          const [from, to] = [edge + shift * 47_000, edge + shift * 47_000 + 20 * MINUTE];
          const expected = all.filter((t) => t >= from && t <= to);
          assert.deepEqual(await times(selection, request(from, to)), expected, `${edge} ${shift}`);
        }
      const longest = Math.max(...all.slice(1).map((t, i) => t - all[i]!));
      assert.ok(longest <= 45_000, `there is a hole of ${longest} ms`);
      const shortest = Math.min(...all.slice(1).map((t, i) => t - all[i]!));
      assert.ok(shortest >= 15_000, `two samples are ${shortest} ms apart`);
    });

  it('ask for the whole list of labels where it is', async () => {
    const { selection } = worldOf(a, ['a', 'b']);
    const lookup = { matcherSets: [], minTime: HOUR, maxTime: 2 * HOUR, limit: 0 };
    const { items, annotations } = await selection.labelNames(scopeOf(), lookup);
    assert.deepEqual([items, annotations], [['__name__', 'cluster', 'job'], []]);
  });
});

describe('one that is lost', () => {
  it('is no loss to what it is not asked for, nor to what needs its samples for the choice alone', async () => {
    const noServers = worldOf(a, ['a', 'b']);
    assert.deepEqual(await told(noServers.selection, HOUR, 2 * HOUR), []);
    const noStore = worldOf(a, ['store']);
    assert.deepEqual(await told(noStore.selection, NOW - HOUR, NOW), []);
    assert.deepEqual(await told(noStore.selection, STORE_END + 5 * MINUTE, STORE_END + HOUR), []);
    const [warning, ...others] = await told(noStore.selection, STORE_END - 5 * MINUTE, STORE_END + HOUR);
    assert.match(warning!, /^warning: shard \{cluster="eu"\} is missing: endpoint store did not answer/);
    assert.deepEqual(others, []);
  });

  it('is replaced by those that are asked for the same times, and by no others', async () => {
    const oneLess = worldOf(a, ['a']);
    const [info, ...more] = await told(oneLess.selection, NOW - 1.5 * DAY, NOW - 1.4 * DAY);
    assert.match(info!, /^info: .* nothing is missing, its replica b answered$/);
    assert.deepEqual(more, []);
    const noServers = worldOf(a, ['a', 'b']);
    const [warning] = await told(noServers.selection, NOW - 1.5 * DAY, NOW - HOUR);
    assert.match(warning!, /^warning: shard \{cluster="eu"\} is missing: endpoint a .*; endpoint b /);
  });
});

it('an explanation says who is left out', async () => {
  const { selection } = worldOf(a);
  const { shards } = await selection.explain(scopeOf(), request(NOW - HOUR, NOW), { series: 1, windows: 1 });
  const reasons = shards.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ outcome }) => (outcome.kind === 'pruned' ? [outcome.reason] : [])),
  );
  assert.deepEqual(reasons, ['its min_time and max_time leave the time range out']);
});
