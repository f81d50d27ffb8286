import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLimit } from '../../../src/http/parameters/limits.ts';
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
