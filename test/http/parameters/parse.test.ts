import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBoolean } from '../../../src/http/parameters/boolean.ts';
import { parseDedupFunc } from '../../../src/http/parameters/dedup-func.ts';
import { parseDurationParameter } from '../../../src/http/parameters/duration.ts';
import { unescapeLabelName } from '../../../src/http/parameters/label-name.ts';
import { parseLimit } from '../../../src/http/parameters/limit.ts';
import { quoteBytes } from '../../../src/http/parameters/quote-bytes.ts';
import { parseTime } from '../../../src/http/parameters/time.ts';
import { MAX_TIME, MIN_TIME } from '../../../src/model/time-range.ts';

function refuses(parse: (text: string) => unknown, text: string, message: string): void {
  assert.throws(() => parse(text), { kind: 'bad_data', message });
}

test('deduplication is chosen by one of its names', () => {
  assert.equal(parseDedupFunc('gap-aware'), 'gap-aware');
  assert.equal(parseDedupFunc('chain'), 'chain');
  assert.equal(parseDedupFunc('penalty'), 'penalty');
  const message = 'unknown deduplication "toString": use one of gap-aware, chain, penalty';
  refuses(parseDedupFunc, 'toString', message);
});

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

test('durations are float seconds or units', () => {
  assert.equal(parseDurationParameter('0.5'), 500);
  assert.equal(parseDurationParameter('-1'), -1000);
  assert.equal(parseDurationParameter('1m30s'), 90_000);
  refuses(parseDurationParameter, 'abc', 'cannot parse "abc" to a valid duration');
  assert.equal(parseDurationParameter('1e-10'), 0);
  assert.ok(parseDurationParameter('NaN') < -1e12);
  refuses(parseDurationParameter, '1e300', 'cannot parse "1e300" to a valid duration. It overflows int64');
});

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

test('truth values are those of Go', () => {
  assert.equal(parseBoolean('True'), true);
  assert.equal(parseBoolean('0'), false);
  refuses(parseBoolean, 'yes', 'cannot parse "yes" to a truth value: use true or false');
});

test('escaped label names are unescaped, wrong escapes are kept', () => {
  assert.equal(unescapeLabelName('U__a_2e_b'), 'a.b');
  assert.equal(unescapeLabelName('U___5f_x__y'), '_x_y');
  assert.equal(unescapeLabelName('U__type'), 'type');
  for (const name of ['job', 'U__a_', 'U__a_zz_', 'U__a_d800_', 'U__a_12345678_', 'U__a_2e']) {
    assert.equal(unescapeLabelName(name), name);
  }
});

test('bytes that are no text are quoted as escapes', () => {
  assert.equal(quoteBytes(Buffer.from([0xc3, 0x28])), String.raw`"\xc3("`);
  assert.equal(quoteBytes(Buffer.from('é"\n')), String.raw`"é\"\n"`);
});
