import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';

import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { MAX_TIME, MIN_TIME } from '../../../src/model/time-range.ts';
import { startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import type { FakePaths } from '../../support/fake-prometheus.ts';
import { sendJson } from '../../support/fake-server.ts';
import { scopeWith, told } from '../../support/scopes.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import { NEVER, backendAt, failureOf, valueOf } from './support.ts';
import { openBudget } from '../../../src/model/budget.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { roomyBudget } from '../../support/open-requests.ts';

const ALL = { matcherSets: [], minTime: 1_500, maxTime: 2_000, limit: 0 };

async function start(t: Parameters<typeof backendAt>[0], paths: FakePaths) {
  const server = await startFakePrometheus({ '/api/v1/read': streamed(), ...paths }, '    cluster: eu');
  t.after(() => server.close());
  const backend = backendAt(t, server.url);
  valueOf(await backend.describe(NEVER));
  return { server, backend };
}

function data(items: unknown, more: object = {}): FakePaths[string] {
  return (_, response) => sendJson(response, { status: 'success', data: items, ...more });
}

/** A list of always the same item. */
function endless(item: string): FakePaths[string] {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"status":"success","data":[${item}`);
    const more = (): void => {
      while (!response.destroyed && response.write(`,${item}`.repeat(250_000)));
    };
    response.on('drain', more);
    more();
  };
}

test('series get the external labels, and a selector where none is given', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/series': data([{ __name__: 'up', job: 'a' }]) });
  const { items } = valueOf(await backend.series(scopeWith(), ALL));
  assert.deepEqual([...items], [labelsFromRecord({ __name__: 'up', cluster: 'eu', job: 'a' })]);
  const { parameters } = server.requests.at(-1)!;
  assert.deepEqual(parameters.getAll('match[]'), ['{__name__=~".+"}']);
  assert.equal(parameters.get('start'), '1.500');
});

test('a label of the series itself wins over the external one', async (t) => {
  const { backend } = await start(t, { '/api/v1/series': data([{ cluster: 'own' }]) });
  assert.deepEqual(
    [...valueOf(await backend.series(scopeWith(), ALL)).items],
    [labelsFromRecord({ cluster: 'own' })],
  );
});

test('long selectors go as a form', async (t) => {
  const { server, backend } = await start(t, { '/api/v1/series': data([]) });
  const value = 'x'.repeat(5000);
  await backend.series(scopeWith(), { ...ALL, matcherSets: [[{ kind: '=', name: 'a', value }]] });
  const { method, parameters } = server.requests.at(-1)!;
  assert.equal(method, 'POST');
  assert.equal(parameters.get('match[]'), `{a="${value}"}`);
});

test('label names include the external ones, and warnings are passed on', async (t) => {
  const { backend } = await start(t, {
    '/api/v1/labels': data(['__name__', 'job'], { warnings: ['w'], infos: ['i'] }),
  });
  const { items, annotations } = valueOf(await backend.labelNames(scopeWith(), { ...ALL, limit: 5 }));
  assert.deepEqual(items, ['__name__', 'job', 'cluster']);
  assert.deepEqual(told(annotations), [
    { severity: 'warning', message: 'w' },
    { severity: 'info', message: 'i' },
  ]);
});

test('values of an external label: its own, where any series matches', async (t) => {
  const paths = { '/api/v1/label/cluster/values': data([]), '/api/v1/labels': data(['__name__']) };
  const { backend } = await start(t, paths);
  assert.deepEqual([...valueOf(await backend.labelValues(scopeWith(), 'cluster', ALL)).items], ['eu']);
});

test('values of an external label: none where no series matches', async (t) => {
  const paths = { '/api/v1/label/cluster/values': data([]), '/api/v1/labels': data([]) };
  const { backend } = await start(t, paths);
  assert.deepEqual([...valueOf(await backend.labelValues(scopeWith(), 'cluster', ALL)).items], []);
});

test('a label name outside of the classic character set is escaped in the path', async (t) => {
  const { server, backend } = await start(t, {
    '/api/v1/label/U__http_2e_status__code/values': data(['200']),
  });
  assert.deepEqual(
    [...valueOf(await backend.labelValues(scopeWith(), 'http.status_code', ALL)).items],
    ['200'],
  );
  assert.equal(server.requests.at(-1)!.path, '/api/v1/label/U__http_2e_status__code/values');
});

test('a range without bounds is left out, on each side for itself', async (t) => {
  const { server, backend } = await start(t, {
    '/api/v1/series': data([]),
    '/api/v1/labels': data([]),
    '/api/v1/label/job/values': data([]),
    '/api/v1/query_exemplars': data([]),
  });
  for (const [minTime, maxTime, start, end] of [
    [MIN_TIME, MAX_TIME, null, null],
    [-Infinity, Infinity, null, null],
    [2000, MAX_TIME, '2.000', null],
    [MIN_TIME, 2000, null, '2.000'],
  ] as const) {
    const request = { ...ALL, minTime, maxTime };
    const before = server.requests.length;
    await backend.series(scopeWith(), request);
    await backend.labelNames(scopeWith(), request);
    await backend.labelValues(scopeWith(), 'job', request);
    await backend.lists.exemplars(scopeWith(), { matcherSets: [[]], minTime, maxTime });
    const asked = server.requests.slice(before);
    assert.equal(asked.length, 4);
    for (const { parameters } of asked)
      assert.deepEqual([parameters.get('start'), parameters.get('end')], [start, end]);
  }
});

/** As the parser of Prometheus 2 answers: names in quotes are unknown to it. */
const withoutQuotedNames =
  (items: unknown): FakeHandler =>
  ({ parameters }, response) => {
    const selectors = [...parameters.getAll('match[]'), parameters.get('query') ?? ''];
    if (!selectors.some((text) => /[{,]"/.test(text)))
      return sendJson(response, { status: 'success', data: items });
    const error = String.raw`invalid parameter "match[]": 1:2: parse error: unexpected string "\"a.b\"" in label matching, expected identifier or "}"`;
    return sendJson(response, { status: 'error', errorType: 'bad_data', error }, 400);
  };

describe('a server that knows no quoted names has no labels of such names', () => {
  const matcher = (kind: Matcher['kind'], name: string, value: string): Matcher => ({ kind, name, value });
  const job = matcher('=', 'job', 'x');
  /** Alternatives, and what of them is asked in the end; undefined where nothing is left to ask. */
  const CASES: readonly (readonly [
    sets: readonly (readonly Matcher[])[],
    asked: readonly string[] | undefined,
  ])[] = [
    [[[matcher('=', 'a.b', 'c')]], undefined],
    [[[matcher('=~', 'é', '.+'), job]], undefined],
    [[[matcher('!=', 'a.b', 'c'), job]], ['{job="x"}']],
    [[[matcher('=', 'a b', ''), matcher('!~', 'a.b', 'c.*'), job]], ['{job="x"}']],
    [[[matcher('!=', 'a.b', 'c')]], ['{__name__=~".+"}']],
    [[[matcher('=', 'a.b', 'c')], [job]], ['{job="x"}']],
  ];
  for (const [matcherSets, asked] of CASES)
    it(JSON.stringify(matcherSets), async (t) => {
      const { server, backend } = await start(t, {
        '/api/v1/series': withoutQuotedNames([{ __name__: 'up' }]),
        '/api/v1/labels': withoutQuotedNames(['job']),
        '/api/v1/label/job/values': withoutQuotedNames(['x']),
      });
      const request = { ...ALL, matcherSets };
      const calls = {
        '/api/v1/series': async () => valueOf(await backend.series(scopeWith(), request)).items.length,
        '/api/v1/labels': async () => valueOf(await backend.labelNames(scopeWith(), request)).items.length,
        '/api/v1/label/job/values': async () =>
          valueOf(await backend.labelValues(scopeWith(), 'job', request)).items.length,
      };
      for (const [path, count] of Object.entries(calls)) {
        assert.equal((await count()) > 0, asked !== undefined);
        const last = server.requests.at(-1)!;
        assert.equal(last.path, path);
        if (asked !== undefined) assert.deepEqual(last.parameters.getAll('match[]'), asked);
      }
    });

  it('in exemplars and in reading by query', async (t) => {
    const { backend } = await start(t, {
      '/api/v1/read': (_, response) => sendJson(response, {}, 404),
      '/api/v1/query': withoutQuotedNames({ resultType: 'matrix', result: [] }),
      '/api/v1/query_exemplars': withoutQuotedNames([]),
    });
    for (const [name, remarks] of [
      ['a.b', 0],
      ['job', 1],
    ] as const) {
      const matchers = [matcher('=', name, 'c')];
      const exemplars = { matcherSets: [matchers], minTime: 0, maxTime: 1 };
      assert.deepEqual(valueOf(await backend.lists.exemplars(scopeWith(), exemplars)).items, []);
      const select = { matchers, minTime: 0, maxTime: 1, hints: { range: 0, func: '' } };
      const { series, annotations } = valueOf(await backend.select(scopeWith(), select));
      assert.equal(series.length, 0);
      assert.equal(annotations.length, remarks);
    }
  });

  it('but what else it refuses is a failure', async (t) => {
    const { backend } = await start(t, {
      '/api/v1/labels': (_, response) =>
        sendJson(response, { status: 'error', error: 'parse error: missing closing )' }, 400),
    });
    const odd = { ...ALL, matcherSets: [[matcher('=', 'a.b', 'c')]] };
    assert.match(failureOf(await backend.labelNames(scopeWith(), odd)).reason, /missing closing/);
    const plain = { ...ALL, matcherSets: [[matcher('=~', 'job', '(')]] };
    assert.match(failureOf(await backend.labelNames(scopeWith(), plain)).reason, /missing closing/);
  });
});

test('remarks of an answer are bounded in number and length', async (t) => {
  const warnings = Array.from({ length: 1000 }, (_, i) => `${i}\n${'x'.repeat(10_000)}`);
  const { backend } = await start(t, { '/api/v1/labels': data(['job'], { warnings }) });
  const remarks = told(valueOf(await backend.labelNames(scopeWith(), ALL)).annotations);
  assert.equal(remarks.length, 101);
  assert.equal(remarks.at(-1)!.message, 'and 900 more');
  assert.ok(remarks.every(({ message }) => message.length <= 501 && !message.includes('\n')));
});

test('values of a configured label: it alone, since it stands in the place of what the series have', async (t) => {
  const { server } = await start(t, {
    '/api/v1/label/cluster/values': data(['own']),
    '/api/v1/labels': data(['__name__']),
  });
  const configured = backendAt(t, server.url, { externalLabels: labelsFromRecord({ cluster: 'us' }) });
  assert.deepEqual([...valueOf(await configured.labelValues(scopeWith(), 'cluster', ALL)).items], ['us']);
});

test('values that do not end are given up where the budget of the request ends', async (t) => {
  const { backend } = await start(t, { '/api/v1/label/job/values': endless('"job"') });
  const budget = openBudget(new MemoryCeiling(0), { bytes: 8 * 1024 ** 2, series: 0 });
  await assert.rejects(backend.labelValues({ ...scopeWith(), budget }, 'job', ALL), {
    kind: 'too_large',
    message: /^the request needs more memory than the limit of 8MiB/,
  });
  assert.equal(budget.held, 0);
});

test('values with very much beside them are refused', async (t) => {
  const { backend } = await start(t, {
    '/api/v1/label/job/values': data(['a'], { more: 'a'.repeat(2 ** 20) }),
  });
  const { kind, reason } = failureOf(await backend.labelValues(scopeWith(), 'job', ALL));
  assert.equal(kind, 'too_large');
  assert.match(reason, /has more than 1048576 bytes beside its list/);
});

test('values come with the warnings of the server, and none where it has no list', async (t) => {
  const { backend } = await start(t, {
    '/api/v1/label/job/values': data(['b', 'a"é'], { warnings: ['w'] }),
    '/api/v1/label/none/values': data(null),
    '/api/v1/label/odd/values': data({}),
  });
  const { items, annotations } = valueOf(await backend.labelValues(scopeWith(), 'job', ALL));
  assert.deepEqual([...items], ['b', 'a"é']);
  assert.deepEqual(
    annotations.map(({ kind }) => kind),
    ['incomplete'],
  );
  assert.equal(valueOf(await backend.labelValues(scopeWith(), 'none', ALL)).items.length, 0);
  const { reason } = failureOf(await backend.labelValues(scopeWith(), 'odd', ALL));
  assert.match(reason, /holds no list of label values/);
});

test('a list that does not end is given up at the largest answer of an endpoint, whatever the request may hold', async (t) => {
  const server = await startFakePrometheus({ '/api/v1/labels': endless('"a"') });
  t.after(() => server.close());
  const backend = backendAt(t, server.url, { maxResponseBytes: 5_000_000 });
  const scope = { ...scopeWith(), budget: roomyBudget() };
  const { kind, reason } = failureOf(await backend.labelNames(scope, ALL));
  assert.equal(kind, 'too_large');
  assert.match(reason, /^the answer is larger than the limit of 5000000 bytes; /);
});

test('a list of any size is given up where the budget of the request ends', async (t) => {
  const { backend } = await start(t, { '/api/v1/series': endless('{"a":"b"}') });
  const budget = openBudget(new MemoryCeiling(0), { bytes: 8 * 1024 ** 2, series: 0 });
  await assert.rejects(backend.series({ ...scopeWith(), budget }, ALL), { kind: 'too_large' });
  assert.equal(budget.held, 0);
});
