import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteArena } from '../../../src/wire/batch/byte-arena.ts';

const MIB = 1024 * 1024;

test('bytes come back from where they were put, whatever their length and that of those before', () => {
  const arena = new ByteArena();
  const lengths = [0, 1, 47, 48, 4096, 3 * MIB, 0, MIB, 0, 5, MIB - 5, 0, 7];
  const places = lengths.map((length, i) => arena.put(new Uint8Array(length + 3).fill(i), 1, length));
  lengths.forEach((length, i) => {
    const view = arena.view(places[i]!, length);
    assert.equal(view.length, length);
    assert.ok(view.every((byte) => byte === i));
  });
});

test('small answers take little', () => {
  const arena = new ByteArena();
  arena.put(new Uint8Array(100), 0, 100);
  assert.ok(arena.bytes <= 4096, `${arena.bytes} bytes`);
});
