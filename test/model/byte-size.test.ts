import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, parseBytes } from '../../src/model/byte-size.ts';

test('sizes are read with units of 1024', () => {
  assert.deepEqual(['0', '17', '512MiB', '2GB', '1.5G', '3 KB', '8b', '1TiB'].map(parseBytes), [
    0,
    17,
    512 * 1024 ** 2,
    2 * 1024 ** 3,
    1.5 * 1024 ** 3,
    3 * 1024,
    8,
    1024 ** 4,
  ]);
});

test('what is no size is undefined', () => {
  for (const text of ['', 'much', '-1', '1 XB', '1MM', 'MiB'])
    assert.equal(parseBytes(text), undefined, text);
});

test('sizes are written as they are read', () => {
  assert.deepEqual([0, 1023, 1024, 1536 * 1024, 2 * 1024 ** 3].map(formatBytes), [
    '0B',
    '1023B',
    '1KiB',
    '1.5MiB',
    '2GiB',
  ]);
});
