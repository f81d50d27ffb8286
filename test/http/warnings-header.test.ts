import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { addWarnings } from '../../src/http/warnings-header.ts';

async function headerFor(warnings: readonly string[]): Promise<string | undefined> {
  const server = fastify();
  server.get('/', async (_, reply) => {
    addWarnings(reply, warnings);
    return '';
  });
  const { headers } = await server.inject('/');
  return headers['x-promweave-warnings'] as string | undefined;
}

test('there is none without warnings', async () => {
  assert.equal(await headerFor([]), undefined);
});

test('it is a list of JSON', async () => {
  const warnings = ['a "b"', 'größer\r\n', '😀'];
  const header = (await headerFor(warnings))!;
  assert.match(header, /^[ -~]+$/);
  assert.deepEqual(JSON.parse(header), warnings);
});

test('it is bounded, and counts what does not fit', async () => {
  const warnings = Array.from({ length: 1000 }, (_, i) => `shard ${i} is missing`);
  const header = (await headerFor(warnings))!;
  assert.ok(header.length < 4100);
  const list = JSON.parse(header) as readonly string[];
  assert.equal(list.at(-1), `${1000 - list.length + 1} warnings more do not fit here`);
  assert.deepEqual(JSON.parse((await headerFor(['x'.repeat(5000)]))!), ['1 warnings do not fit here']);
});
