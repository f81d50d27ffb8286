import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../../../../src/cluster/discovery/kubernetes/json-lines.ts';
import { byteByByte } from '../../../support/byte-by-byte.ts';

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield* byteByByte(Buffer.from(text));
}

test('lines are found however they come, and none is longer than may be', async () => {
  const lines: string[] = [];
  for await (const line of linesOf(bodyOf('{"a":"ä"}\n\n{"b":2}\n{"cut'), 10)) lines.push(line);
  assert.deepEqual(lines, ['{"a":"ä"}', '', '{"b":2}']);
  await assert.rejects(linesOf(bodyOf('x'.repeat(11)), 10).next(), {
    message: /a line of more than 10 bytes/,
  });
});
