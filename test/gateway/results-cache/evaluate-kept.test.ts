import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { QueryAnswer } from '../../../src/engine/answer.ts';
import type { EngineQuery } from '../../../src/engine/evaluate.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import type { RangeQuery } from '../../../src/gateway/query.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import type { ResultsEvent } from '../../../src/gateway/results-cache/results-cache.ts';
import { remark, type Annotation } from '../../../src/model/annotations.ts';
import { seesOnly } from '../../../src/model/enforced-matchers.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { UNLIMITED } from '../../../src/model/caller-limits.ts';
import type { Loss } from '../../../src/model/loss.ts';
import { NO_TENANT } from '../../../src/model/request-scope.ts';
import { originOf } from '../../support/open-requests.ts';
import { partsOf, selectionOf } from '../support.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
/** Ten steps from minute 10 on. */
const RANGE: RangeQuery = { text: 'up', start: 10 * MINUTE, end: 19 * MINUTE, step: MINUTE, limit: 0 };

const lostReplica = (kind: 'whole' | 'other'): Loss => ({
  kind: 'replica',
  shard: 's',
  failure: { kind: 'unavailable', endpoint: 'b', reason: 'connection refused' },
  others: ['a'],
  standIn: { kind },
});

/** A gateway that keeps results, and an engine of which each step is its time in minutes. */
function keeping(resultsCache = { bytes: 1e6, lifetime: 60 * MINUTE, minFresh: 10 * MINUTE }) {
  const world = {
    now: NOW,
    monotonic: 1,
    annotations: [] as readonly Annotation[],
    endpoints: [endpoint('a', 'up'), endpoint('b', 'up')],
    settleMs: 0,
  };
  const evaluated: string[] = [];
  const events: ResultsEvent[] = [];
  const gateway = createGateway(
    partsOf({
      clock: { now: () => world.now, monotonic: () => world.monotonic },
      selection: selectionOf({
        source: () => ({ select: () => assert.fail('the engine of this test reads nothing') }),
        topology: () => topologyOf(world.endpoints),
      }),
      evaluate: async (query) => {
        evaluated.push(`${query.start / MINUTE}-${query.end / MINUTE}`);
        return { ...answerTo(query, world.annotations), settleMs: world.settleMs };
      },
      resultsCache,
      onResults: (event) => events.push(event),
    }),
  );
  const ask = async (
    change: Partial<RangeQuery> = {},
    wishes: ReadWishes = {},
    origin = {},
  ): Promise<QueryAnswer> => {
    const scope = gateway.open(wishes, { ...originOf(new AbortController().signal), ...origin });
    const { answer } = await gateway.queryRange(scope, { ...RANGE, ...change });
    return answer;
  };
  /** Which ranges are evaluated of a query, in minutes. */
  const evaluates = async (...asked: Parameters<typeof ask>): Promise<readonly string[]> => {
    evaluated.length = 0;
    await ask(...asked);
    return [...evaluated];
  };
  return { world, ask, evaluates, events };
}

function endpoint(id: string, kind: 'up' | 'down', clockOffsetMs = 0): Endpoint {
  const failure = { kind: 'unavailable', endpoint: id, reason: 'connection refused' } as const;
  const health = kind === 'up' ? { kind } : { kind, failure, since: 0 };
  return { id, health, clockOffsetMs, externalLabels: labelsFromRecord({ r: id }) } as unknown as Endpoint;
}

/** As the registry does, one object for endpoints that did not change. */
const TOPOLOGIES = new WeakMap<readonly Endpoint[], { generation: number; endpoints: readonly Endpoint[] }>();
function topologyOf(endpoints: readonly Endpoint[]) {
  const known = TOPOLOGIES.get(endpoints) ?? { generation: 1, endpoints };
  TOPOLOGIES.set(endpoints, known);
  return known;
}

function answerTo({ start, end, step }: EngineQuery, annotations: readonly Annotation[]): QueryAnswer {
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const columns = {
    length: times.length,
    t: Float64Array.from(times),
    v: Float64Array.from(times, (time) => time / MINUTE),
    h: undefined,
    st: undefined,
  };
  return {
    value: { kind: 'matrix', series: [{ labels: labelsFromRecord({ a: 'b' }), columns }] },
    annotations,
    stats: {
      totalQueryableSamples: times.length * 3,
      peakSamples: times.length,
      perStep: new Float64Array(times.length).fill(3),
      timings: { prepare: 1, select: 1, evaluate: 1, total: 3 },
    },
  };
}

function valuesOf({ value }: QueryAnswer): readonly number[] {
  assert.equal(value.kind, 'matrix');
  return value.kind === 'matrix'
    ? value.series.flatMap(({ columns }) => [...columns.v.subarray(0, columns.length)])
    : [];
}

describe('a range query of which results are kept', () => {
  test('is evaluated at the steps that are new alone', async () => {
    const { ask, evaluates } = keeping();
    assert.deepEqual(await evaluates(), ['10-19']);
    assert.deepEqual(await evaluates({ end: 25.5 * MINUTE }), ['20-25.5']);
    assert.deepEqual(await evaluates({ start: 8 * MINUTE, end: 26 * MINUTE }), ['8-9', '26-26']);
    const answer = await ask({ start: 9 * MINUTE, end: 12 * MINUTE });
    assert.deepEqual(valuesOf(answer), [9, 10, 11, 12]);
    assert.deepEqual([answer.stats.keptSteps, answer.stats.totalQueryableSamples], [4, 12]);
    assert.equal(answer.stats.perStep, undefined);
  });

  test('tells metrics how much was kept', async () => {
    const { world, ask, events } = keeping();
    await ask();
    world.monotonic += 30;
    await ask({ end: 21 * MINUTE });
    world.monotonic += 10;
    await ask({ start: 15 * MINUTE });
    assert.deepEqual(events, [
      { outcome: 'miss', keptSteps: 0, sharedSteps: 0, evaluatedSteps: 10, ageMs: undefined },
      { outcome: 'part', keptSteps: 10, sharedSteps: 0, evaluatedSteps: 2, ageMs: 30 },
      { outcome: 'hit', keptSteps: 5, sharedSteps: 0, evaluatedSteps: 0, ageMs: 40 },
    ]);
  });

  test('is evaluated as a whole where little of it is kept', async () => {
    const { evaluates } = keeping();
    await evaluates({ end: 11 * MINUTE });
    assert.deepEqual(await evaluates({ end: 60 * MINUTE }), ['10-60']);
  });

  test('is evaluated anew where its samples are young, by the clock that is most behind', async () => {
    const { world, evaluates } = keeping();
    world.now = 25 * MINUTE;
    await evaluates();
    assert.deepEqual(await evaluates(), ['16-19']);
    assert.deepEqual(await evaluates({ text: 'up offset -4m' }), ['10-19']);
    assert.deepEqual(await evaluates({ text: 'up offset -4m' }), ['12-19']);
    world.endpoints = [endpoint('a', 'up', -3 * MINUTE), endpoint('b', 'up', MINUTE)];
    await evaluates({ text: 'down' });
    assert.deepEqual(await evaluates({ text: 'down' }), ['13-19']);
  });

  test('is evaluated anew where samples behind it may still change from which replica its own are taken', async () => {
    const { world, evaluates } = keeping();
    world.now = 25 * MINUTE;
    world.settleMs = 2.5 * MINUTE;
    await evaluates();
    assert.deepEqual(await evaluates(), ['13-19']);
    world.settleMs = Infinity;
    await evaluates({ text: 'down' });
    assert.deepEqual(await evaluates({ text: 'down' }), ['10-19']);
  });

  test('is evaluated as a whole where what is chosen among replicas depends on the range', async () => {
    const { evaluates } = keeping();
    for (const wishes of [{ dedupMode: 'penalty' }, { maxSourceResolution: 300_000 }] as const)
      for (let i = 0; i < 2; i++)
        assert.deepEqual(await evaluates({}, wishes), ['10-19'], JSON.stringify(wishes));
    await evaluates({}, { dedupMode: 'penalty', dedup: false });
    assert.deepEqual(await evaluates({}, { dedupMode: 'penalty', dedup: false }), []);
  });

  test('is another one for another step, phase, text, lookback delta, wish and caller', async () => {
    const { evaluates } = keeping();
    await evaluates();
    for (const other of [{ step: 30_000 }, { start: 10 * MINUTE + 1 }, { text: 'up ' }, { lookbackDelta: 7 }])
      assert.equal((await evaluates(other)).length, 1, JSON.stringify(other));
    assert.deepEqual(await evaluates({}, { dedup: false }), ['10-19']);
    const matcher = { kind: '=', name: 'tenant', value: 'x' } as const;
    const admission = { ...NO_TENANT, tenant: 'x', enforced: seesOnly([matcher]) };
    assert.deepEqual(await evaluates({}, {}, { admission }), ['10-19']);
    const limited = { ...NO_TENANT, limits: { ...UNLIMITED, values: { max_series: 5 } } };
    assert.deepEqual(await evaluates({}, {}, { admission: limited }), ['10-19']);
    assert.deepEqual(await evaluates(), []);
  });

  test('is evaluated as a whole where the caller wants that', async () => {
    const { evaluates, events } = keeping();
    await evaluates();
    assert.deepEqual(await evaluates({ isFresh: true }), ['10-19']);
    assert.deepEqual(await evaluates({}, {}, { header: () => 'no-store' }), ['10-19']);
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['miss', 'around', 'around'],
    );
  });

  test('is evaluated as a whole where its steps depend on its range', async () => {
    const { evaluates, events } = keeping();
    for (let i = 0; i < 2; i++) assert.deepEqual(await evaluates({ text: 'up @ end()' }), ['10-19']);
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['unfit', 'unfit'],
    );
  });

  test('is never answered by what lacks something, or has remarks', async () => {
    const { world, ask, evaluates } = keeping();
    const shard: Loss = { kind: 'shard', shard: 's', failures: [] };
    const remarks = [remark('info', 'metric might not be a counter')];
    for (const annotations of [[shard], [lostReplica('other')], [lostReplica('whole')], remarks]) {
      world.annotations = annotations;
      assert.deepEqual((await ask()).annotations, annotations);
      assert.deepEqual(await evaluates(), ['10-19']);
    }
  });

  test('says what its new steps lack, and keeps those before', async () => {
    const { world, ask, evaluates } = keeping();
    await ask();
    world.annotations = [{ kind: 'shard', shard: 's', failures: [] }];
    const answer = await ask({ end: 22 * MINUTE });
    assert.deepEqual(answer.annotations, world.annotations);
    assert.deepEqual(await evaluates({ end: 22 * MINUTE }), ['20-22']);
  });

  test('is kept while a replica is known to be away for which another stands in, and not when that returns', async () => {
    const { world, ask, evaluates } = keeping();
    world.endpoints = [endpoint('a', 'up'), endpoint('b', 'down')];
    world.annotations = [lostReplica('whole')];
    await ask();
    assert.deepEqual(await evaluates(), []);
    assert.deepEqual((await ask()).annotations, world.annotations);
    world.endpoints = [endpoint('a', 'up'), endpoint('b', 'up')];
    world.annotations = [];
    assert.deepEqual(await evaluates(), ['10-19']);
  });

  test('is not kept where an endpoint is lost meanwhile', async () => {
    const { world, ask, evaluates } = keeping();
    const before = world.endpoints;
    const answer = ask();
    world.endpoints = [endpoint('a', 'up')];
    await answer;
    world.endpoints = before;
    assert.deepEqual(await evaluates(), ['10-19']);
  });

  test('is evaluated at once where remarks of two evaluations would have to be joined', async () => {
    const { world, evaluates, events } = keeping();
    await evaluates();
    world.annotations = [remark('info', 'x (2 occurrences)')];
    assert.deepEqual(await evaluates({ start: 9 * MINUTE, end: 20 * MINUTE }), ['9-9', '20-20', '9-20']);
    assert.deepEqual(events.at(-1), { outcome: 'unfit', keptSteps: 0, sharedSteps: 0, evaluatedSteps: 12 });
  });
});
