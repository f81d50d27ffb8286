// AssemblyScript, compiled by scripts/build-wasm.ts into src/wire/gen/xor-wasm.ts; see decodeXor for its caller.
// XOR chunks: Prometheus tsdb/chunkenc, xor.go.

/** Where things lie in memory: the chunk, then the columns that are made of it. */
export const DATA: u32 = 0;
export const MAX_DATA_BYTES: u32 = 1310720;
export const TIMES: u32 = 1310720;
export const VALUES: u32 = 1835008;

/** What decode returns instead of a number of samples. */
export const CUT_OFF: i32 = -1;
export const BAD_WINDOW: i32 = -2;
export const TIME_OUT_OF_RANGE: i32 = -3;
export const NOT_ASCENDING: i32 = -4;

const HEADER_BITS: u32 = 16;
/** The largest whole number that a float64 holds together with its neighbours. */
const MAX_TIME: i64 = 9007199254740991;
/** A word that starts inside of a byte has at least this many bits of the chunk. */
const WORD_BITS: u32 = 57;

let position: u32 = 0;

/** The next 57 bits or more, left-aligned. */
function word(at: u32): u64 {
  return bswap<u64>(load<u64>(DATA + (at >> 3))) << (at & 7);
}

/** All of the next 64 bits. */
function fullWord(at: u32): u64 {
  return word(at) | (<u64>load<u8>(DATA + (at >> 3) + 8) >> (8 - (at & 7)));
}

/** A varint of bytes, which may start inside of a byte; sets `position` behind it. */
function uvarint(): u64 {
  let value: u64 = 0;
  for (let shift: u32 = 0; shift < 70; shift += 7) {
    const byte = word(position) >> 56;
    position += 8;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return u64.MAX_VALUE;
}

/**
 * Decodes the chunk of `length` bytes at DATA and writes the samples with minTime ≤ time ≤ maxTime to the columns.
 * Returns their number, or one of the negative codes. Reads past the end of the chunk, up to a sample's size, see
 * what is in memory there; nothing that comes of it is written.
 */
export function decode(length: u32, minTime: f64, maxTime: f64): i32 {
  const end = length << 3;
  if (end < HEADER_BITS) return CUT_OFF;
  const total = <u32>(word(0) >> 48);
  if (total === 0) return 0;

  position = HEADER_BITS;
  const zigzag = uvarint();
  let time = <i64>(zigzag >> 1) ^ -(<i64>(zigzag & 1));
  let value = fullWord(position);
  position += 64;

  let step: i64 = 0;
  let leading: u32 = 0;
  let significant: u32 = 64;
  let written: u32 = 0;
  let index: u32 = 0;

  while (true) {
    if (position > end) return CUT_OFF;
    if (time > MAX_TIME || time < -MAX_TIME) return TIME_OUT_OF_RANGE;
    const floatTime = <f64>time;
    if (floatTime > maxTime) return written;
    store<f64>(TIMES + (written << 3), floatTime);
    store<u64>(VALUES + (written << 3), value);
    written += u32(floatTime >= minTime);
    if (++index === total) return written;

    // The interval to the sample before: the first as it is, then its changes.
    if (index === 1) {
      step = <i64>uvarint();
    } else {
      const bits = word(position);
      if (<i64>bits >= 0) {
        position += 1;
      } else if (bits >> 62 === 0b10) {
        step += signed((bits << 2) >> 50, 14);
        position += 16;
      } else if (bits >> 61 === 0b110) {
        step += signed((bits << 3) >> 47, 17);
        position += 20;
      } else if (bits >> 60 === 0b1110) {
        step += signed((bits << 4) >> 44, 20);
        position += 24;
      } else {
        step += <i64>fullWord(position + 4);
        position += 68;
      }
    }
    if (step <= 0) return position > end ? CUT_OFF : NOT_ASCENDING;
    if (step > 2 * MAX_TIME) return position > end ? CUT_OFF : TIME_OUT_OF_RANGE;
    time += step;

    // The value: unchanged, or changed inside of the window as before, or with a new window.
    const bits = word(position);
    if (<i64>bits >= 0) {
      position += 1;
      continue;
    }
    let used: u32 = 2;
    if (bits >> 62 === 0b11) {
      leading = <u32>(bits >> 57) & 31;
      significant = <u32>(bits >> 51) & 63;
      if (significant === 0) significant = 64;
      if (leading + significant > 64) return position + 13 > end ? CUT_OFF : BAD_WINDOW;
      used = 13;
    }
    const changed = used + significant <= WORD_BITS ? bits << used : fullWord(position + used);
    position += used + significant;
    value ^= (changed >> (64 - significant)) << (64 - leading - significant);
  }
}

/** Bits of which all but the largest half mean negative numbers. */
function signed(bits: u64, size: u32): i64 {
  return <i64>bits - ((<i64>(bits > 1 << (size - 1))) << size);
}
