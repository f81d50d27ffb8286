import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BackendSelect, RawSeriesSet } from '../../../src/backend/backend.ts';
import { openBudget } from '../../../src/model/budget.ts';
import { seesOnly } from '../../../src/model/enforced-matchers.ts';
import type { BackendFailure } from '../../../src/model/loss.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import { failed, success, type Result } from '../../../src/model/result.ts';
import { SharedReads } from '../../../src/select/series/shared-reads.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { columnsSeries, endpointOf, memoryEndpoint, readAll, scopeOf, selectionOf } from '../support.ts';

const REQUEST: BackendSelect = {
  matchers: [{ kind: '=', name: '__name__', value: 'm' }],
  minTime: 0,
  maxTime: 60_000,
  hints: { range: 0, func: '' },
};
const FAILURE: BackendFailure = { kind: 'unavailable', endpoint: 'a:1', reason: 'refused' };

type Answer = Result<RawSeriesSet, BackendFailure>;

function answer(): Answer {
  const series = new SeriesBatch();
  const { labels, data } = columnsSeries({ __name__: 'm' }, [[1, 1]]);
  series.add(labels, data);
  return success({ series, annotations: [], bytes: 100 });
}

/** Reads of an endpoint that answers when it is told to. */
function reading(reads?: SharedReads): {
  readonly reads: SharedReads;
  readonly read: (scope?: RequestScope, request?: BackendSelect, isUntilNow?: boolean) => Promise<Answer>;
  readonly clock: { at: number };
  /** What it was asked, each to be answered. */
  readonly calls: PromiseWithResolvers<Answer>[];
  readonly joined: () => number;
} {
  const clock = { at: 0 };
  const calls: PromiseWithResolvers<Answer>[] = [];
  const { backend } = memoryEndpoint('a:1', {}, []);
  const ask = async (): Promise<Answer> => {
    const call = Promise.withResolvers<Answer>();
    calls.push(call);
    return call.promise;
  };
  let joined = 0;
  const own = reads ?? new SharedReads({ monotonic: () => clock.at }, () => joined++);
  return {
    reads: own,
    read: async (scope = scopeOf(), request = REQUEST, isUntilNow = false) =>
      own.read(scope, { backend, request, isUntilNow }, ask),
    clock,
    calls,
    joined: () => joined,
  };
}

function tenant(name: string): RequestScope {
  const scope = scopeOf();
  const enforced = seesOnly([{ kind: '=', name: 'team', value: name }]);
  return { ...scope, caller: { ...scope.caller, tenant: name, enforced } };
}

describe('equal reads of samples that go on at the same time', () => {
  it('are one call, whose answer each of them has', async () => {
    const { read, calls, joined } = reading();
    const all = [1, 2, 3].map(async () => read(scopeOf(), { ...REQUEST }));
    assert.equal(calls.length, 1);
    calls[0]!.resolve(answer());
    const [first, ...others] = await Promise.all(all);
    const batchOf = (each: Answer | undefined): unknown => each?.ok === true && each.value.series;
    for (const other of others) assert.equal(batchOf(other), batchOf(first));
    assert.equal(joined(), 2);
  });

  it('are asked for again once the answer is there', async () => {
    const { read, calls } = reading();
    const first = read();
    calls[0]!.resolve(answer());
    await first;
    void read();
    assert.equal(calls.length, 2);
  });

  it('are asked for anew where they began a second before', () => {
    const { read, calls, clock } = reading();
    for (const at of [0, 999, 1000, 1999]) {
      clock.at = at;
      void read();
    }
    assert.equal(calls.length, 2);
  });

  it('end a moment apart where they go on up to now', () => {
    const { read, calls } = reading();
    for (const maxTime of [60_000, 60_500]) void read(scopeOf(), { ...REQUEST, maxTime }, true);
    assert.equal(calls.length, 1);
    void read();
    assert.equal(calls.length, 2);
  });

  it('count for the budget of each', async () => {
    const { read, calls } = reading();
    const first = read();
    const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
    const second = read({ ...scopeOf(), budget });
    calls[0]!.resolve(answer());
    const { series } = ((await first) as Extract<Answer, { ok: true }>).value;
    await second;
    assert.equal(budget.held, series.bytes);
    assert.ok(budget.held > 0);
  });

  it('are held to the limits of each', async () => {
    for (const limits of [
      { bytes: 1, series: 0 },
      { bytes: 0, series: 0, received: 99 },
    ]) {
      const { read, calls } = reading();
      const first = read();
      const budget = openBudget(new MemoryCeiling(0), limits);
      const second = read({ ...scopeOf(), budget });
      calls[0]!.resolve(answer());
      await assert.rejects(second, { kind: 'too_large' });
      assert.equal((await first).ok, true);
    }
  });
});

describe('a read that joined another one', () => {
  it('is asked for anew where that fails, or throws', async () => {
    for (const end of [
      (call: PromiseWithResolvers<Answer>) => call.resolve(failed(FAILURE)),
      (call: PromiseWithResolvers<Answer>) => call.reject(new Error('too large for the other')),
    ]) {
      const { read, calls, joined } = reading();
      const first = read();
      const ended = first.then(
        ({ ok }) => ok,
        () => false,
      );
      const second = read();
      end(calls[0]!);
      assert.equal(await ended, false);
      await new Promise(setImmediate);
      assert.equal(calls.length, 2);
      calls[1]!.resolve(answer());
      assert.equal((await second).ok, true);
      assert.equal(joined(), 0);
    }
  });

  it('is asked for together with others that joined the same', async () => {
    const { read, calls } = reading();
    const first = read();
    const others = [read(), read(), read()];
    calls[0]!.resolve(failed(FAILURE));
    assert.equal((await first).ok, false);
    await new Promise(setImmediate);
    assert.equal(calls.length, 2);
    calls[1]!.resolve(answer());
    for (const { ok } of await Promise.all(others)) assert.equal(ok, true);
  });

  it('is asked for by itself where two failed', async () => {
    const { read, calls } = reading();
    const others = [read(), read(), read(), read()];
    for (let failing = 0; failing < 2; failing++) {
      calls[failing]!.resolve(failed(FAILURE));
      await new Promise(setImmediate);
    }
    assert.equal(calls.length, 4);
    for (const call of calls.slice(2)) call.resolve(answer());
    assert.deepEqual(
      (await Promise.all(others)).map(({ ok }) => ok),
      [false, false, true, true],
    );
  });

  it('ends when its request does, and the other one goes on', async () => {
    const { read, calls } = reading();
    const first = read();
    const request = new AbortController();
    const second = read(scopeOf({}, request.signal));
    request.abort();
    const ended = await second;
    assert.equal(ended.ok || ended.failure.kind, 'canceled');
    calls[0]!.resolve(answer());
    assert.equal((await first).ok, true);
  });
});

describe('reads are not equal', () => {
  const usual = scopeOf();
  const passing = (value: string): RequestScope => ({ ...usual, passed: [['x-scope-orgid', value]] });
  const fresh: RequestScope = { ...usual, caller: { ...usual.caller, header: () => 'no-cache' } };
  for (const [what, scopes, more] of [
    ['of two tenants', [tenant('a'), tenant('b')], {}],
    ['that pass other headers on', [passing('a'), passing('b')], {}],
    ['with other options', [usual, scopeOf({ partialResponse: false })], {}],
    ['that want no answer which others have', [usual, fresh], {}],
    [
      'of which the first may end much sooner',
      [
        { ...usual, deadline: 5000 },
        { ...usual, deadline: 6001 },
      ],
      {},
    ],
    ['of other times', [usual, usual], { minTime: 1 }],
    ['of other series', [usual, usual], { matchers: [{ kind: '=', name: '__name__', value: 'n' }] }],
    ['for other functions', [usual, usual], { hints: { range: 0, func: 'rate' } }],
  ] as const)
    it(what, () => {
      const { read, calls } = reading();
      void read(scopes[0]);
      void read(scopes[1], { ...REQUEST, ...more });
      assert.equal(calls.length, 2);
    });

  it('of two endpoints', () => {
    const one = reading();
    const other = reading(one.reads);
    for (const { read } of [one, other]) void read();
    assert.deepEqual([one.calls.length, other.calls.length], [1, 1]);
  });
});

describe('selects of the past', () => {
  /** A selection over one endpoint, and how often that was asked. */
  function counted(): { readonly selection: ReturnType<typeof selectionOf>; readonly calls: () => number } {
    const { backend } = memoryEndpoint('a:1', {}, [
      columnsSeries({ __name__: 'm', i: '1' }, [
        [1000, 1],
        [2000, 2],
      ]),
    ]);
    const select = backend.select.bind(backend);
    let calls = 0;
    backend.select = async (scope, request) => {
      calls++;
      // Long enough for the others to ask, also where they give way before.
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      return select(scope, request);
    };
    return { selection: selectionOf(endpointOf(backend, labelsFromRecord({}))), calls: () => calls };
  }
  const { matchers, hints } = REQUEST;

  it('share their reads, and have the same series', async () => {
    const { selection, calls } = counted();
    const read = async () =>
      readAll(
        await selection
          .source(scopeOf())
          .select({ matchers, minTime: 0, maxTime: 5000, hints }, scopeOf().signal),
      );
    const [first, ...others] = await Promise.all([read(), read(), read()]);
    assert.equal(first.length, 1);
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(calls(), 1);
  });

  it('share none that end now', async () => {
    const { selection, calls } = counted();
    const maxTime = Date.now();
    const read = async () =>
      selection.source(scopeOf()).select({ matchers, minTime: 0, maxTime, hints }, scopeOf().signal);
    await Promise.all([read(), read()]);
    assert.equal(calls(), 2);
  });
});
