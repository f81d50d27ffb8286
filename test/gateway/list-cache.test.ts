import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createGateway, type ChangeableGateway } from '../../src/gateway/gateway.ts';
import type { ListCacheSettings } from '../../src/gateway/list-cache.ts';
import type { LookupQuery } from '../../src/gateway/lookup.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { seesOnly } from '../../src/model/enforced-matchers.ts';
import { remark, TRUNCATED, type NotedList } from '../../src/model/annotations.ts';
import { QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord, type Labels } from '../../src/model/labels.ts';
import { originOf } from '../support/open-requests.ts';
import { listOf, partsOf, selectionOf } from './support.ts';

const QUERY: LookupQuery = { selectors: ['up'], minTime: undefined, maxTime: undefined, limit: 0 };
const SETTINGS: ListCacheSettings = { lifetime: 5000, bytes: 100_000 };
const { signal } = new AbortController();

/** A gateway that keeps lists, over endpoints whose answers the test makes. */
function keeping(
  answer: (asked: number) => NotedList<string> = (asked) => listOf(`answer ${asked}`),
  settings: ListCacheSettings | undefined = SETTINGS,
) {
  let asked = 0;
  const next = async (): Promise<NotedList<string>> => answer(++asked);
  const clock = { time: 1, generation: 1 };
  const outcomes: string[] = [];
  const series = async (): Promise<NotedList<Labels>> => {
    const { items, annotations } = await next();
    return { items: items.map((a) => labelsFromRecord({ a })), annotations };
  };
  const parts = partsOf({
    selection: selectionOf({
      labelNames: next,
      labelValues: next,
      series,
      topology: () => ({ generation: clock.generation, endpoints: [] }),
    }),
    clock: { now: () => clock.time, monotonic: () => clock.time },
    listCache: settings,
    onList: (list, outcome) => outcomes.push(`${list} ${outcome}`),
  });
  const gateway = createGateway(parts);
  const names = async (query = QUERY, wishes: ReadWishes = {}, header?: string): Promise<unknown> => {
    const origin = { ...originOf(signal), header: () => header };
    return (await gateway.labelNames(gateway.open(wishes, origin), query)).items[0];
  };
  return { gateway, parts, clock, outcomes, names, asked: () => asked };
}

const scopeOf = (gateway: ChangeableGateway) => gateway.open({}, originOf(signal));

describe('lists that are kept', () => {
  test('are told that they outlive their request, and no others are', async () => {
    const told: number[] = [];
    const answer = (asked: number): NotedList<string> => ({
      items: Object.assign([`answer ${asked}`], { keep: () => void told.push(asked) }),
      annotations: asked === 1 ? [TRUNCATED] : [],
    });
    const { names } = keeping(answer);
    for (const expected of ['answer 1', 'answer 2', 'answer 2']) assert.equal(await names(), expected);
    assert.deepEqual(told, [2]);
    await keeping(answer, { lifetime: 0, bytes: 100_000 }).names();
    assert.deepEqual(told, [2]);
  });

  test('are told again until their time is over', async () => {
    const { names, clock, outcomes } = keeping();
    assert.equal(await names(), 'answer 1');
    clock.time = 5000;
    assert.equal(await names(), 'answer 1');
    clock.time = 5002;
    assert.equal(await names(), 'answer 2');
    assert.deepEqual(outcomes, ['labels miss', 'labels hit', 'labels miss']);
  });

  test('are none where the configuration keeps none', async () => {
    const { names, outcomes } = keeping(undefined, { lifetime: 0, bytes: 100_000 });
    assert.deepEqual([await names(), await names()], ['answer 1', 'answer 2']);
    assert.deepEqual(outcomes, []);
  });

  test('answer the same question alone', async () => {
    const { names, gateway, clock, asked } = keeping();
    const different: readonly (readonly [LookupQuery, ReadWishes])[] = [
      [QUERY, {}],
      [{ ...QUERY, selectors: ['down'] }, {}],
      [{ ...QUERY, minTime: 1 }, {}],
      [{ ...QUERY, maxTime: 1 }, {}],
      [{ ...QUERY, limit: 1 }, {}],
      [QUERY, { dedup: false }],
      [QUERY, { replicaLabels: ['replica'] }],
      [QUERY, { withoutLabels: ['a'] }],
      [QUERY, { endpoints: [[{ kind: '=', name: '__address__', value: 'a' }]] }],
    ];
    const ask = async () => Promise.all(different.map(async ([query, wishes]) => names(query, wishes)));
    const first = await ask();
    assert.equal(new Set(first).size, different.length);
    assert.deepEqual(await ask(), first);
    await gateway.labelValues(scopeOf(gateway), 'a', QUERY);
    await gateway.labelValues(scopeOf(gateway), 'b', QUERY);
    await gateway.series(scopeOf(gateway), QUERY);
    assert.equal(asked(), different.length + 3);
    clock.generation++;
    assert.equal(await names(), `answer ${different.length + 4}`);
  });

  test('answer the same tenant alone', async () => {
    const { gateway, asked } = keeping();
    const scope = scopeOf(gateway);
    for (const caller of [
      scope.caller,
      { ...scope.caller, tenant: 'a' },
      { ...scope.caller, enforced: seesOnly([{ kind: '=', name: 'team', value: 'a' }]) },
      { ...scope.caller, tenant: 'a' },
    ])
      await gateway.labelNames({ ...scope, caller }, QUERY);
    assert.equal(asked(), 3);
  });

  for (const [what, annotation] of [
    ['that were cut', TRUNCATED],
    ['with a warning', remark('warning', 'something is odd')],
    [
      'that lack a shard',
      { kind: 'reported', shard: '{}', endpoint: 'a', message: 'gone', replaced: false } as const,
    ],
    [
      'that a stand-in completed',
      { kind: 'reported', shard: '{}', endpoint: 'a', message: 'gone', replaced: true } as const,
    ],
  ] as const)
    test(`are none ${what}`, async () => {
      const { names } = keeping((asked) => ({ items: [`answer ${asked}`], annotations: [annotation] }));
      assert.deepEqual([await names(), await names()], ['answer 1', 'answer 2']);
    });

  test('are none that failed', async () => {
    const { names } = keeping((asked) => {
      if (asked === 1) throw new QueryError('unavailable', 'nobody is there');
      return listOf(`answer ${asked}`);
    });
    await assert.rejects(names(), /nobody is there/);
    assert.equal(await names(), 'answer 2');
  });

  test('are passed by where the request says no-cache', async () => {
    const { names, outcomes } = keeping();
    await names();
    assert.equal(await names(QUERY, {}, 'max-age=0, no-cache'), 'answer 2');
    assert.equal(await names(), 'answer 1');
    assert.deepEqual(outcomes, ['labels miss', 'labels around', 'labels hit']);
  });

  test('take no more than they may, a large one nothing', async () => {
    const { gateway, names } = keeping((asked) => listOf(`answer ${asked} ${'x'.repeat(9000)}`));
    for (let limit = 1; limit <= 20; limit++) await names({ ...QUERY, limit });
    const { keptBytes } = gateway.load();
    assert.ok(keptBytes > SETTINGS.bytes / 2 && keptBytes <= SETTINGS.bytes, `${keptBytes} bytes`);
    const large = keeping(() => listOf(...Array.from({ length: 1000 }, (_, i) => `value ${i}`)));
    await large.names();
    assert.equal(large.gateway.load().keptBytes, 0);
  });

  test('are forgotten with the settings that they were made by', async () => {
    const { gateway, parts, names } = keeping();
    await names();
    gateway.use(parts);
    assert.equal(await names(), 'answer 2');
  });
});
