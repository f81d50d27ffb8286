import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOver } from '../support.ts';

test('queries are formatted and parsed', async () => {
  const server = serverOver({ formatQuery: (text) => `<${text}>`, parseQuery: (text) => ({ type: text }) });
  assert.equal(
    (await server.inject('/api/v1/format_query?query=x')).body,
    String.raw`{"status":"success","data":"\u003cx\u003e"}`,
  );
  assert.equal(
    (await server.inject('/api/v1/parse_query?query=x')).body,
    '{"status":"success","data":{"type":"x"}}',
  );
});
