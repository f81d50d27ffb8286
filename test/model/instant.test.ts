import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, instantFromMs, parseInstant, ZERO_INSTANT } from '../../src/model/instant.ts';

const same = (text: string): string => formatInstant(parseInstant(text)!);

test('nanoseconds survive', () => {
  for (const text of [
    '2026-11-23T00:09:19.409518933Z',
    '2026-11-23T00:09:19.40980136Z',
    '2026-11-23T00:09:19Z',
    '1969-12-31T23:59:59.999999999Z',
    '0001-01-01T00:00:00Z',
  ])
    assert.equal(same(text), text);
});

test('other offsets become UTC', () => {
  assert.equal(same('2026-11-23T01:09:19.5+01:30'), '2026-11-22T23:39:19.5Z');
  assert.equal(same('2026-11-22T23:09:19-01:00'), '2026-11-23T00:09:19Z');
});

test('the zero time of Go is the year 1', () => {
  assert.equal(parseInstant('0001-01-01T00:00:00Z'), ZERO_INSTANT);
});

test('milliseconds become an instant', () => {
  assert.equal(formatInstant(instantFromMs(1_795_392_561_907)), '2026-11-23T00:09:21.907Z');
});

test('what is no time is refused', () => {
  for (const text of ['', '2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01', 'now'])
    assert.equal(parseInstant(text), undefined);
});
