import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyBlocks, SMALL_BLOCK_BYTES } from '../../../src/backend/prometheus/body-blocks.ts';

const BLOCK = 128 * 1024;

function gathered(blocks: BodyBlocks): Buffer {
  return Buffer.concat([...blocks.take()]);
}

test('the bytes come out in the order in which they arrived', () => {
  const blocks = new BodyBlocks();
  const parts = [1, 7, BLOCK - 8, BLOCK, 3 * BLOCK, 0, 5].map((length, i) => Buffer.alloc(length, i));
  for (const part of parts) blocks.push(part);
  assert.equal(blocks.length, 5 * BLOCK + 5);
  assert.deepEqual(gathered(blocks), Buffer.concat(parts));
});

test('what arrives in very many parts is held in few blocks, of which none is a view on a part', () => {
  const blocks = new BodyBlocks();
  const part = Buffer.from('x');
  for (let i = 0; i < 4 * BLOCK; i++) blocks.push(part);
  const held = [...blocks.take()];
  assert.deepEqual(
    held.map(({ length }) => length / BLOCK),
    [1, 1, 2],
  );
  assert.ok(held.every(({ buffer }) => buffer !== part.buffer));
});

test('what is small nearly always begins with little, and grows as anything else', () => {
  const blocks = new BodyBlocks(SMALL_BLOCK_BYTES);
  const part = Buffer.alloc(100, 1);
  for (let i = 0; i < 20; i++) blocks.push(part);
  const held = [...blocks.take()];
  assert.deepEqual(
    held.map(({ buffer }) => buffer.byteLength),
    [512, 512, 1024],
  );
  assert.equal(Buffer.concat(held).length, 2000);
});

test('after its blocks were taken it holds nothing, and begins anew', () => {
  const blocks = new BodyBlocks();
  blocks.push(Buffer.from('before'));
  gathered(blocks);
  assert.equal(blocks.length, 0);
  blocks.push(Buffer.from('after'));
  assert.equal(gathered(blocks).toString(), 'after');
});
