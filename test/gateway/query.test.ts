import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { EngineQuery } from '../../src/engine/evaluate.ts';
import { answerBytes } from '../../src/gateway/answer-bytes.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import type { QueryEvent } from '../../src/gateway/parts.ts';
import type { RangeQuery } from '../../src/gateway/query.ts';
import { QueryError } from '../../src/model/errors.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../src/model/labels.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import type { Loss } from '../../src/model/loss.ts';
import type { ReadOptions, RequestScope } from '../../src/model/request-scope.ts';
import { merging, showing } from '../support/scopes.ts';
import { ANSWER, answerOf, ManualTimers, partsOf, selectionOf } from './support.ts';
import { columnsOf } from '../select/support.ts';
import { ROOMY } from '../support/limits.ts';
import { originOf } from '../support/open-requests.ts';

const RANGE: RangeQuery = { text: 'up', start: 0, end: 60_000, step: 15_000, limit: 0 };

function signal(): AbortSignal {
  return new AbortController().signal;
}

async function rejectsRange(change: Partial<RangeQuery>, message: string): Promise<void> {
  const gateway = createGateway(partsOf({}));
  await assert.rejects(gateway.queryRange(gateway.open({}, originOf(signal())), { ...RANGE, ...change }), {
    kind: 'bad_data',
    message,
  });
}

test('queries reach the engine with times in milliseconds', async () => {
  const evaluated: EngineQuery[] = [];
  const gateway = createGateway(
    partsOf({
      evaluate: async (query) => {
        evaluated.push(query);
        return ANSWER;
      },
    }),
  );
  await gateway.query(gateway.open({}, originOf(signal())), {
    text: 'a',
    time: 5,
    limit: 0,
    lookbackDelta: 7,
  });
  await gateway.queryRange(gateway.open({}, originOf(signal())), {
    ...RANGE,
    step: 1.5,
    end: 3,
    lookbackDelta: 0,
  });
  const [instant, range] = evaluated.map(({ text, start, end, step, lookbackDelta }) => ({
    text,
    start,
    end,
    step,
    lookbackDelta,
  }));
  assert.deepEqual(instant, { text: 'a', start: 5, end: 5, step: 0, lookbackDelta: 7 });
  assert.deepEqual(range, { text: 'up', start: 0, end: 3, step: 1, lookbackDelta: undefined });
});

test('ranges that make no sense are refused in the words of Prometheus', async () => {
  await rejectsRange({ end: -1 }, 'invalid parameter "end": end timestamp must not be before start time');
  const problem = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
  await rejectsRange({ step: 0 }, `invalid parameter "step": ${problem}`);
  await rejectsRange({ step: -1 }, `invalid parameter "step": ${problem}`);
  await rejectsRange(
    { step: 0.5, end: 10 },
    'invalid parameter "step": steps shorter than a millisecond are not accepted',
  );
  await rejectsRange(
    { text: 'sum(' },
    'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
  );
});

test('a range may have 11,000 steps beyond its first point', async () => {
  const gateway = createGateway(partsOf({}));
  await gateway.queryRange(gateway.open({}, originOf(signal())), { ...RANGE, step: 1000, end: 11_000_999 });
  await rejectsRange(
    { step: 1000, end: 11_001_000 },
    'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
  );
});

test('range queries are for vectors and scalars only', async () => {
  await rejectsRange(
    { text: 'up[5m]' },
    'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  );
});

test('requests choose how replicas are treated, the server fills in the rest', async () => {
  const used: ReadOptions[] = [];
  const source = (scope: RequestScope): ReturnType<ReturnType<typeof selectionOf>['source']> => {
    used.push(scope.options);
    return selectionOf({}).source(scope);
  };
  const gateway = createGateway(partsOf({ selection: selectionOf({ source }) }));
  const query = { text: 'a', time: 0, limit: 0 };
  const ask = (wishes: ReadWishes) => gateway.query(gateway.open(wishes, originOf(signal())), query);
  await ask({ replicaLabels: [] });
  await ask({ dedup: false, replicaLabels: ['r'], partialResponse: false });
  await ask({ dedupMode: 'chain' });
  await ask({ dedup: false, mergesReplicas: true, showReplaced: true });
  const defaults: ReadOptions = {
    replicas: merging('__replica__'),
    dedupMode: 'gap-aware',
    partialResponse: true,
    maxSourceResolution: 0,
    endpoints: [],
    showReplaced: false,
    pushdown: false,
  };
  assert.deepEqual(used, [
    defaults,
    { ...defaults, replicas: showing(['r']), partialResponse: false },
    { ...defaults, dedupMode: 'chain' },
    { ...defaults, replicas: showing(['__replica__'], ['__replica__']), showReplaced: true },
  ]);
});

test('a limit cuts series and says so', async () => {
  const sample = { labels: EMPTY_LABELS, t: 0, v: 1, h: undefined };
  const answer = answerOf({ kind: 'vector', samples: [sample, sample, sample] });
  const gateway = createGateway(partsOf({ evaluate: async () => answer }));
  const cut = await gateway.query(gateway.open({}, originOf(signal())), { text: 'a', time: 0, limit: 2 });
  assert.equal(cut.answer.value.kind === 'vector' && cut.answer.value.samples.length, 2);
  assert.deepEqual(cut.answer.annotations, [{ kind: 'truncated' }]);
  assert.equal(
    (await gateway.query(gateway.open({}, originOf(signal())), { text: 'a', time: 0, limit: 3 })).answer,
    answer,
  );
});

test('the shorter one of the timeouts counts', async () => {
  const manual = new ManualTimers();
  const delays: number[] = [];
  const gateway = createGateway(
    partsOf({
      timers: manual,
      evaluate: async () => {
        delays.push(...manual.pending.map(({ ms }) => ms).toSorted((a, b) => b - a));
        return ANSWER;
      },
    }),
  );
  for (const timeout of [undefined, 5000, 999_999]) {
    await gateway.query(gateway.open({}, originOf(signal())), { text: 'a', time: 0, limit: 0, timeout });
  }
  assert.deepEqual(delays, [120_000, 119_900, 5000, 4900, 120_000, 119_900]);
  assert.deepEqual(manual.pending, [], 'timers are called off');
});

test('what a query waited for before it was begun counts, and its refusal in the queue comes a little early', async () => {
  const delays = async (waitedMs: number, timeout: number): Promise<readonly number[]> => {
    const manual = new ManualTimers();
    const seen: number[] = [];
    const evaluate = async (): Promise<typeof ANSWER> => {
      seen.push(...manual.pending.map(({ ms }) => ms));
      return ANSWER;
    };
    const gateway = createGateway(partsOf({ timers: manual, evaluate }));
    const scope = gateway.open({}, { ...originOf(signal()), waitedMs });
    await gateway.query(scope, { text: 'a', time: 0, limit: 0, timeout });
    return seen.toSorted((a, b) => b - a);
  };
  assert.deepEqual(await delays(0, 3000), [3000, 2900]);
  assert.deepEqual(await delays(200, 3000), [2800, 2700]);
  assert.deepEqual(await delays(0, 1000), [1000, 950]);
});

test('a query that waited for all of its time is refused before it begins', async () => {
  const gateway = createGateway(partsOf({ evaluate: () => assert.fail('must not be evaluated') }));
  const scope = gateway.open({}, { ...originOf(signal()), waitedMs: 1000 });
  await assert.rejects(gateway.query(scope, { text: 'a', time: 0, limit: 0, timeout: 1000 }), {
    kind: 'timeout',
    message: 'query timed out in query queue',
  });
});

test('what runs already may use all of its time, what waits for its turn is told a little earlier', async () => {
  const manual = new ManualTimers();
  const { promise, resolve } = Promise.withResolvers<typeof ANSWER>();
  const gateway = createGateway(
    partsOf({ timers: manual, limits: { ...ROOMY, maxConcurrent: 1 }, evaluate: () => promise }),
  );
  const scopes = [0, 1].map(() => gateway.open({}, originOf(signal())));
  const [runs, waits] = scopes.map((scope) => gateway.query(scope, { text: 'a', time: 0, limit: 0 }));
  const refused = assert.rejects(waits!, { kind: 'timeout', message: 'query timed out in query queue' });
  manual.goOff(119_900);
  await refused;
  resolve(ANSWER);
  assert.equal((await runs!).answer, ANSWER);
});

test('a query that takes too long times out, whatever the engine throws then', async () => {
  const manual = new ManualTimers();
  const gateway = createGateway(
    partsOf({
      timers: manual,
      evaluate: async (_query, _source, bounded) => {
        const aborted = once(bounded, 'abort');
        manual.goOff();
        await aborted;
        throw new Error('socket closed');
      },
    }),
  );
  await assert.rejects(
    gateway.query(gateway.open({}, originOf(signal())), { text: 'a', time: 0, limit: 0 }),
    {
      kind: 'timeout',
      message: 'query timed out in expression evaluation',
    },
  );
});

test('a timeout of nothing is over before it begins', async () => {
  const gateway = createGateway(partsOf({ evaluate: () => assert.fail('must not be evaluated') }));
  await assert.rejects(
    gateway.query(gateway.open({}, originOf(signal())), { text: 'a', time: 0, limit: 0, timeout: -1 }),
    {
      kind: 'timeout',
      message: 'query timed out in query queue',
    },
  );
});

test('a caller that leaves cancels the query', async () => {
  const caller = new AbortController();
  const gateway = createGateway(
    partsOf({
      evaluate: async (_query, _source, bounded) => {
        caller.abort();
        bounded.throwIfAborted();
        return ANSWER;
      },
    }),
  );
  await assert.rejects(
    gateway.query(gateway.open({}, originOf(caller.signal)), { text: 'a', time: 0, limit: 0 }),
    {
      kind: 'canceled',
      message: 'query was canceled in expression evaluation',
    },
  );
});

test('queries beyond the limit wait for their turn', async () => {
  const { promise: first, resolve: finish } = Promise.withResolvers<typeof ANSWER>();
  const results = [first, Promise.resolve(ANSWER)];
  const gateway = createGateway(
    partsOf({ limits: { ...ROOMY, timeout: 1000, maxConcurrent: 1 }, evaluate: () => results.shift()! }),
  );
  const query = { text: 'a', time: 0, limit: 0 };
  const scopes = [0, 1].map(() => gateway.open({}, originOf(signal())));
  const [running, waiting] = scopes.map((scope) => gateway.query(scope, query));
  assert.deepEqual(gateway.load().queries, { active: 1, waiting: 1, refused: 0 });
  finish(ANSWER);
  await running;
  scopes[0]!.budget.release();
  await waiting;
  scopes[1]!.budget.release();
  assert.deepEqual(gateway.load().queries, { active: 0, waiting: 0, refused: 0 });
});

test('once it is evaluated, a query holds its answer, and not what it read', async () => {
  const series = [{ labels: labelsFromRecord({ a: 'b' }), columns: columnsOf([[0, 1]]) }];
  const gateway = createGateway(
    partsOf({
      evaluate: async ({ memory }) => {
        memory!.take(1_000_000);
        return answerOf({ kind: 'matrix', series });
      },
    }),
  );
  const scope = gateway.open({}, originOf(signal()));
  const { answer } = await gateway.query(scope, { text: 'a', time: 0, limit: 0 });
  assert.equal(scope.budget.peak, 1_000_000);
  assert.equal(scope.budget.held, answerBytes(answer.value));
  assert.ok(scope.budget.held < 1000);
});

test('what became of each query is reported', async () => {
  const events: QueryEvent[] = [];
  let now = 0;
  const gateway = createGateway(
    partsOf({
      clock: { now: () => 0, monotonic: () => now },
      onQuery: (event) => events.push(event),
      evaluate: async ({ text }) => {
        now += 5;
        if (text === 'fails') throw new QueryError('execution', 'no');
        if (text === 'works') return ANSWER;
        const failures = [{ kind: 'timeout', endpoint: 'a:1', reason: 'it hangs' } as const];
        const shard: Loss = { kind: 'shard', shard: '0', failures };
        const standIn = { kind: 'whole' } as const;
        const replica: Loss = {
          kind: 'replica',
          shard: '1',
          failure: failures[0]!,
          others: ['b:1'],
          standIn,
        };
        return { ...ANSWER, annotations: [shard, replica, replica] };
      },
    }),
  );
  await gateway.query(gateway.open({}, originOf(signal())), { text: 'works', time: 0, limit: 0 });
  await gateway.query(gateway.open({}, originOf(signal())), { text: 'partly', time: 0, limit: 0 });
  await assert.rejects(gateway.queryRange(gateway.open({}, originOf(signal())), { ...RANGE, text: 'fails' }));
  const ids = { request: 'test', named: 'test', trace: undefined };
  const good = { family: 'instant', ids, queuedMs: 0, totalMs: 5, samples: 9, error: undefined };
  assert.deepEqual(events, [
    { ...good, text: 'works', missing: 0, replaced: 0 },
    { ...good, text: 'partly', missing: 1, replaced: 2 },
    { ...good, family: 'range', text: 'fails', samples: 0, error: 'execution', missing: 0, replaced: 0 },
  ]);
});

test('what the engine finds wrong with an expression is wrong with the parameter', async () => {
  const problem = '2:5: duration must be greater than 0';
  const evaluate = async (): Promise<never> => {
    throw new QueryError('bad_data', problem);
  };
  const gateway = createGateway(partsOf({ evaluate }));
  await assert.rejects(
    gateway.query(gateway.open({}, originOf(signal())), { text: 'a', time: 5, limit: 0 }),
    {
      kind: 'bad_data',
      message: `invalid parameter "query": ${problem}`,
    },
  );
});
