import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import type { SeriesSource } from '../../../src/engine/series-source.ts';
import { NO_LIMITS } from '../../../src/gateway/limits/limit-book.ts';
import { limitedSelection } from '../../../src/gateway/limits/limited-selection.ts';
import { limitSelects } from '../../../src/gateway/limit-selects.ts';
import { memoryEndpoint } from '../../select/support.ts';
import { memoryOptions } from '../../support/memory-server.ts';
import { scopeWith } from '../../support/scopes.ts';
import { selectionOf } from '../support.ts';

test('what a source offers beside its series stays where it is limited', () => {
  const source: SeriesSource = {
    readsByFunction: true,
    distributes: true,
    select: async () => ({ series: [], annotations: [] }),
  };
  const clock = { now: () => 0, monotonic: () => 0 };
  const limited = limitedSelection(selectionOf({ source: () => source }), clock).source(scopeWith());
  for (const { readsByFunction, distributes } of [limited, limitSelects(source, 4)])
    assert.deepEqual({ readsByFunction, distributes }, { readsByFunction: true, distributes: true });
});

test('a caller with a limit of the range gets explained what it gets answered: a lookback comes on top', async () => {
  const callers = { ...NO_LIMITS, all: { max_range: 10 * 60_000 } };
  const server = createPromqlServer({ ...memoryOptions([memoryEndpoint('a:1', {}, [])]), callers });
  const statuses = async (query: string) => {
    const asked = new URLSearchParams({ query, start: '0', end: '600', step: '60' }).toString();
    const answered = await server.inject(`/api/v1/query_range?${asked}`);
    const explained = await server.inject(`/api/v1/explain?${asked}`);
    return [answered.statusCode, explained.statusCode];
  };
  assert.deepEqual(await statuses('m'), [200, 200]);
  assert.deepEqual(await statuses('rate(m[2m])'), [422, 422]);
});
