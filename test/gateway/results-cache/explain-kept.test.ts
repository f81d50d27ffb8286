import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import type { ExplanationJson } from '../../../src/http/api/explanation.ts';
import { memoryEndpoint } from '../../select/support.ts';
import type { ApiAnswer } from '../../support/api-client.ts';
import { memoryOptions } from '../../support/memory-server.ts';
import { scrapedCounter } from '../../support/scrapes.ts';

const MINUTE = 60_000;
const ENDPOINT = memoryEndpoint('a:1', { __replica__: 'a' }, [scrapedCounter({ __name__: 'm' }, 1, 1200)]);
/** Eleven steps, s. */
const RANGE = { query: 'm', start: 300, end: 900, step: 60 };

/** A gateway that keeps results, five minutes of which may still change. */
function keeping() {
  const at = { now: 60 * MINUTE, monotonic: 0 };
  const server = createPromqlServer({
    ...memoryOptions([ENDPOINT]),
    resultsCache: { bytes: 1e6, lifetime: 60 * MINUTE, minFresh: 5 * MINUTE },
    clock: { now: () => at.now, monotonic: () => at.monotonic },
  });
  const ask = async <T>(path: string, parameters: object): Promise<ApiAnswer<T>> => {
    const form = new URLSearchParams(
      Object.entries(parameters).map(([name, value]) => [name, String(value)] as [string, string]),
    );
    return (await server.inject(`/api/v1/${path}?${form.toString()}`)).json<ApiAnswer<T>>();
  };
  const explain = async (parameters: object) => (await ask<ExplanationJson>('explain', parameters)).data;
  return {
    at,
    explain,
    query: async (change = {}) => ask('query_range', { ...RANGE, ...change }),
    kept: async (change = {}) => (await explain({ ...RANGE, ...change })).resultsCache,
  };
}

describe('what is explained of kept results', () => {
  test('how many steps a query would take from there, and how old they are', async () => {
    const { at, query, kept } = keeping();
    assert.deepEqual(await kept(), { steps: 11, keptSteps: 0 });
    await query();
    at.monotonic += 90_000;
    assert.deepEqual(await kept(), { steps: 11, keptSteps: 11, ageSeconds: 90 });
    assert.deepEqual(await kept({ end: 1020 }), { steps: 13, keptSteps: 11, ageSeconds: 90 });
  });

  test('an explanation itself keeps nothing', async () => {
    const { kept } = keeping();
    await kept();
    assert.deepEqual(await kept(), { steps: 11, keptSteps: 0 });
  });

  test('few of many steps are evaluated all the same', async () => {
    const { query, kept } = keeping();
    await query({ end: 300 });
    assert.deepEqual(await kept({ end: 900 }), { steps: 11, keptSteps: 0 });
  });

  test('why nothing of a query is kept', async () => {
    const { at, kept } = keeping();
    assert.deepEqual(await kept({ query: 'm @ end()' }), {
      reason: 'its steps depend on more than the samples and the time of each',
    });
    at.now = 500_000;
    assert.deepEqual(await kept(), { reason: 'all of its steps look at samples that may still change' });
  });

  test('nothing of instant queries', async () => {
    const { explain } = keeping();
    const { step, resultsCache } = await explain({ query: 'm', time: 600 });
    assert.deepEqual([step, resultsCache], [0, undefined]);
  });
});
