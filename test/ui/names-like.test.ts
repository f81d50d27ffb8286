import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesLike } from '../../ui/explore/names-like.ts';

const NAMES = [
  'go_goroutines',
  'http_request_duration_seconds_bucket',
  'http_requests_total',
  'process_resident_memory_bytes',
  'up',
];

function best(text: string): string | undefined {
  return namesLike(NAMES, text)[0];
}

test('letters in their order are enough, and words stand for themselves', () => {
  for (const text of ['reqtot', 'request total', 'total request', 'htpreqtot', 'HTTP_Requests'])
    assert.equal(best(text), 'http_requests_total', text);
});

test('two letters the other way round are found where nothing else is', () => {
  assert.equal(best('memroy'), 'process_resident_memory_bytes');
  assert.equal(best('go goruotines'), 'go_goroutines');
});

test('a text that stands in a name comes before letters alone, and the beginning of a part before both', () => {
  assert.deepEqual(namesLike(['a_b_c', 'xabc', 'x_abc_long_name'], 'abc'), [
    'x_abc_long_name',
    'xabc',
    'a_b_c',
  ]);
});

test('nothing is like letters that no name has, and everything is like no text', () => {
  assert.deepEqual(namesLike(NAMES, 'zzzz'), []);
  assert.deepEqual(namesLike(NAMES, ' '), NAMES);
});
