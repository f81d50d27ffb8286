import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Backend } from '../../../src/backend/backend.ts';
import type { EvaluateRequest } from '../../../src/backend/evaluate-call.ts';
import { startFakePrometheus, type FakePaths } from '../../support/fake-prometheus.ts';
import { sendJson, sendText, type FakeHandler } from '../../support/fake-server.ts';
import { scopeWith } from '../../support/scopes.ts';
import { backendAt, failureOf, NEVER, valueOf } from './support.ts';

const REQUEST: EvaluateRequest = {
  text: 'sum(rate(x[5m]))',
  start: 1_000_500,
  end: 1_060_500,
  step: 30_000,
  lookbackDelta: 300_000,
};

const data =
  (body: unknown): FakeHandler =>
  (_, response) =>
    sendJson(response, body);

async function described(
  t: TestContext,
  version: string,
  flags: Readonly<Record<string, string>> | undefined,
  more: FakePaths = {},
): Promise<Backend> {
  const server = await startFakePrometheus({
    '/api/v1/status/buildinfo': data({ status: 'success', data: { version } }),
    '/api/v1/query': data({ status: 'success', data: { resultType: 'matrix', result: [] } }),
    ...(flags !== undefined && { '/api/v1/status/flags': data({ status: 'success', data: flags }) }),
    ...more,
  });
  t.after(() => server.close());
  const backend = backendAt(t, server.url);
  valueOf(await backend.describe(NEVER));
  return backend;
}

describe('a server evaluates for the gateway', () => {
  for (const [version, features, isOwn] of [
    ['3.0.0', '', true],
    ['3.14.0', 'native-histograms, promql-experimental-functions', true],
    ['v12.1.0-rc.1', 'exemplar-storage', true],
    // Windows are closed on the left, and sums are not compensated.
    ['2.42.0', '', false],
    ['2.55.1', '', false],
    ['', '', false],
    ['main', '', false],
    ['3.14.0', 'promql-delayed-name-removal', false],
    ['3.14.0', 'native-histograms,use-start-timestamps', false],
    ['3.99.0', 'something-new', false],
  ] as const)
    test(`${isOwn ? 'if' : 'not if'} it is of version "${version}" with the features "${features}"`, async (t) => {
      const backend = await described(t, version, { 'enable-feature': features });
      assert.equal(backend.evaluate !== undefined, isOwn);
    });

  test('not if it does not tell its features', async (t) => {
    assert.equal((await described(t, '3.14.0', {})).evaluate, undefined);
    assert.equal((await described(t, '3.14.0', undefined)).evaluate, undefined);
  });

  test('not if it is another server that goes by that version', async (t) => {
    const own = { version: '3.14.0', application: 'Grafana Mimir' };
    const backend = await described(
      t,
      '3.14.0',
      { 'enable-feature': '' },
      {
        '/api/v1/status/buildinfo': data({ status: 'success', data: own }),
      },
    );
    assert.equal(backend.evaluate, undefined);
  });
});

describe('what a server evaluated', () => {
  const evaluating = async (t: TestContext, handler: FakeHandler) => {
    const backend = await described(
      t,
      '3.14.0',
      { 'enable-feature': '' },
      { '/api/v1/query_range': handler },
    );
    return backend.evaluate!(scopeWith(), REQUEST);
  };
  const matrix = (result: readonly unknown[], more: object = {}): FakeHandler =>
    data({ status: 'success', data: { resultType: 'matrix', result }, ...more });

  test('keeps each bit of a float, and all that is no number', async (t) => {
    const texts = ['-0', '0.1', '5e-324', '1.7976931348623157e+308', 'NaN', '+Inf', '-Inf'];
    const values = texts.map((text, i) => [1000.5 + i, text]);
    const { series, isPlain } = valueOf(await evaluating(t, matrix([{ metric: { job: 'a' }, values }])));
    const [{ labels, values: columns } = assert.fail()] = series;
    assert.deepEqual([...labels], ['job', 'a']);
    assert.deepEqual(
      [...columns.v.subarray(0, columns.length)],
      [-0, 0.1, 5e-324, Number.MAX_VALUE, NaN, Infinity, -Infinity],
    );
    assert.equal(columns.t[1], 1_001_500);
    assert.ok(isPlain);
  });

  test('is asked for with the steps and the lookback delta of the query', async (t) => {
    let asked = new URLSearchParams();
    await evaluating(t, ({ parameters }, response) => {
      asked = parameters;
      sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
    });
    assert.deepEqual(Object.fromEntries(asked), {
      query: 'sum(rate(x[5m]))',
      start: '1000.500',
      end: '1060.500',
      step: '30.000',
      lookback_delta: '5m',
    });
  });

  for (const [what, handler] of [
    ['a warning', matrix([], { warnings: ['partial'] })],
    ['an info', matrix([], { infos: ['no counter'] })],
    [
      'a histogram',
      matrix([
        { metric: {}, histograms: [[1000.5, { count: '1', sum: '2', buckets: [[0, '1', '2', '1']] }]] },
      ]),
    ],
  ] as const)
    test(`is not plain with ${what}`, async (t) => {
      assert.equal(valueOf(await evaluating(t, handler)).isPlain, false);
    });

  test('is a failure where the server refuses', async (t) => {
    const result = await evaluating(t, (_, response) => {
      response.writeHead(422, { 'content-type': 'application/json' });
      response.end(
        '{"status":"error","errorType":"execution","error":"query processing would load too many samples"}',
      );
    });
    assert.match(failureOf(result).reason, /too many samples/);
  });

  test('is a failure where it is no matrix', async (t) => {
    const vector = data({ status: 'success', data: { resultType: 'vector', result: [] } });
    assert.match(failureOf(await evaluating(t, vector)).reason, /no matrix/);
    const page: FakeHandler = (_, response) => sendText(response, 200, 'text/html', '<html>');
    assert.equal(failureOf(await evaluating(t, page)).kind, 'bad_data');
  });
});
