import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stagesFrom } from './stages.ts';

test('durations of a Server-Timing header are added up by name', () => {
  assert.deepEqual(stagesFrom('fetch;dur=12.5, decode;desc="xor chunks";dur=3, fetch;dur=1'), {
    fetch: 13.5,
    decode: 3,
  });
});

test('an entry without a duration and a header that is absent say nothing', () => {
  assert.deepEqual(stagesFrom('miss, decode;dur=3'), { decode: 3 });
  assert.deepEqual(stagesFrom(undefined), {});
});
