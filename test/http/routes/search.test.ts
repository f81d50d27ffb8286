import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundNames, NameSearch } from '../../../src/gateway/search/find-names.ts';
import { remark } from '../../../src/model/annotations.ts';
import { NOW, serverOver } from '../support.ts';

const FOUND: FoundNames = {
  names: [
    { value: 'a', score: 1 },
    { value: 'b', score: 0.25 },
    { value: 'c<', score: 0.1 },
  ],
  hasMore: true,
  metadata: new Map([['b', { metric: 'b', type: 'gauge', unit: '', help: 'Some "b".' }]]),
  annotations: [],
};

function serverWith(found: Partial<FoundNames> = {}) {
  const asked: NameSearch[] = [];
  const server = serverOver({
    searchNames: async (_, search) => {
      asked.push(search);
      return { ...FOUND, ...found };
    },
  });
  return { server, asked };
}

test('results are lines of JSON, a batch each, and then how it ended', async () => {
  const { server } = serverWith();
  const answer = await server.inject(
    '/api/v1/search/metric_names?search[]=a&include_metadata=1&batch_size=2&include_score=true',
  );
  assert.equal(answer.headers['content-type'], 'application/x-ndjson; charset=utf-8');
  assert.equal(
    answer.body,
    String.raw`{"results":[{"name":"a","score":1},{"name":"b","score":0.25,"type":"gauge","help":"Some \"b\"."}]}
{"results":[{"name":"c\u003c","score":0.1}]}
{"status":"success","has_more":true}
`,
  );
});

test('the first line comes without results, too, and tells what is missing', async () => {
  const annotations = [remark('warning', 'w'), remark('info', 'i')];
  const { server } = serverWith({ names: [], hasMore: false, annotations });
  const { body } = await server.inject('/api/v1/search/label_names');
  assert.equal(
    body,
    '{"results":[],"warnings":["w"],"infos":["i"]}\n{"status":"success","has_more":false}\n',
  );
});

test('values have another member, and a form may be posted', async () => {
  const { server, asked } = serverWith({ metadata: new Map() });
  const { body } = await server.inject({
    method: 'POST',
    url: '/api/v1/search/label_values?limit=7',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'label=job&match[]=up&search[]=x&sort_by=alpha&sort_dir=dsc&start=1&end=2&fuzz_threshold=50',
  });
  assert.match(body, /^\{"results":\[\{"value":"a"\},/);
  assert.deepEqual(asked, [
    {
      label: 'job',
      among: { selectors: ['up'], minTime: 1000, maxTime: 2000 },
      pattern: { terms: ['x'], algorithm: 'subsequence', threshold: 0.5, caseSensitive: true },
      order: 'descending',
      limit: 7,
      withMetadata: false,
    },
  ]);
});

test('a request that says nothing gets a hundred names of the last hour', async () => {
  const { server, asked } = serverWith();
  await server.inject('/api/v1/search/metric_names');
  const [{ among, limit, order, pattern } = {} as NameSearch] = asked;
  assert.deepEqual([among.minTime, among.maxTime], [NOW - 3_600_000, NOW]);
  assert.deepEqual([limit, order, pattern.terms, pattern.threshold], [100, 'ascending', [], 0]);
});

test('wrong parameters are refused with the sentences of Prometheus', async () => {
  const { server } = serverWith();
  for (const [query, error] of [
    ['start=x', `invalid time value for 'start': cannot parse "x" to a valid timestamp`],
    ['start=5&end=3', 'end timestamp must not be before start timestamp'],
    ['&search[]=a'.repeat(33), 'too many search[] terms: got 33, maximum is 32'],
    ['fuzz_threshold=101', 'invalid fuzz_threshold "101": must be 0-100'],
    ['fuzz_threshold=1.5', 'invalid fuzz_threshold "1.5": must be 0-100'],
    ['fuzz_alg=x', 'unsupported fuzz_alg "x": must be one of [subsequence jarowinkler]'],
    ['case_sensitive=x', 'invalid case_sensitive "x": must be boolean'],
    ['include_metadata=x', 'invalid include_metadata "x": must be boolean'],
    ['sort_dir=asc', 'sort_dir is only valid when sort_by is set'],
    ['sort_by=score&sort_dir=asc', 'sort_dir is not supported for sort_by=score'],
    ['sort_by=alpha&sort_dir=desc', 'invalid sort_dir "desc": must be "asc" or "dsc"'],
    ['sort_by=score', 'sort_by=score requires search[] to be set'],
    ['sort_by=x', 'invalid sort_by "x" for metric_names: must be "alpha" or "score"'],
    ['limit=0', 'invalid limit "0": must be a positive integer'],
    ['limit=10001', 'limit 10001 exceeds the maximum (10000); search for something narrower'],
    ['batch_size=-1', 'invalid batch_size "-1": must be a positive integer'],
    [
      `search[]=${'x'.repeat(1001)}`,
      'a term in search[] has 1001 characters, and the most that is read is 1000',
    ],
  ] as const) {
    const { statusCode, body } = await server.inject(`/api/v1/search/metric_names?${query}`);
    assert.deepEqual(
      [statusCode, JSON.parse(body)],
      [400, { status: 'error', errorType: 'bad_data', error }],
    );
  }
  const { body } = await server.inject('/api/v1/search/label_values');
  assert.match(body, /"missing required parameter \\"label\\""/);
});
