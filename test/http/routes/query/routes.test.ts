import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstantQuery, QueryOutcome, RangeQuery } from '../../../../src/gateway/query.ts';
import { QueryError } from '../../../../src/model/errors.ts';
import { answering, answerOf, NOW, serverOver } from '../../support.ts';
import { remark } from '../../../../src/model/annotations.ts';
import type { ReadWishes } from '../../../../src/gateway/request-scope.ts';
import type { RequestScope } from '../../../../src/model/request-scope.ts';
import { opening } from '../../../support/open-requests.ts';

const ONE = { kind: 'scalar', t: NOW, v: 1 } as const;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A server that remembers what it was asked. */
function recording(): {
  server: ReturnType<typeof serverOver>;
  asked: (InstantQuery | RangeQuery)[];
  wishes: ReadWishes[];
} {
  const asked: (InstantQuery | RangeQuery)[] = [];
  const wishes: ReadWishes[] = [];
  const take = async (_: RequestScope, query: InstantQuery | RangeQuery): Promise<QueryOutcome> => {
    asked.push(query);
    return { answer: answerOf(ONE), queuedMs: 0 };
  };
  const server = serverOver({ open: opening(wishes), query: take, queryRange: take });
  return { server, asked, wishes };
}

test('an instant query is answered in the envelope', async () => {
  const response = await serverOver(answering(ONE)).inject('/api/v1/query?query=1');
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['content-type'], 'application/json');
  assert.equal(
    response.body,
    '{"status":"success","data":{"resultType":"scalar","result":[1795392561.907,"1"]}}',
  );
});

test('the time of an instant query is now unless it is given', async () => {
  const { server, asked } = recording();
  await server.inject('/api/v1/query?query=1');
  await server.inject('/api/v1/query?query=1&time=2.5');
  assert.deepEqual(
    asked.map((query) => 'time' in query && query.time),
    [NOW, 2500],
  );
});

test('all parameters reach the gateway', async () => {
  const { server, asked, wishes } = recording();
  const url =
    '/api/v1/query_range?query=up&start=1&end=2&step=500ms&timeout=5s&lookback_delta=1m&limit=7&dedup=false' +
    '&replicaLabels[]=a&dedup_func=chain&replicaLabels[]=b&partial_response=0&max_source_resolution=auto' +
    '&show_replaced=true&pushdown=auto&cache=false';
  assert.equal((await server.inject(url)).statusCode, 200);
  assert.deepEqual(asked, [
    {
      text: 'up',
      start: 1000,
      end: 2000,
      step: 500,
      timeout: 5000,
      lookbackDelta: 60_000,
      limit: 7,
      isFresh: true,
    },
  ]);
  assert.deepEqual(wishes, [
    {
      dedup: false,
      dedupMode: 'chain',
      replicaLabels: ['a', 'b'],
      partialResponse: false,
      endpoints: [],
      showReplaced: true,
      pushdown: true,
      maxSourceResolution: 'auto',
    },
  ]);
});

for (const [text, expected] of [
  ['0s', 0],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['auto', 'auto'],
  ['', undefined],
] as const)
  test(`the resolution of data "${text}"`, async () => {
    const { server, wishes } = recording();
    await server.inject(`/api/v1/query_range?query=up&start=1&end=2&step=1&max_source_resolution=${text}`);
    assert.equal(wishes[0]?.maxSourceResolution, expected);
  });

test('values of a form come before those of the URL', async () => {
  const { server, asked, wishes } = recording();
  await server.inject({
    method: 'POST',
    url: '/api/v1/query?query=url&limit=3&replicaLabels[]=u',
    headers: FORM,
    payload: 'query=a%2Bb+%22%C3%A9%22&replicaLabels%5B%5D=f',
  });
  assert.equal(asked[0]?.text, 'a+b "é"');
  assert.equal(asked[0].limit, 3);
  assert.deepEqual(wishes[0]?.replicaLabels, ['f', 'u']);
});

test('the type of a body is read without regard to case, and refused where it is none', async () => {
  const { server, asked } = recording();
  const send = async (type: string, payload: string) =>
    server.inject({
      method: 'POST',
      url: '/api/v1/query?query=url',
      headers: { 'content-type': type },
      payload,
    });
  const parts = ['--X', 'Content-Disposition: form-data; name="query"', '', 'in-form', '--X--', ''];
  await send('Multipart/Form-Data; boundary=X', parts.join('\r\n'));
  await send('Application/X-WWW-Form-URLEncoded; charset=UTF-8', 'query=encoded');
  assert.deepEqual(
    asked.map(({ text }) => text),
    ['in-form', 'encoded'],
  );
  for (const type of ['', ';', 'a/b/c', 'form', '\u00e9/x']) {
    const response = await send(type, 'query=x');
    assert.equal(response.statusCode, 415, type);
    assert.match(response.json<{ error: string }>().error, /^the header Content-Type is no media type; send/);
  }
  const noParts = await send('multipart/form-data', 'query=x');
  assert.equal(noParts.statusCode, 400);
  assert.match(noParts.json<{ error: string }>().error, /^error parsing form values: /);
});

test('multipart forms are read, other bodies are ignored', async () => {
  const { server, asked } = recording();
  const parts = ['--x', 'Content-Disposition: form-data; name="query"', '', 'in-form', '--x--', ''];
  await server.inject({
    method: 'POST',
    url: '/api/v1/query?query=url',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    payload: parts.join('\r\n'),
  });
  await server.inject({
    method: 'POST',
    url: '/api/v1/query?query=url',
    headers: { 'content-type': 'application/json' },
    payload: '{"query":',
  });
  assert.deepEqual(
    asked.map(({ text }) => text),
    ['in-form', 'url'],
  );
});

test('mistakes in parameters are 400s with the sentence', async () => {
  const server = serverOver({});
  const cases: readonly (readonly [query: string, error: string])[] = [
    ['limit=x', 'invalid parameter "limit": strconv.Atoi: parsing "x": invalid syntax'],
    [
      'time=x',
      `invalid parameter "time": invalid time value for 'time': cannot parse "x" to a valid timestamp`,
    ],
    ['timeout=x', 'invalid parameter "timeout": cannot parse "x" to a valid duration'],
    ['lookback_delta=x', 'error parsing lookback delta duration: cannot parse "x" to a valid duration'],
    ['dedup=x', 'invalid parameter "dedup": cannot parse "x" to a truth value: use true or false'],
    [
      'partial_response=x',
      'invalid parameter "partial_response": cannot parse "x" to a truth value: use true or false',
    ],
    [
      'max_source_resolution=x',
      'invalid parameter "max_source_resolution": cannot parse "x" to a valid duration',
    ],
    [
      'max_source_resolution=-1',
      'invalid parameter "max_source_resolution": a resolution must not be negative, got "-1"',
    ],
    ['replicaLabels[]=', 'invalid parameter "replicaLabels[]": a label name must not be empty'],
    ['query=%zz', 'error parsing form values: invalid URL escape "%zz"'],
    ['query=1;a=2', 'error parsing form values: invalid semicolon separator in query'],
  ];
  for (const [query, error] of cases) {
    const response = await server.inject(`/api/v1/query?${query}`);
    assert.equal(response.statusCode, 400, query);
    assert.deepEqual(response.json(), { status: 'error', errorType: 'bad_data', error });
  }
});

test('kinds of errors have the statuses of Prometheus', async () => {
  const cases = [
    ['bad_data', 400, 'bad_data'],
    ['execution', 422, 'execution'],
    ['too_large', 422, 'execution'],
    ['timeout', 503, 'timeout'],
    ['canceled', 499, 'canceled'],
    ['unavailable', 503, 'unavailable'],
    ['not_found', 404, 'not_found'],
    ['internal', 500, 'internal'],
  ] as const;
  for (const [kind, status, errorType] of cases) {
    const server = serverOver({ query: () => Promise.reject(new QueryError(kind, 'a <sentence>')) });
    const response = await server.inject('/api/v1/query?query=1');
    assert.equal(response.statusCode, status);
    assert.equal(response.headers['content-type'], 'application/json');
    assert.equal(
      response.body,
      String.raw`{"status":"error","errorType":"${errorType}","error":"a \u003csentence\u003e"}`,
    );
  }
});

test('remarks stand behind the data', async () => {
  const server = serverOver(
    answering(ONE, [remark('info', 'i', { start: 1, end: 2 }), remark('warning', 'w')]),
  );
  const { body } = await server.inject('/api/v1/query?query=abc');
  assert.match(body, /\},"warnings":\["w"\],"infos":\["i \(1:2\)"\]\}$/);
});

test('statistics are there when they are asked for, and other values than true and all are warned of', async () => {
  const server = serverOver(answering(ONE));
  const plain = await server.inject('/api/v1/query?query=1');
  assert.match(plain.body, /^\{"status":"success"/);
  assert.doesNotMatch(plain.body, /stats/);
  const asked = await server.inject('/api/v1/query?query=1&stats=all');
  assert.match(
    asked.body,
    /"stats":\{"timings":.*"samples":\{"totalQueryableSamples":3,"peakSamples":2\},"completeness":\{"state":"whole","warnings":0\},"fetched":\{"bytes":0,"calls":0,"endpoints":0,"answeredEndpoints":0\}\}\}\}$/,
  );
  const odd = await server.inject('/api/v1/query?query=1&stats=foo');
  assert.match(odd.body, /"stats":.*"warnings":\["value \\"foo\\" for parameter \\"stats\\" is deprecated/);
});

test('a form that is too large is refused in the envelope', async () => {
  const response = await serverOver({}).inject({
    method: 'POST',
    url: '/api/v1/query',
    headers: FORM,
    payload: `query=${'x'.repeat(3 * 1024 * 1024)}`,
  });
  assert.equal(response.statusCode, 413);
  assert.deepEqual(response.json(), {
    status: 'error',
    errorType: 'bad_data',
    error: 'the body of the request is larger than 3145728 bytes, the most that is read',
  });
});
