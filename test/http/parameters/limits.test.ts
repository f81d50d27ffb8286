import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInteger, parseLimit } from '../../../src/http/parameters/limits.ts';
import { refuses } from './refuses.ts';

test('limits are whole numbers from 0', () => {
  assert.equal(parseLimit(''), 0);
  assert.equal(parseLimit('+7'), 7);
  refuses(parseLimit, 'abc', 'strconv.Atoi: parsing "abc": invalid syntax');
  refuses(parseLimit, '1.5', 'strconv.Atoi: parsing "1.5": invalid syntax');
  refuses(parseLimit, '-1', 'limit must be non-negative');
  refuses(
    parseLimit,
    '99999999999999999999',
    'strconv.Atoi: parsing "99999999999999999999": value out of range',
  );
});

test('whole numbers have as many bits as they may', () => {
  assert.equal(parseInteger('-9223372036854775808', 64), -(2n ** 63n));
  assert.equal(parseInteger('9223372036854775808', 64), 'value out of range');
  assert.equal(parseInteger('+2147483647', 32), 2n ** 31n - 1n);
  assert.equal(parseInteger('2147483648', 32), 'value out of range');
  for (const text of ['', '+', '1_0', '0x1', '1e3', ' 1', '--1'])
    assert.equal(parseInteger(text, 64), 'invalid syntax');
});
