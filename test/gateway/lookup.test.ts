import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { LookupRequest } from '../../src/backend/backend.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import type { LookupQuery } from '../../src/gateway/lookup.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { listOf, ManualTimers, partsOf, selectionOf } from './support.ts';
import { MAX_TIME, MIN_TIME } from '../../src/model/time-range.ts';
import { ROOMY } from '../support/limits.ts';
import { originOf } from '../support/open-requests.ts';

const QUERY: LookupQuery = { selectors: ['up'], minTime: 0, maxTime: 10, limit: 0 };
const { signal } = new AbortController();
const a = labelsFromRecord({ a: '1' });

test('lookups pass the limit on; the selection keeps to it and says where it cut', async () => {
  const asked: LookupRequest[] = [];
  const cut = { items: [a], annotations: [{ kind: 'truncated' }] } as const;
  const selection = selectionOf({
    series: async (_, request) => {
      asked.push(request);
      return cut;
    },
  });
  const gateway = createGateway(partsOf({ selection }));
  assert.deepEqual(await gateway.series(gateway.open({}, originOf(signal)), { ...QUERY, limit: 1 }), cut);
  assert.deepEqual(
    asked.map(({ limit }) => limit),
    [1],
  );
});

test('where a request gives no times, the default range of the server counts', async () => {
  const asked: LookupRequest[] = [];
  const selection = selectionOf({
    labelNames: async (_, request) => {
      asked.push(request);
      return listOf('x');
    },
  });
  const now = 10_000;
  const parts = partsOf({ selection, clock: { now: () => now, monotonic: () => 0 } });
  const timesWith = async (metadataRange: number | undefined, query: Partial<LookupQuery>) => {
    const gateway = createGateway({ ...parts, defaults: { ...parts.defaults, metadataRange } });
    const scope = gateway.open({}, originOf(signal));
    await gateway.labelNames(scope, { ...QUERY, minTime: undefined, maxTime: undefined, ...query });
    const { minTime, maxTime } = asked.at(-1) ?? {};
    return [minTime, maxTime];
  };
  assert.deepEqual(await timesWith(undefined, {}), [MIN_TIME, MAX_TIME]);
  assert.deepEqual(await timesWith(5000, {}), [now - 5000, now]);
  assert.deepEqual(await timesWith(5000, { minTime: 1 }), [1, now]);
  assert.deepEqual(await timesWith(5000, { maxTime: now - 6000 }), [now - 11_000, now - 6000]);
});

test('selectors become matcher sets', async () => {
  const asked: LookupRequest[] = [];
  const labelNames = async (
    _: RequestScope,
    request: LookupRequest,
  ): Promise<ReturnType<typeof listOf<string>>> => {
    asked.push(request);
    return listOf('x');
  };
  const gateway = createGateway(partsOf({ selection: selectionOf({ labelNames }) }));
  await gateway.labelNames(gateway.open({}, originOf(signal)), { ...QUERY, selectors: ['up', 'down'] });
  await gateway.labelNames(gateway.open({}, originOf(signal)), { ...QUERY, selectors: [] });
  assert.deepEqual(
    asked.map(({ matcherSets }) => matcherSets.map(([matcher]) => matcher?.value)),
    [['up', 'down'], []],
  );
});

test('mistakes in selectors are named as Prometheus does: the parameter for series alone', async () => {
  const gateway = createGateway(partsOf({}));
  const bad = { ...QUERY, selectors: [')'] };
  const every = { ...QUERY, selectors: ['up', '{a=~".*"}'] };
  await assert.rejects(gateway.series(gateway.open({}, originOf(signal)), bad), {
    message: 'invalid parameter "match[]": 1:2: parse error: unexpected right parenthesis \')\'',
  });
  await assert.rejects(gateway.labelNames(gateway.open({}, originOf(signal)), bad), {
    message: "1:2: parse error: unexpected right parenthesis ')'",
  });
  await assert.rejects(gateway.labelValues(gateway.open({}, originOf(signal)), 'a', every), {
    kind: 'bad_data',
    message: 'match[] must contain at least one non-empty matcher',
  });
  await assert.rejects(gateway.series(gateway.open({}, originOf(signal)), { ...QUERY, selectors: [] }), {
    kind: 'bad_data',
    message: 'no match[] parameter provided',
  });
  await assert.rejects(gateway.labelValues(gateway.open({}, originOf(signal)), '', QUERY), {
    message: 'invalid label name: ""',
  });
});

test('a range that ends before it starts is empty, and no endpoint is asked', async () => {
  const gateway = createGateway(partsOf({}));
  const empty = { ...QUERY, minTime: 2, maxTime: 1 };
  assert.deepEqual(await gateway.series(gateway.open({}, originOf(signal)), empty), listOf());
  assert.deepEqual(await gateway.labelNames(gateway.open({}, originOf(signal)), empty), listOf());
  assert.deepEqual(await gateway.labelValues(gateway.open({}, originOf(signal)), 'a', empty), listOf());
});

test('lookups have the timeout of the server', async () => {
  const manual = new ManualTimers();
  const labelValues = async ({ signal: bounded }: RequestScope) => {
    const aborted = once(bounded, 'abort');
    manual.goOff();
    await aborted;
    return listOf<string>(...(bounded.reason as string[]));
  };
  const gateway = createGateway(partsOf({ selection: selectionOf({ labelValues }), timers: manual }));
  await assert.rejects(gateway.labelValues(gateway.open({}, originOf(signal)), 'a', QUERY), {
    kind: 'timeout',
    message: 'query timed out in series and label lookup',
  });
});

test('lookups wait for their turn, apart from queries, and within the same time', async () => {
  const manual = new ManualTimers();
  const asked: string[] = [];
  const labelValues = async (_: RequestScope, label: string) => {
    asked.push(label);
    return listOf<string>();
  };
  const evaluate = (): Promise<never> => new Promise(() => undefined);
  const limits = { ...ROOMY, maxConcurrent: 1 };
  const gateway = createGateway(
    partsOf({ selection: selectionOf({ labelValues }), timers: manual, limits, evaluate }),
  );
  void gateway.query(gateway.open({}, originOf(signal)), { text: '1', time: 0, limit: 0 });
  const scopes = ['a', 'b', 'c'].map(() => gateway.open({}, originOf(signal)));
  const [a, b, c] = ['a', 'b', 'c'].map((label, i) => gateway.labelValues(scopes[i]!, label, QUERY));
  const late = assert.rejects(c!, {
    kind: 'timeout',
    message: 'query timed out in the queue before series and label lookup',
  });
  await Promise.all([a, b]);
  assert.deepEqual(asked, ['a', 'b']);
  assert.deepEqual(gateway.load().lookups, { active: 2, waiting: 1, refused: 0 });
  manual.goOff();
  await late;
  assert.equal(gateway.load().lookups.waiting, 0);
});

test('queries are formatted and parsed; mistakes name the parameter', () => {
  const gateway = createGateway(partsOf({}));
  assert.equal(gateway.formatQuery('sum(x)by(y)'), 'sum by (y) (x)');
  assert.deepEqual(gateway.parseQuery('1'), { type: 'numberLiteral', val: '1' });
  const mistake = {
    kind: 'bad_data',
    message: 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
  };
  assert.throws(() => gateway.formatQuery('sum('), mistake);
  assert.throws(() => gateway.parseQuery('sum('), mistake);
});
