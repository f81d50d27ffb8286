import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAuthorization } from '../../src/access/authorization.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('the header Authorization is read as Go reads it', () => {
  const user = { kind: 'basic', user: 'a', password: 'b:ü' };
  assert.deepEqual(parseAuthorization(basic('a:b:ü')), user);
  assert.deepEqual(parseAuthorization(basic('a:b:ü').replace('Basic', 'bASIC')), user);
  assert.deepEqual(parseAuthorization(basic(':')), { kind: 'basic', user: '', password: '' });
  assert.deepEqual(parseAuthorization('Bearer x.y-z'), { kind: 'bearer', token: 'x.y-z' });
  for (const malformed of [
    undefined,
    '',
    'Basic',
    'Basic ',
    basic('no colon'),
    'Basic a',
    'Basic YTpi!',
    'Digest x',
    'Bearer a b',
    'YTpi',
    ['Basic YTpi'],
    7,
  ])
    assert.equal(parseAuthorization(malformed), undefined, String(malformed));
});

test('a header that is longer than any credentials is not read', () => {
  assert.equal(parseAuthorization(`Bearer ${'x'.repeat(20_000)}`), undefined);
});
