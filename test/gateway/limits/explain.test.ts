import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import { NO_LIMITS } from '../../../src/gateway/limits/limit-book.ts';
import { memoryEndpoint } from '../../select/support.ts';
import { memoryOptions } from '../../support/memory-server.ts';
import { scrapedCounter } from '../../support/scrapes.ts';

const ENDPOINT = memoryEndpoint('a:1', {}, [scrapedCounter({ __name__: 'm' }, 1, 600)]);

test('a caller with a limit of the range gets explained what it gets answered: a lookback comes on top', async () => {
  const callers = { ...NO_LIMITS, all: { max_range: 10 * 60_000 } };
  const server = createPromqlServer({ ...memoryOptions([ENDPOINT]), callers });
  const statuses = async (query: string) => {
    const asked = new URLSearchParams({ query, start: '0', end: '600', step: '60' }).toString();
    const answered = await server.inject(`/api/v1/query_range?${asked}`);
    const explained = await server.inject(`/api/v1/explain?${asked}`);
    return [answered.statusCode, explained.statusCode];
  };
  assert.deepEqual(await statuses('m'), [200, 200]);
  assert.deepEqual(await statuses('rate(m[2m])'), [422, 422]);
});
