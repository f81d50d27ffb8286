import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { unlessAborted } from '../../src/model/unless-aborted.ts';

test('what comes first counts, and nothing is left of the signal', async () => {
  const { signal } = new AbortController();
  assert.equal(await unlessAborted(signal, Promise.resolve(1), () => 'aborted'), 1);
  await assert.rejects(
    unlessAborted(signal, Promise.reject(new Error('failed')), () => 'aborted'),
    /failed/,
  );
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  const ending = new AbortController();
  const never = new Promise<never>(() => {});
  const waiting = unlessAborted(ending.signal, never, () => 'aborted');
  ending.abort();
  assert.equal(await waiting, 'aborted');
});

test('one that was aborted before comes first, and a failure behind it is nobody’s', async () => {
  const failing = Promise.reject(new Error('failed'));
  assert.equal(await unlessAborted(AbortSignal.abort(), failing, () => 'aborted'), 'aborted');
});
