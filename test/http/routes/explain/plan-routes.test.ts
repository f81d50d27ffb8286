import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failingEndpoint } from '../../../select/support.ts';
import { memoryServer } from '../../../support/memory-server.ts';

/** Nobody may be asked for a plan. */
const server = memoryServer([failingEndpoint('a:1', {})]);

async function ask(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
  return (await server.inject(`/api/v1/${path}?${new URLSearchParams(parameters).toString()}`)).json();
}

const RANGE = { start: '0', end: '60', step: '15' };

test('the parts of an instant query are a tree with Thanos’ names', async () => {
  assert.deepEqual(await ask('query_explain', { query: 'sum(rate(m{job="a"}[5m])) / 2', time: '1' }), {
    status: 'success',
    data: {
      name: 'binary /',
      children: [
        {
          name: 'aggregate sum',
          children: [
            {
              name: 'call rate',
              children: [{ name: 'range 5m', children: [{ name: 'select #0 m{job="a"}' }] }],
            },
          ],
        },
        { name: 'number 2' },
      ],
    },
  });
});

test('so are those of a range query, also by POST as Thanos’ page asks', async () => {
  const expected = {
    status: 'success',
    data: { name: 'once for all steps', children: [{ name: 'select #0 @ 60 {__name__="a b"}' }] },
  };
  const form = { query: '{"a b"} @ end()', ...RANGE, dedup: 'true', engine: 'thanos', analyze: 'false' };
  assert.deepEqual(await ask('query_range_explain', form), expected);
  const posted = await server.inject({
    method: 'POST',
    url: '/api/v1/query_range_explain',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(form).toString(),
  });
  assert.deepEqual(posted.json(), expected);
});

for (const [path, parameters, error] of [
  [
    'query_explain',
    { query: 'sum(' },
    'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
  ],
  [
    'query_range_explain',
    { ...RANGE, query: 'm[5m]' },
    'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  ],
  [
    'query_range_explain',
    { ...RANGE, query: 'm', end: '-1' },
    'invalid parameter "end": end timestamp must not be before start time',
  ],
] as const)
  test(`what is wrong with ${parameters.query} is told as by ${path.replace('_explain', '')}`, async () => {
    const wrong = { status: 'error', errorType: 'bad_data', error };
    assert.deepEqual(await ask(path, parameters), wrong);
    assert.deepEqual(await ask(path.replace('_explain', ''), parameters), wrong);
  });

test('a plan of too many levels cannot be shown', async () => {
  const query = `${'-('.repeat(1001)}m${')'.repeat(1001)}`;
  assert.deepEqual(await ask('query_explain', { query }), {
    status: 'error',
    errorType: 'execution',
    error: 'expression nests more than 1000 levels deep; its plan cannot be shown',
  });
});
