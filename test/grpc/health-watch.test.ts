import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthService } from '../../src/grpc/services/health.ts';
import { Serving } from '../../src/grpc/serving.ts';
import { encodeHealthCheckRequest } from '../../src/wire/store-api/health.ts';

test('a watch whose client left while its answer was on its way ends', async () => {
  const serving = new Serving();
  serving.set('serving');
  const watch = healthService(serving, []).methods.find(({ name }) => name === 'Watch')!;
  assert.ok(watch.kind === 'stream');
  const client = new AbortController();
  const answers = watch.answer(encodeHealthCheckRequest({ service: '' }), { signal: client.signal } as never);
  const told = answers[Symbol.asyncIterator]();
  assert.equal((await told.next()).done, false);
  client.abort();
  assert.equal((await told.next()).done, true);
});
