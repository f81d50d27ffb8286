// AssemblyScript, compiled by scripts/build-wasm.ts into src/wire/gen/xor2-wasm.ts; see decodeXor2Chunk for its caller.
// XOR2 chunks: Prometheus tsdb/chunkenc, xor2.go. Of a malformed chunk it says no more than that it is one: the decoder in
// JavaScript says what is wrong.

import {
  MAX_SAFE,
  STALE,
  bits64,
  malformed,
  ones,
  position,
  readChange,
  readWindow,
  startAt,
  startXor,
  twosComplement,
  uvarint,
  varint,
  word,
} from './bits';
import { beginStarts, readStart, start } from './starts';

export { DATA } from './bits';

/** The most that fits into memory; the caller reads larger chunks in JavaScript. */
export const MAX_DATA_BYTES: u32 = 1310720;

/** Where things lie in memory behind the chunk, beyond whose end a sample may be read. */
const VALUE: u32 = 1310976;
export const TIMES: u32 = 1376256;
export const VALUES: u32 = 1900544;
export const STARTS: u32 = 2424832;

const HEADER_BITS: u32 = 24;
/** What is returned instead of a number of samples. */
const REFUSED: i32 = -1;

/** What a prefix of ones says: nothing has changed, the value has, the interval has (and perhaps the value), stale. */
const SAME: u32 = 0;
const VALUE_CHANGED: u32 = 1;
const STALE_MARKER: u32 = 5;

/**
 * Decodes the chunk of `length` bytes at DATA and writes the samples with minTime ≤ time ≤ maxTime to the columns.
 * @returns their number, or REFUSED. Reads past the end of the chunk, up to a sample's size, see what is in memory there;
 *   nothing that comes of it counts.
 */
export function decode(length: u32, minTime: f64, maxTime: f64): i32 {
  const end = length << 3;
  if (end < HEADER_BITS) return REFUSED;
  const header = word(0);
  const total = <u32>(header >> 48);
  const startHeader = <u32>(header >> 40) & 0xff;
  startAt(HEADER_BITS);
  beginStarts();
  startXor(VALUE, 0);
  let time: f64 = 0;
  let previous: f64 = 0;
  let step: f64 = 0;
  let written: u32 = 0;
  for (let i: u32 = 0; i < total; i++) {
    previous = time;
    let isStale: bool;
    if (i === 0) {
      time = varint();
      const bits = bits64();
      isStale = bits === STALE;
      if (!isStale) startXor(VALUE, bits);
    } else if (i === 1) {
      step = uvarint();
      isStale = readValue();
      time += step;
    } else {
      const change = ones(5);
      isStale = change === STALE_MARKER;
      if (change === VALUE_CHANGED) {
        readChangedValue();
      } else if (change !== SAME && !isStale) {
        step += change === 2 ? twosComplement(13) : change === 3 ? twosComplement(20) : wholeStep();
        isStale = readValue();
      }
      time += step;
    }
    readStart(startHeader, i, time, previous);
    if (malformed || position > end || abs(time) > MAX_SAFE || (i > 0 && time <= previous)) return REFUSED;
    if (time > maxTime) return written;
    const at = written << 3;
    store<f64>(TIMES + at, time);
    store<u64>(VALUES + at, isStale ? STALE : load<u64>(VALUE));
    store<f64>(STARTS + at, start);
    written += u32(time >= minTime);
  }
  return written;
}

function wholeStep(): f64 {
  const signed = <i64>bits64();
  return <f64>signed;
}

/** `0` unchanged, `10` the window as before, `110` a new window, `111` a stale marker; true for the last. */
function readValue(): bool {
  const change = ones(3);
  if (change === 3) return true;
  if (change === 2) readWindow(VALUE);
  if (change !== 0) readChange(VALUE);
  return false;
}

/** `0` the window as before, `1` a new window. */
function readChangedValue(): void {
  if (ones(1) === 1) readWindow(VALUE);
  readChange(VALUE);
}
