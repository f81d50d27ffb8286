import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBoolean } from '../../../src/http/parameters/read-parameter.ts';
import { refuses } from './refuses.ts';

test('truth values are those of Go', () => {
  assert.equal(parseBoolean('True'), true);
  assert.equal(parseBoolean('0'), false);
  refuses(parseBoolean, 'yes', 'cannot parse "yes" to a truth value: use true or false');
});
