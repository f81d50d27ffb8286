// AssemblyScript, compiled by scripts/build-wasm.ts into src/wire/gen/samples-wasm.ts; see sample-text.ts for its caller.
// The text of float samples in JSON: Prometheus util/jsonutil, `MarshalTimestamp` and `MarshalFloat`.

/** The most samples of one call. */
export const MAX_SAMPLES: u32 = 256;
/** Where things lie in memory: the columns, a table that the caller fills, and the text that is made. */
export const TIMES: u32 = 0;
export const VALUES: u32 = 2048;
export const POWERS: u32 = 4096;
const PAIRS: u32 = 14336;
export const TEXT: u32 = 14592;

/** Powers of ten in the table, from 10^SMALLEST_POWER on: 128 bits each, the lower half first. */
export const SMALLEST_POWER: i32 = -292;
export const NUMBER_OF_POWERS: i32 = 617;

/** No text of a value is longer. */
const LONGEST_VALUE: u32 = 32;

const COMMA: u8 = 0x2c;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
/** `,[`, `,"` and `"]` as they lie in memory. */
const OPEN: u16 = 0x5b2c;
const COMMA_QUOTE: u16 = 0x222c;
const CLOSE: u16 = 0x5d22;

const MANTISSA_BITS: u32 = 52;
const MANTISSA_MASK: u64 = 0xfffffffffffff;
const IMPLICIT_ONE: u64 = 0x10000000000000;
/** Whole numbers below it have all of their digits in a float64. */
const MAX_WHOLE: f64 = 9007199254740992;
/** What is smaller and has six decimals at most has fifteen digits at most, which no other float64 shares. */
const MAX_SHORT: f64 = 1e9;
const SHORT_SCALE: f64 = 1e6;

for (let i: u32 = 0; i < 100; i++) store<u16>(PAIRS + (i << 1), <u16>((i / 10) | ((i % 10) << 8) | 0x3030));

/** Writes `,[<seconds>,"<value>"]` for each of the samples in the columns, and returns the length of the text. */
export function encode(count: u32): u32 {
  let at = TEXT;
  let lastValue: u64 = 0;
  let lastText: u32 = 0;
  let lastLength: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u16>(at, OPEN);
    at = writeTime(at + 2, <i64>load<f64>(TIMES + (i << 3)));
    store<u16>(at, COMMA_QUOTE);
    at += 2;
    const bits = load<u64>(VALUES + (i << 3));
    if (bits === lastValue && lastLength > 0) {
      // More than the text, because whole words are faster; what is behind it is written over.
      for (let word: u32 = 0; word < LONGEST_VALUE; word += 8)
        store<u64>(at + word, load<u64>(lastText + word));
      lastText = at;
      at += lastLength;
    } else {
      lastValue = bits;
      lastText = at;
      at = writeValue(at, bits);
      lastLength = at - lastText;
    }
    store<u16>(at, CLOSE);
    at += 2;
  }
  return at - TEXT;
}

/** Writes `,<value>` for each of the values in their column, and returns the length of the text. */
export function encodeValues(count: u32): u32 {
  let at = TEXT;
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(at, COMMA);
    at = writeValue(at + 1, load<u64>(VALUES + (i << 3)));
  }
  return at - TEXT;
}

/** Milliseconds as seconds with no or exactly three decimals. */
function writeTime(at: u32, ms: i64): u32 {
  if (ms < 0) {
    store<u8>(at++, MINUS);
    ms = -ms;
  }
  const seconds = quotient(ms, 1000);
  const fraction = <u32>(ms - seconds * 1000);
  at = writeWhole(at, seconds);
  if (fraction === 0) return at;
  store<u8>(at, POINT);
  store<u8>(at + 1, ZERO + <u8>(fraction / 100));
  store<u16>(at + 2, pair(fraction % 100));
  return at + 4;
}

/** The shortest digits that read back as the same float64; with an exponent below 1e-6 and from 1e21 on. */
function writeValue(at: u32, bits: u64): u32 {
  const exponent = <u32>(bits >> MANTISSA_BITS) & 0x7ff;
  const mantissa = bits & MANTISSA_MASK;
  if (exponent === 0x7ff && mantissa !== 0) return writeName(at, 0x4e614e, 3);
  const isNegative = <i64>bits < 0;
  if (exponent === 0x7ff) return writeName(at, isNegative ? 0x666e492d : 0x666e492b, 4);
  if (isNegative) store<u8>(at++, MINUS);
  const magnitude = reinterpret<f64>((bits << 1) >> 1);
  if (magnitude < MAX_WHOLE && magnitude === trunc(magnitude)) return writeWhole(at, <i64>magnitude);
  if (magnitude < MAX_SHORT) {
    const scaled = nearest(magnitude * SHORT_SCALE);
    if (scaled / SHORT_SCALE === magnitude) return writeShort(at, <i64>scaled);
  }
  return writeShortest(at, exponent, mantissa);
}

function writeName(at: u32, letters: u32, length: u32): u32 {
  store<u32>(at, letters);
  return at + length;
}

/** A number of millionths; the zeros at its end are left out. */
function writeShort(at: u32, millionths: i64): u32 {
  const whole = quotient(millionths, 1000000);
  const fraction = <u32>(millionths - whole * 1000000);
  at = writeWhole(at, whole);
  store<u8>(at, POINT);
  store<u16>(at + 1, pair(fraction / 10000));
  store<u16>(at + 3, pair((fraction / 100) % 100));
  store<u16>(at + 5, pair(fraction % 100));
  return withoutZeros(at + 7);
}

function withoutZeros(end: u32): u32 {
  while (load<u8>(end - 1) === ZERO) end--;
  return end;
}

function pair(value: u32): u16 {
  return load<u16>(PAIRS + (value << 1));
}

/** Without the division of 64 bits, which takes some 40 cycles of a processor. Both are positive, the divisor below 2^31. */
function quotient(value: i64, divisor: i64): i64 {
  const quotient = <i64>(<f64>value / <f64>divisor);
  const rest = value - quotient * divisor;
  return rest < 0 ? quotient - 1 : rest >= divisor ? quotient + 1 : quotient;
}

/** 2^67 / 10, rounded up. */
const TENTH: u64 = ((<u64>0xcccccccc) << 32) | 0xcccccccd;

/** The same by ten, for a number of any size. */
function tenth(value: u64): u64 {
  return upperHalf(value, TENTH) >> 3;
}

/** A whole number below 10^18. */
function writeWhole(at: u32, value: i64): u32 {
  if (value < 100000000) return writeUpTo8(at, <u32>value);
  const high = quotient(value, 100000000);
  const low = <u32>(value - high * 100000000);
  if (high < 100000000) {
    at = writeUpTo8(at, <u32>high);
  } else {
    const highest = quotient(high, 100000000);
    at = writeUpTo8(at, <u32>highest);
    write8(at, <u32>(high - highest * 100000000));
    at += 8;
  }
  write8(at, low);
  return at + 8;
}

/** A whole number below 10^8. */
function writeUpTo8(at: u32, value: u32): u32 {
  if (value < 100) return writeUpTo2(at, value);
  if (value < 10000) return writeUpTo4(at, value);
  const high = value / 10000;
  at = high < 100 ? writeUpTo2(at, high) : writeUpTo4(at, high);
  write4(at, value - high * 10000);
  return at + 4;
}

function writeUpTo2(at: u32, value: u32): u32 {
  if (value >= 10) {
    store<u16>(at, pair(value));
    return at + 2;
  }
  store<u8>(at, ZERO + <u8>value);
  return at + 1;
}

/** Three or four digits. */
function writeUpTo4(at: u32, value: u32): u32 {
  const high = value / 100;
  at = writeUpTo2(at, high);
  store<u16>(at, pair(value - high * 100));
  return at + 2;
}

function write4(at: u32, value: u32): void {
  const high = value / 100;
  store<u16>(at, pair(high));
  store<u16>(at + 2, pair(value - high * 100));
}

function write8(at: u32, value: u32): void {
  const high = value / 10000;
  write4(at, high);
  write4(at + 4, value - high * 10000);
}

/**
 * Any finite number above 0, by the algorithm Schubfach (Raffaele Giulietti, "The Schubfach way to render doubles"): scales the
 * ends of the interval of all numbers that round to this one, and takes the shortest decimal in it, the closest of several.
 */
function writeShortest(at: u32, exponent: u32, mantissa: u64): u32 {
  const isNormal = exponent !== 0;
  const c = isNormal ? mantissa | IMPLICIT_ONE : mantissa;
  const q = isNormal ? <i32>exponent - 1075 : -1074;
  const isOdd = c & 1;
  // Where the number below has a smaller exponent, it is only half as far away.
  const isCloser = mantissa === 0 && exponent > 1;
  const k = (q * 1262611 - (isCloser ? 524031 : 0)) >> 22;
  const h = <u64>(q + ((-k * 1741647) >> 19) + 1);
  const power = POWERS + ((<u32>(-k - SMALLEST_POWER)) << 4);
  const low = load<u64>(power);
  const high = load<u64>(power + 8);
  const lower = scaled(high, low, ((c << 2) - (isCloser ? 1 : 2)) << h) + isOdd;
  const middle = scaled(high, low, (c << 2) << h);
  const upper = scaled(high, low, ((c << 2) + 2) << h) - isOdd;

  const digits = middle >> 2;
  if (digits >= 10) {
    const tens = tenth(digits);
    const isBelow = lower <= tens * 40;
    const isAbove = tens * 40 + 40 <= upper;
    if (isBelow !== isAbove) return writeDecimal(at, tens + u64(isAbove), k + 1);
  }
  const isBelow = lower <= digits << 2;
  const isAbove = (digits << 2) + 4 <= upper;
  if (isBelow !== isAbove) return writeDecimal(at, digits + u64(isAbove), k);
  const half = (digits << 2) + 2;
  const isUp = middle > half || (middle === half && (digits & 1) !== 0);
  return writeDecimal(at, digits + u64(isUp), k);
}

/** The product with a power of ten, without its lower 128 bits; its last bit says that something was left out. */
function scaled(high: u64, low: u64, value: u64): u64 {
  const lowest = upperHalf(low, value);
  const middle = high * value;
  const sum = middle + lowest;
  const carry = u64(sum < middle);
  return (upperHalf(high, value) + carry) | u64(sum > 1);
}

/** The upper 64 bits of a product of 128. */
function upperHalf(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const first = aHigh * bLow + ((aLow * bLow) >> 32);
  const second = aLow * bHigh + (first & 0xffffffff);
  return aHigh * bHigh + (first >> 32) + (second >> 32);
}

/** The number digits · 10^exponent. */
function writeDecimal(at: u32, digits: u64, exponent: i32): u32 {
  for (let tens = tenth(digits); tens * 10 === digits; tens = tenth(digits)) {
    digits = tens;
    exponent++;
  }
  // One further than it starts: the point needs room.
  const end = writeWhole(at + 1, <i64>digits);
  const length = <i32>(end - at - 1);
  const point = length + exponent;
  if (point > 21 || point < -5) return withExponent(at, end, point - 1);
  if (point <= 0) return withZerosBefore(at, digits, -point);
  const before = min(point, length);
  for (let i: i32 = 0; i < before; i++) store<u8>(at + i, load<u8>(at + i + 1));
  if (point < length) {
    store<u8>(at + point, POINT);
    return end;
  }
  for (let i = length; i < point; i++) store<u8>(at + i, ZERO);
  return at + point;
}

/** `0.000ddd` */
function withZerosBefore(at: u32, digits: u64, zeros: i32): u32 {
  store<u8>(at, ZERO);
  store<u8>(at + 1, POINT);
  at += 2;
  for (let i: i32 = 0; i < zeros; i++) store<u8>(at++, ZERO);
  return writeWhole(at, <i64>digits);
}

/** `d.ddde-07`, of digits that begin behind `at`. */
function withExponent(at: u32, end: u32, exponent: i32): u32 {
  store<u8>(at, load<u8>(at + 1));
  if (end - at > 2) store<u8>(at + 1, POINT);
  else end--;
  store<u8>(end++, 0x65);
  store<u8>(end++, exponent < 0 ? MINUS : 0x2b);
  const magnitude = <u32>abs(exponent);
  if (magnitude >= 100) return writeUpTo4(end, magnitude);
  store<u16>(end, pair(magnitude));
  return end + 2;
}
