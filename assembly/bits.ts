// AssemblyScript: reads the chunk at DATA bit by bit, as src/wire/chunk/bit-reader.ts does; for the decoders beside it.
// Whole numbers are float64, and are rounded where those of bit-reader.ts are.

/** Where the chunk lies in memory. */
export const DATA: u32 = 0;

/** The largest whole number that a float64 holds together with its neighbours. */
export const MAX_SAFE: f64 = 9007199254740991;

/** The bits of the stale marker, see src/model/stale.ts. */
export const STALE: u64 = ((<u64>0x7ff00000) << 32) | 2;

/** A word that starts inside of a byte has at least this many bits of the chunk. */
export const WORD_BITS: u32 = 57;

/** The most bits of a number of the variable bit ranges whose size is in the table. */
export const LONGEST_SHORT_VARBIT: i32 = 32;

/** Sizes of the variable bit ranges by number of leading one bits, a byte each; the last ones are read apart. */
const VARBIT_SIZES: u64 = 0x19120c09060300;

/** The bit that is read next. */
export let position: u32 = 0;

/** Set where something was read that no chunk holds; the caller looks at it after each sample. */
export let malformed: bool = false;

/** Goes to bit `at` of a new chunk. */
export function startAt(at: u32): void {
  position = at;
  malformed = false;
}

/** Goes to bit `at` of the same chunk. */
export function seek(at: u32): void {
  position = at;
}

/** Says that what was read is none. */
export function refuse(): void {
  malformed = true;
}

/** The next 57 bits or more, left-aligned. */
export function word(at: u32): u64 {
  return bswap<u64>(load<u64>(DATA + (at >> 3))) << (at & 7);
}

/** All of the next 64 bits. */
export function fullWord(at: u32): u64 {
  return word(at) | (<u64>load<u8>(DATA + (at >> 3) + 8) >> (8 - (at & 7)));
}

/** 64 bits as they are. */
export function bits64(): u64 {
  const bits = fullWord(position);
  position += 64;
  return bits;
}

export function varbitUint(): f64 {
  const bits = word(position);
  const ones = <u32>min<u64>(clz(~bits), 8);
  if (ones === 0) {
    position += 1;
    return 0;
  }
  if (ones >= 7) {
    const whole = fullWord(position + 8);
    position += ones === 7 ? 64 : 72;
    return <f64>(ones === 7 ? whole >> 8 : whole);
  }
  const size = <u32>(VARBIT_SIZES >> (ones << 3)) & 0xff;
  position += ones + 1 + size;
  return <f64>((bits << (ones + 1)) >> (64 - size));
}

/** Without a branch on whether the number is zero, because processors cannot predict which bucket has changed. */
export function varbitInt(): f64 {
  const bits = word(position);
  const ones = <u32>clz(~bits);
  if (ones >= 7) return longVarbitInt(ones);
  const size = varbitSize(ones);
  position += ones + 1 + size;
  return <f64>varbitSigned(bits, ones, size);
}

/** How many bits follow so many leading one bits, less than 7, and a zero bit. */
export function varbitSize(ones: u32): u32 {
  return <u32>(VARBIT_SIZES >> (ones << 3)) & 0xff;
}

/** The number of `size` bits behind the leading one bits of a word. */
export function varbitSigned(bits: u64, ones: u32, size: u32): i32 {
  // Two shifts, because one by 64 would be one by 0. Nothing is above the half where the size is 0.
  const unsigned = <u32>(((bits << (ones + 1)) >> 1) >> (63 - size));
  const half: u32 = 1 << (size - 1);
  return <i32>unsigned - ((<i32>(unsigned > half)) << size);
}

function longVarbitInt(ones: u32): f64 {
  const whole = fullWord(position + 8);
  if (ones >= 8) {
    position += 72;
    const signed = <i64>whole;
    return <f64>signed;
  }
  position += 64;
  const unsigned = whole >> 8;
  // Compared as float64: where that is rounded to the half, it counts as the half.
  const rounded = <f64>unsigned;
  return rounded <= 36028797018963968 ? rounded : <f64>(<i64>unsigned - ((<i64>1) << 56));
}

/** A zigzag varint of bytes at any bit position. */
export function varint(): f64 {
  let byte = <u32>(word(position) >> 56);
  position += 8;
  const isNegative = (byte & 1) !== 0;
  let magnitude: f64 = <f64>((byte & 0x7f) >> 1);
  let scale: f64 = 64;
  for (let bytes = 1; byte >= 0x80; bytes++) {
    if (bytes === 10) {
      malformed = true;
      return 0;
    }
    byte = <u32>(word(position) >> 56);
    position += 8;
    magnitude += <f64>(byte & 0x7f) * scale;
    scale *= 128;
  }
  return isNegative ? -magnitude - 1 : magnitude;
}

/** A varint of bytes at any bit position. */
export function uvarint(): f64 {
  let value: f64 = 0;
  let scale: f64 = 1;
  for (let bytes = 0; bytes < 10; bytes++) {
    const byte = <u32>(word(position) >> 56);
    position += 8;
    value += <f64>(byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  malformed = true;
  return 0;
}

/** Up to `limit` leading one bits, fewer than 57; the zero bit behind fewer is read as well. */
export function ones(limit: u32): u32 {
  const count = min<u32>(<u32>clz(~word(position)), limit);
  position += count === limit ? count : count + 1;
  return count;
}

/** Up to 57 bits in two's complement. */
export function twosComplement(size: u32): f64 {
  const bits = <i64>word(position) >> (64 - size);
  position += size;
  return <f64>bits;
}

/** The bytes that a float64 takes which is stored as the XOR with its predecessor: its bits and its window of changed bits. */
export const XOR_BYTES: u32 = 16;
const LEADING: u32 = 8;
const SIGNIFICANT: u32 = 12;

/** Begins such a float at address `at`, with the bits that it has and the window of all 64 bits. */
export function startXor(at: u32, bits: u64): void {
  store<u64>(at, bits);
  store<u32>(at + LEADING, 0);
  store<u32>(at + SIGNIFICANT, 64);
}

/** `0`: unchanged; `10`: the window of changed bits as before; `11`: a new window. */
export function nextXor(at: u32): void {
  const bits = word(position);
  if (<i64>bits >= 0) {
    position += 1;
    return;
  }
  position += 2;
  if (bits >> 62 === 0b11) readWindow(at);
  readChange(at);
}

/** A window of changed bits: 5 bits of leading zeros, 6 bits of width where 0 means 64. */
export function readWindow(at: u32): void {
  const bits = word(position);
  position += 11;
  const leading = <u32>(bits >> 59);
  const width = <u32>(bits >> 53) & 63;
  const significant: u32 = width === 0 ? 64 : width;
  if (leading + significant > 64) malformed = true;
  store<u32>(at + LEADING, leading);
  store<u32>(at + SIGNIFICANT, significant);
}

/** The changed bits themselves, applied to the value. */
export function readChange(at: u32): void {
  const leading = load<u32>(at + LEADING);
  const significant = load<u32>(at + SIGNIFICANT);
  const bits = significant <= WORD_BITS ? word(position) : fullWord(position);
  position += significant;
  // What is malformed may shift by anything: it is refused.
  const changed = (bits >> (64 - significant)) << (64 - leading - significant);
  store<u64>(at, load<u64>(at) ^ changed);
}
