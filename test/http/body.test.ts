import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { QueryError } from '../../src/model/errors.ts';
import { answering, serverOver } from './support.ts';

const server = serverOver(answering({ kind: 'scalar', t: 0, v: 1 }));

/** The answer to a query in a form whose body has this encoding. */
async function answerTo(payload: Buffer | string, encoding?: string) {
  const { statusCode, body } = await server.inject({
    method: 'POST',
    url: '/api/v1/query',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
    payload,
  });
  return { statusCode, ...(JSON.parse(body) as { readonly errorType?: string; readonly error?: string }) };
}

test('bodies that are encoded are refused', async () => {
  assert.deepEqual(await answerTo(gzipSync('query=1'), 'gzip'), {
    statusCode: 415,
    status: 'error',
    errorType: 'bad_data',
    error: 'the body of the request has the Content-Encoding "gzip", which is not read; send it as it is',
  });
});

test('bodies that come as they are are read', async () => {
  for (const encoding of [undefined, 'identity', 'Identity'])
    assert.equal((await answerTo('query=1', encoding)).statusCode, 200);
});

test('of a long text in a request, an error tells the beginning and the end of its sentence', async () => {
  const gateway = {
    query: (): never => {
      throw new QueryError('bad_data', `cannot parse "${'x'.repeat(2_900_000)}": it is no number`);
    },
  };
  const { body } = await serverOver(gateway).inject({ url: '/api/v1/query?query=a' });
  assert.match(body, /"error":"cannot parse \\"x+ … x+\\": it is no number"/);
  assert.ok(body.length < 6000);
});
