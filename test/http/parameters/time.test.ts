import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from '../../../src/http/parameters/time.ts';
import { MAX_TIME, MIN_TIME } from '../../../src/model/time-range.ts';
import { refuses } from './refuses.ts';

test('times are float seconds or RFC 3339', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['1795348798.5', 1_795_348_798_500],
    ['1795348798.57', 1_795_348_798_570],
    ['-1.0005', -1000],
    ['1e300', MAX_TIME],
    ['2026-01-01T00:00:00Z', 1_767_225_600_000],
    ['2026-01-01T00:00:00.1239Z', 1_767_225_600_123],
    ['2026-01-01T00:00:00,5+02:00', 1_767_218_400_500],
    ['2026-01-01T0:00:00-00:30', 1_767_227_400_000],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['-292273086-05-16T16:47:06Z', MIN_TIME],
    ['292277025-08-18T07:12:54.999999999Z', MAX_TIME],
  ];
  for (const [text, ms] of cases) assert.equal(parseTime(text), ms, text);
});

test('what is no time is refused in the words of Prometheus', () => {
  const texts = [
    '',
    'abc',
    'NaN',
    'Inf',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01 00:00:00Z',
  ];
  for (const text of texts) refuses(parseTime, text, `cannot parse "${text}" to a valid timestamp`);
});
